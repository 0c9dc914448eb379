package tracer_test

import (
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

func TestSyscallStopsTakeTurns(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.SetOptions(TraceSysGood|ExitKill))
		must(t, c.Syscall(0))
		if stop := wait(t, c); stop.Kind != SyscallEnter || stop.Status != 0x857f {
			t.Errorf("got %s %v", stop.Name(), stop.Status)
		}
		info, err := c.GetSyscallInfo()
		must(t, err)
		if info.Op() != SyscallInfoEntry || info.Nr() != 1 || info.Arg(0) != 1 || info.Arg(2) != 22 || info.Arch() != X8664 {
			t.Errorf("entry: op %d, nr %d, args %v %v, arch %s", info.Op(), info.Nr(), info.Arg(0), info.Arg(2), info.Arch())
		}
		must(t, c.Syscall(0))
		if stop := wait(t, c); stop.Kind != SyscallExit {
			t.Errorf("got %s", stop.Name())
		}
		info, err = c.GetSyscallInfo()
		must(t, err)
		if info.Op() != SyscallInfoExit || info.Result() != 22 || info.IsError() {
			t.Errorf("exit: op %d, result %d, error %v", info.Op(), info.Result(), info.IsError())
		}
	})
}

func TestInt80In64BitCodeIsAnI386Call(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		start(t, tr, asm.Hello32) // skips where there is no IA32 emulation
		c := start(t, tr, asm.Int80In64)
		must(t, c.SetOptions(TraceSysGood|ExitKill))
		must(t, c.Syscall(0))
		wait(t, c)
		info, err := c.GetSyscallInfo()
		must(t, err)
		if info.Arch() != I386 || info.Nr() != 4 {
			t.Errorf("arch %s, nr %d, want i386 and 4", info.Arch(), info.Nr())
		}
	})
}
