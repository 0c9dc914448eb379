package disasm

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// EntersKernel says whether the instruction makes a system call and comes back
// behind itself: syscall or int 0x80.
func (i Inst) EntersKernel() bool {
	return i.op.Op == x86asm.SYSCALL || i.op.Op == x86asm.INT && i.op.Args[0] == x86asm.Imm(0x80)
}

// table is the system-call table that the kernel uses. int 0x80 means that of
// i386, in 64-bit code too.
func (s step) table() tracer.Arch {
	if s.op.Op == x86asm.SYSCALL && s.arch != tracer.I386 {
		return tracer.X8664
	}
	return tracer.I386
}

func (s step) syscallName() string { return names.SyscallName(s.table(), s.number()) }

// number is eax: the kernel looks at 32 bits only.
func (s step) number() int64 { return int64(int32(s.before.RAX)) }

// call is "The kernel runs system call 1, write", without the full stop.
func (s step) call() string {
	text := fmt.Sprintf("The kernel runs system call %d", s.number())
	if s.op.Op == x86asm.INT && s.arch != tracer.I386 {
		text = fmt.Sprintf("The kernel runs i386 system call %d", s.number())
	}
	if name := s.syscallName(); name != "" {
		text += ", " + name
	}
	return text
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
	if rip := tracer.Addr(s.after.RIP); rip != s.Next() {
		return text + " Execution goes on at " + rip.String() + "."
	}
	switch s.syscallName() {
	case "rt_sigreturn", "sigreturn":
		return text // what is in rax is what the signal interrupted
	}
	result := s.after.RAX
	if s.table() == tracer.I386 {
		result = tracer.Word(int64(int32(result)))
	}
	if errno := -int64(result); 0 < errno && errno < 4096 {
		name := names.ErrnoName(int(errno))
		if name == "" {
			name = fmt.Sprintf("error %d", errno)
		}
		return fmt.Sprintf("%s It fails: the result is %d, %s.", text, -errno, name)
	}
	if s.table() == tracer.I386 {
		result = cut(result, 32)
	}
	return text + " Its result is " + result.String() + "."
}

func interrupt(s step) string {
	switch {
	case s.EntersKernel():
		return systemCall(s)
	case s.op.Args[0] == x86asm.Imm(3):
		return "A breakpoint: the kernel makes a SIGTRAP of it."
	}
	return ""
}

// sysenter does not come back behind itself, but to a place in the vdso.
func sysenter(s step) string {
	return s.call() + ". Execution goes on at " + tracer.Addr(s.after.RIP).String() + "."
}
