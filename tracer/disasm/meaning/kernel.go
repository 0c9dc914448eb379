package meaning

import (
	"fmt"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// table is the system-call table that the kernel uses. int 0x80 and sysenter mean
// that of i386, in 64-bit code too, and so does syscall in 32-bit code, which
// processors of AMD alone have.
func (s step) table() tracer.Arch {
	if s.Op.Op == x86asm.SYSCALL && s.Arch != tracer.I386 {
		return tracer.X8664
	}
	return tracer.I386
}

func (s step) syscallName() string { return names.SyscallName(s.table(), s.number()) }

// number is eax: the kernel looks at 32 bits only.
func (s step) number() int64 { return int64(int32(s.before.RAX)) }

// call is "The kernel runs system call 1, write", without the full stop. Whether it
// knows a number that we do not know is not said.
func (s step) call() string {
	table := ""
	if s.table() != s.Arch {
		table = "i386 "
	}
	if name := s.syscallName(); name != "" {
		return fmt.Sprintf("The kernel runs %ssystem call %d, %s", table, s.number(), name)
	}
	return fmt.Sprintf("The kernel is asked for %ssystem call %d", table, s.number())
}

// exitStatus is ": status 1" for exit and exit_group. Of the argument the
// parent gets 8 bits.
func (s step) exitStatus() string {
	if name := s.syscallName(); name != "exit" && name != "exit_group" {
		return ""
	}
	status := s.before.RDI
	if s.table() == tracer.I386 {
		status = s.before.RBX
	}
	return fmt.Sprintf(": status %d", cut(status, 8))
}

func systemCall(s step) string {
	text := s.call() + "."
	rip := tracer.Addr(s.after.RIP)
	// sysenter, and syscall of 32-bit code, go on at a place in the vdso that the
	// kernel knows: do_fast_syscall_32 in arch/x86/entry.
	landing := s.Op.Op == x86asm.SYSENTER || s.Op.Op == x86asm.SYSCALL && s.Arch == tracer.I386
	where := ""
	if rip != s.Next() {
		where = " Execution goes on at " + rip.String() + "."
	}
	switch name := s.syscallName(); {
	case strings.HasSuffix(name, "sigreturn"): // rax is that of what the signal interrupted
		return text + where
	case where != "" && (!landing || strings.HasPrefix(name, "execve")): // and here the new program's
		return text + where
	}
	return text + s.result() + where
}

// pointers are the system calls whose result is an address.
var pointers = map[string]bool{"brk": true, "mmap": true, "mmap2": true, "mremap": true, "shmat": true}

func (s step) result() string {
	result := s.after.RAX
	if s.table() == tracer.I386 {
		result = tracer.Word(int64(int32(result)))
	}
	errno := -int64(result)
	switch name := s.syscallName(); {
	case 0 < errno && errno < 4096:
		name := names.ErrnoName(int(errno))
		if name == "" {
			name = fmt.Sprintf("error %d", errno)
		}
		return fmt.Sprintf(" It fails: the result is %d, %s.", -errno, name)
	case name != "" && !pointers[name]:
		return fmt.Sprintf(" Its result is %d.", int64(result))
	}
	if s.table() == tracer.I386 {
		result = cut(result, 32)
	}
	return " Its result is " + result.String() + "."
}

func interrupt(s step) string {
	switch {
	case s.EntersKernel():
		return systemCall(s)
	case s.Op.Args[0] == x86asm.Imm(3):
		return "A breakpoint: the kernel makes a SIGTRAP of it."
	}
	return ""
}

// debugTrap is icebp, f1: a debug exception that no bit of DR6 tells the reason of.
func debugTrap(step) string {
	return "The processor raises a debug exception, as a step does: the kernel makes a SIGTRAP of it."
}
