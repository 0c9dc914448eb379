package trapflag

import (
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// instruction is what a step is to execute.
type instruction struct {
	kind      kind.Kind
	behind    kind.Kind   // of the one behind it, where that may run in the same step
	end       tracer.Addr // of that one; 0 if none may
	table     tracer.Arch // of the last system call
	call      string      // its name in that table
	afterCall tracer.Addr // where it returns
}

// look says what comes next where a thread stands. Before is what came last: a call
// that was interrupted is made again.
func look(before instruction, regs tracer.Regs, code []byte, length int, handled bool) instruction {
	is32 := regs.Arch() == tracer.I386
	in := kind.Of(code)
	next := instruction{kind: in.In(is32), table: before.table, call: before.call, afterCall: before.afterCall}
	switch {
	case handled:
		next.kind = kind.Plain
	case restarts(regs):
		next.kind, next.afterCall = kind.Call, regs.PC()
		next.call = names.SyscallName(next.table, int64(int32(regs.OrigRAX)))
	case next.kind == kind.Call:
		next.table = tracer.I386
		if !is32 && in.Prefixes+1 < len(code) && code[in.Prefixes] == 0x0f && code[in.Prefixes+1] == 0x05 {
			next.table = tracer.X8664
		}
		next.afterCall = regs.PC() + tracer.Addr(in.Prefixes) + x86.CallInstruction
		next.call = names.SyscallName(next.table, int64(int32(regs.RAX)))
	case next.kind == kind.Held, next.kind == kind.UMIP, next.kind == kind.CPUID:
		next.lookBehind(regs.PC(), code[min(length, len(code)):], length, is32)
	}
	return next
}

// lookBehind looks at the instruction behind one that may take it along.
func (i *instruction) lookBehind(at tracer.Addr, code []byte, length int, is32 bool) {
	in := kind.Of(code)
	size := 0
	switch k := in.In(is32); k {
	case kind.Pushf, kind.Int3:
		i.behind, size = k, in.Prefixes+1
	case kind.Call:
		i.behind, size = k, in.Prefixes+x86.CallInstruction
	default:
		return
	}
	i.end = at + tracer.Addr(length+size)
}

// restarts says whether the kernel makes a system call again that a signal has
// interrupted, unless a handler runs.
func restarts(regs tracer.Regs) bool {
	return names.Restarts(-int(int32(regs.RAX))) && int64(regs.OrigRAX) >= 0
}

// interrupted says whether a signal has ended a system call.
func interrupted(regs tracer.Regs) bool { return int32(regs.RAX) == -int32(syscall.EINTR) }

// changesMask are the system calls that change the mask of blocked signals, some of
// them for as long as they wait.
var changesMask = map[string]bool{
	"rt_sigprocmask": true, "rt_sigsuspend": true, "rt_sigreturn": true,
	"ppoll": true, "pselect6": true, "epoll_pwait": true, "epoll_pwait2": true, "io_pgetevents": true,
	// i386 alone:
	"sigprocmask": true, "sigsuspend": true, "sigreturn": true, "sgetmask": true, "ssetmask": true,
	"ppoll_time64": true, "pselect6_time64": true, "io_pgetevents_time64": true,
}
