package names_test

import (
	"strings"
	"testing"

	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

func TestUserAreaHasNoHoles(t *testing.T) {
	if want := user.Size / 8; len(names.UserArea) != want {
		t.Fatalf("%d words, want %d", len(names.UserArea), want)
	}
	seen := unique{}
	for i, w := range names.UserArea {
		if w.Offset != uint64(8*i) {
			t.Errorf("word %d has offset %d", i, w.Offset)
		}
		seen.add(t, w.Field)
		sentence(t, w.Field, w.Sentence)
		if got, ok := names.UserWordAt(w.Offset); !ok || got != w {
			t.Errorf("UserWordAt(%d) = %v, %v", w.Offset, got, ok)
		}
		if isRegister := i < 27; isRegister != (w.Name != "") || isRegister && strings.ToLower(w.Name) != w.Field {
			t.Errorf("word %d: the macro %q, the field %q", i, w.Name, w.Field)
		}
	}
}

func TestUserSpelling(t *testing.T) {
	for off, want := range map[uint64]string{
		0:             "8*R15",
		120:           "8*ORIG_RAX",
		208:           "8*GS",
		216:           "offsetof(struct user, u_fpvalid)",
		264:           "offsetof(struct user, i387.st_space[2])",
		904:           "offsetof(struct user, u_debugreg[7])",
		60:            "60",  // 4*15: the index of x86-64, and the word of i386
		121:           "121", // misaligned
		912:           "912", // the kernel answers 0, C has no name
		928:           "928", // outside
		^uint64(0):    "-1",
		^uint64(7):    "-8",
		1 << 40:       "1099511627776",
		user.Size - 4: "924",
	} {
		if got := names.UserSpelling(off); got != want {
			t.Errorf("UserSpelling(%d) = %s, want %s", off, got, want)
		}
	}
	for _, off := range []uint64{1, 60, user.Size, ^uint64(7)} {
		if w, ok := names.UserWordAt(off); ok {
			t.Errorf("UserWordAt(%d) = %v, want none", off, w)
		}
	}
}

func TestRegisters(t *testing.T) {
	for arch, want := range map[names.Arch]int{"x86-64": 27, "i386": 17, "arm64": 0} {
		registers := names.Registers(arch)
		if len(registers) != want {
			t.Errorf("%s has %d registers, want %d", arch, len(registers), want)
		}
		seen := unique{}
		for _, r := range registers {
			seen.add(t, r.Name)
			sentence(t, string(arch)+" "+r.Name, r.Sentence)
		}
	}
	if r := names.Registers("x86-64")[15]; r.Name != "orig_rax" {
		t.Errorf("word 15 is %s", r.Name)
	}
	if r := names.Registers("i386")[11]; r.Name != "orig_eax" {
		t.Errorf("word 11 is %s", r.Name)
	}
}

func TestSyscalls(t *testing.T) {
	for _, c := range []struct {
		arch names.Arch
		nr   int64
		name string
	}{
		{"x86-64", 59, "execve"}, {"i386", 11, "execve"}, {"x86-64", 11, "munmap"}, {"i386", 59, "oldolduname"},
		{"x86-64", 1, "write"}, {"i386", 4, "write"}, {"x86-64", 60, "exit"}, {"i386", 1, "exit"},
		{"x86-64", 231, "exit_group"}, {"i386", 252, "exit_group"}, {"x86-64", 101, "ptrace"}, {"i386", 26, "ptrace"},
		{"x86-64", 0, "read"}, {"i386", 0, "restart_syscall"},
	} {
		if got := names.SyscallName(c.arch, c.nr); got != c.name {
			t.Errorf("SyscallName(%s, %d) = %q, want %q", c.arch, c.nr, got, c.name)
		}
		if got, ok := names.SyscallNumber(c.arch, c.name); !ok || got != c.nr {
			t.Errorf("SyscallNumber(%s, %s) = %d, %v, want %d", c.arch, c.name, got, ok, c.nr)
		}
	}
	for arch, atLeast := range map[names.Arch]int{"x86-64": 380, "i386": 450} {
		known := 0
		for nr := int64(0); nr < 1000; nr++ {
			name := names.SyscallName(arch, nr)
			if name == "" {
				continue
			}
			known++
			if got, ok := names.SyscallNumber(arch, name); !ok || got != nr {
				t.Errorf("%s: %d is %s, and %s is %d", arch, nr, name, name, got)
			}
		}
		if known < atLeast {
			t.Errorf("%s: %d system calls, want at least %d", arch, known, atLeast)
		}
	}
	for _, nr := range []int64{-1, -38, 5000} {
		if got := names.SyscallName("x86-64", nr); got != "" {
			t.Errorf("system call %d is %q, want nothing", nr, got)
		}
	}
	if got := names.SyscallName("arm64", 1); got != "" {
		t.Errorf("arm64 has no table here, but 1 is %q", got)
	}
	if nr, ok := names.SyscallNumber("x86-64", "waitpid"); ok {
		t.Errorf("waitpid is not a system call of x86-64, but has number %d", nr)
	}
}

func TestSyscallArgs(t *testing.T) {
	for _, c := range []struct {
		arch       names.Arch
		name, args string
		known      bool
	}{
		{"x86-64", "write", "fd, buf, count", true},
		{"x86-64", "getpid", "", true},
		{"x86-64", "mmap", "addr, length, prot, flags, fd, offset", true},
		{"i386", "mmap", "args", true},
		{"x86-64", "mmap2", "", false},
		{"i386", "waitpid", "pid, wstatus, options", true},
		{"x86-64", "nosuchcall", "", false},
		{"arm64", "write", "", false},
	} {
		if args, known := names.SyscallArgs(c.arch, c.name); args != c.args || known != c.known {
			t.Errorf("SyscallArgs(%s, %s) = %q, %v", c.arch, c.name, args, known)
		}
	}
	common := 0
	for nr := int64(0); nr < 1000; nr++ {
		args, known := names.SyscallArgs("x86-64", names.SyscallName("x86-64", nr))
		if n := strings.Count(args, ", ") + 1; n > 6 {
			t.Errorf("%s has %d arguments, more than 6", names.SyscallName("x86-64", nr), n)
		}
		if known {
			common++
		}
	}
	if common < 60 {
		t.Errorf("the arguments of %d system calls are known, want at least 60", common)
	}
}
