package decode

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// memory is a piece of memory at an address.
type memory struct {
	at uint64
	b  []byte
}

func (m memory) ReadAt(p []byte, a tracer.Addr) (int, error) {
	from := uint64(a) - m.at
	if uint64(a) < m.at || from >= uint64(len(m.b)) {
		return 0, errors.New("EFAULT")
	}
	return copy(p, m.b[from:]), nil
}

// spelled is the line of a call.
func spelled(c Call, m Memory, bytes int) (entry, line string) {
	d := Enter(c, m, bytes)
	entry = d.Part()
	d.Exit(c.Result, c.Failed)
	return entry, entry + d.Part() + ") = " + d.Result()
}

func TestLines(t *testing.T) {
	const at = 0x1000
	text := memory{at, []byte("/etc/passwd\x00")}
	for _, c := range []struct {
		name   string
		args   [6]uint64
		result int64
		m      memory
		entry  string
		line   string
	}{
		{"getpid", [6]uint64{}, 4211, text, "getpid(", "getpid() = 4211"},
		{"close", [6]uint64{3}, 0, text, "close(3", "close(3) = 0"},
		{"openat", [6]uint64{0xffffff9c, at, 0x80000}, 3, text, `openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC`,
			`openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3`},
		{"openat", [6]uint64{4, at, 0x241, 0o644}, -2, text, "", `openat(4, "/etc/passwd", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 ENOENT (No such file or directory)`},
		{"read", [6]uint64{3, at, 512}, 5, text, "read(3, ", `read(3, "/etc/", 512) = 5`},
		{"read", [6]uint64{3, at, 512}, 0, text, "", `read(3, "", 512) = 0`},
		{"read", [6]uint64{3, at, 512}, -512, text, "", `read(3, 0x1000, 512) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`},
		{"write", [6]uint64{1, at, 99}, 99, text, "", "write(1, 0x1000, 99) = 99"}, // the memory ends before
		{"write", [6]uint64{1, 0x10, 3}, -14, text, "", "write(1, 0x10, 3) = -1 EFAULT (Bad address)"},
		{"pipe2", [6]uint64{at, 0x80000}, 0, memory{at, []byte{3, 0, 0, 0, 4, 0, 0, 0}}, "pipe2(", "pipe2([3, 4], O_CLOEXEC) = 0"},
		{"wait4", [6]uint64{0xffffffff, at, 0, 0}, 7, memory{at, []byte{0, 3, 0, 0}}, "wait4(-1, ", "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 7"},
		{"clone", [6]uint64{0x1200011, 0, 0, at}, 9, text, "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD",
			"clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x1000) = 9"},
		{"brk", [6]uint64{0}, 0x5000, text, "", "brk(NULL) = 0x5000"},
		{"umask", [6]uint64{0o22}, 0o2, text, "", "umask(022) = 002"},
		{"lseek", [6]uint64{0, ^uint64(0), 2}, -29, text, "", "lseek(0, -1, SEEK_END) = -1 ESPIPE (Illegal seek)"},
		{"fcntl", [6]uint64{0, 3}, 0x8002, text, "", "fcntl(0, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)"},
		{"kill", [6]uint64{7, 15}, 0, text, "", "kill(7, SIGTERM) = 0"},
		{"futex", [6]uint64{at, 0x81, 1}, 0, text, "", "futex(0x1000, FUTEX_WAKE_PRIVATE, 1) = 0"},
		{"nosuch", [6]uint64{1, 2, 3, 4, 5, 6}, -38, text, "", "syscall_0x3e7(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)"},
	} {
		nr, ok := names.SyscallNumber(tracer.X8664, c.name)
		if !ok {
			nr = 999
		}
		entry, line := spelled(Call{Arch: tracer.X8664, Nr: nr, Args: c.args, Result: c.result, Failed: c.result < 0}, c.m, DefaultStrings)
		if line != c.line || c.entry != "" && entry != c.entry {
			t.Errorf("%s: at the entry %q, and then\n%s\nwant\n%s", c.name, entry, line, c.line)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                     `""`,
		"a\"b\\c":              `"a\"b\\c"`,
		"\t\n\v\f\r":           `"\t\n\v\f\r"`,
		"\x00\x01\x1b\x7f\xff": `"\0\1\33\177\377"`,
		"\x001\x009":           `"\0001\0009"`,
		"\x1b[2J":              `"\33[2J"`,
	} {
		if got := quote([]byte(in)); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}

func TestSetText(t *testing.T) {
	for set, want := range map[uint64]string{
		0: "[]", 1 << 1: "[INT]", 1<<1 | 1<<14: "[INT TERM]", ^uint64(0): "~[]", ^uint64(3 << 31): "~[RTMIN RT_1]", 1 << 63: "[RT_32]",
	} {
		if got := setText(set); got != want {
			t.Errorf("%#x is %s, want %s", set, got, want)
		}
	}
}

// The siginfo of a child's end, of a fault and of kill(2).
func TestSigInfo(t *testing.T) {
	info := func(words ...uint32) []byte {
		b := make([]byte, 128)
		for i, w := range words {
			binary.LittleEndian.PutUint32(b[4*i:], w)
		}
		return b
	}
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{info(17, 0, 1, 0, 4211, 1000, 3), "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=4211, si_uid=1000, si_status=3, si_utime=0, si_stime=0}"},
		{info(17, 0, 2, 0, 4211, 0, 9), "{si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=4211, si_uid=0, si_status=SIGKILL, si_utime=0, si_stime=0}"},
		{info(11, 0, 1, 0, 8), "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x8}"},
		{info(2, 0, 0x80), "{si_signo=SIGINT, si_code=SI_KERNEL}"},
		{info(15, 0, 0, 0, 1, 0), "{si_signo=SIGTERM, si_code=SI_USER, si_pid=1, si_uid=0}"},
	} {
		if got := SigInfo(c.b); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// Every kind that the table names is known here, and every set of words too.
func TestKindsAreKnown(t *testing.T) {
	for _, arch := range names.Archs {
		for _, name := range names.SyscallNames() {
			kinds, _ := names.KindsOf(arch, name)
			for _, kind := range kinds.Args {
				word, set, _ := strings.Cut(strings.TrimPrefix(kind, ">"), ":")
				switch {
				case word == "c" || word == "f":
					if names.ArgWords(set) == nil {
						t.Errorf("%s: there is no set %q", name, set)
					}
				case word != "x" && kindsOf[word] == nil && wholes[word] == nil:
					t.Errorf("%s: there is no kind %q", name, word)
				}
			}
		}
	}
}

// FuzzCalls: whatever registers and memory hold, a call is one line of ASCII, and
// nothing goes wrong.
func FuzzCalls(f *testing.F) {
	f.Add(int64(1), uint64(1), uint64(0x1000), uint64(5), uint64(0), int64(5), false, []byte("hello"))
	f.Add(int64(435), uint64(0x1000), uint64(88), uint64(0), uint64(0), int64(7), false, make([]byte, 88))
	f.Add(int64(46), uint64(3), uint64(0x1000), uint64(0), uint64(0), int64(-11), true, make([]byte, 64))
	f.Add(int64(61), uint64(0), uint64(0x1000), uint64(0), uint64(0x1000), int64(9), false, []byte{0x7f, 0x85, 1, 0})
	f.Fuzz(func(t *testing.T, nr int64, a, b, c, d uint64, result int64, i386 bool, held []byte) {
		call := Call{Arch: tracer.X8664, Nr: nr % 470, Args: [6]uint64{a, b, c, d, a, b}, SP: 0x1000, Result: result, Failed: -4095 <= result && result < 0}
		if i386 {
			call.Arch = tracer.I386
		}
		_, line := spelled(call, memory{0x1000, held}, DefaultStrings)
		for _, r := range line {
			if r < ' ' || r > '~' {
				t.Fatalf("a %q in %q", r, line)
			}
		}
		info := make([]byte, 128)
		copy(info, held)
		SigInfo(info)
	})
}
