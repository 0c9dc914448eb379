package tracer_test

import (
	"debug/elf"
	"strings"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

func TestExecStopIsAtTheEntryPoint(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		file, err := elf.NewFile(strings.NewReader(string(asm.Hello64.Bytes())))
		must(t, err)
		if uint64(regs.RIP) != file.Entry {
			t.Errorf("rip %v, entry point %#x", regs.RIP, file.Entry)
		}
		if regs.OrigRAX != 59 || regs.RAX != 0 {
			t.Errorf("orig_rax %v, rax %v, want 59 and 0", regs.OrigRAX, regs.RAX)
		}
		info, err := c.SigInfo()
		must(t, err)
		if info.Code != 0 || info.PID() != c.TID {
			t.Errorf("si_code %d, si_pid %v, want 0 and %v", info.Code, info.PID(), c.TID)
		}
	})
}

func TestTraceMeAloneStopsNothing(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Exits7, nil)
		if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 7 {
			t.Errorf("got %s, exit status %d; want exited with 7", stop.Name(), stop.ExitCode)
		}
	})
}

func TestBlockedTrapOfExecIsNotSeen(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Blocker, nil)
		if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 3 {
			t.Errorf("got %s, want exited with 3", stop.Name())
		}
	})
}

func TestA09TraceExecIsSeenInSpiteOfTheMask(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Blocker, []string{"stop"})
		if stop := wait(t, c); stop.Signal != SIGSTOP || stop.Kind != SignalDelivery {
			fatalf(t, "got %s by %v", stop.Name(), stop.Signal)
		}
		must(t, c.SetOptions(TraceExec|ExitKill))
		must(t, c.Cont(0))
		stop := wait(t, c)
		if stop.Event != EventExec || stop.Name() != "PTRACE_EVENT_EXEC stop" {
			fatalf(t, "got %s", stop.Name())
		}
		msg, err := c.EventMsg()
		must(t, err)
		if TID(msg) != c.TID {
			t.Errorf("event message %v, want the former thread id %v", msg, c.TID)
		}
		rax, err := c.PeekUser(user.RAX)
		must(t, err)
		if int64(rax) != -38 {
			t.Errorf("rax %v inside execve, want -38", rax)
		}
	})
}
