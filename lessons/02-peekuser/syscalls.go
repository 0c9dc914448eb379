package peekuser

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// The sections about system calls: which table a number belongs to.

func twoTables(s *stage.Stage) {
	s.Say(`A system call has a number, and the number belongs to a table. The
	       kernel has one for x86-64 and one for i386.`)
	var rows [][]any
	for _, name := range []string{"read", "write", "open", "close", "execve", "exit", "brk", "getpid", "ptrace", "wait4"} {
		x8664, _ := names.SyscallNumber("x86-64", name)
		rows = append(rows, []any{name, int(x8664), int(i386(name))})
	}
	s.Table("", []stage.Column{{Name: "name"}, {Name: "x86-64", Right: true}, {Name: "i386", Right: true}}, rows)
	s.Say(`exit is 1 in one table, and write is 1 in the other. So a tracer that
	       prints names has to know which table is meant.`)
}

func atTheEntry(s *stage.Stage) {
	s.Say(`PTRACE_SYSCALL lets the tracee run to its next system call. There it
	       stops before the call is made: a syscall-enter-stop, which
	       PTRACE_O_TRACESYSGOOD marks by 0x80 in the status, 0x857f. The number
	       waits in ORIG_RAX, the arguments in rdi, rsi, rdx, r10, r8 and r9. We
	       ask hello64, and then hello32, which does the same in 32-bit code.`)
	for _, target := range []asm.Target{asm.Hello64, asm.Hello32} {
		if s.CannotRun(target) != "" {
			s.Note("%s cannot run here: section 3 says why.", target.Name)
			continue
		}
		child := s.Ready(target)
		child.SetOptions(tracer.TraceSysGood)
		child.Syscall(0)
		s.Briefly(func() { child.Wait() })
		nr := child.PeekUser(user.OrigRAX)
		s.Note("%s asks for %v, which is %s in the table of %s.", target.Name, nr,
			names.SyscallName(names.Arch(target.Arch), int64(nr)), target.Arch)
		child.End()
	}
}

func int80(s *stage.Stage) {
	s.Say(`The instruction decides which table is meant, not the program. This
	       one is 64-bit code that uses the 32-bit instruction.`)
	if why := s.CannotRun(asm.Hello32); why != "" {
		withoutIA32(s, why)
		return
	}
	child := s.Ready(asm.Int80In64)
	s.Briefly(func() { child.SetOptions(tracer.TraceSysGood) })
	child.Syscall(0)
	child.Wait()
	regs := child.Regs("rip", "cs", "orig_rax")
	asked := s.Predict(fmt.Sprintf("orig_rax is %v, and cs says 64-bit code. Which call is it?", regs.OrigRAX),
		stage.Answer{Text: "stat", Why: "4 is stat in the table of x86-64, and a tracer that goes by cs prints it."},
		stage.Answer{Text: "write", Why: "4 is write in the table of i386, and int 0x80 always means that one."})
	code := child.Read(tracer.Addr(regs.RIP-2), 2)
	info := child.SyscallInfo()
	asked.Is(names.SyscallName(info.Arch(), info.Nr()))
	s.Note("Two witnesses: the bytes before rip are % x, int 0x80, and PTRACE_GET_SYSCALL_INFO says %s.", code, info.Arch())
	child.End()
}

func i386(name string) int64 {
	nr, _ := names.SyscallNumber("i386", name)
	return nr
}

// withoutIA32 shows what int 0x80 does where the kernel has no gate for it.
func withoutIA32(s *stage.Stage, why string) {
	s.Note("This kernel has no IA32 emulation (%v). Whether the instruction still means anything, the child tells.", stage.Fact(why))
	child := s.Ready(asm.Int80In64)
	child.Cont(0)
	if stop := child.Wait(); !stop.Ended() {
		regs := child.Regs("rip")
		code := child.Read(tracer.Addr(regs.RIP), 2)
		s.Note("It stops with %v, and rip is still at % x: int 0x80 leads nowhere here, and no call was made.", stop.Signal, code)
	}
	child.End()
}
