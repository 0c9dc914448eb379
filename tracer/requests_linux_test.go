package tracer_test

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

// How a tracee that stands before write(1, ...) and exit(1) is restarted, and which
// calls it then stops at.
func TestRestarts(t *testing.T) {
	type restart func(*Tracee, Signal) error
	for _, tt := range []struct {
		name string
		how  []restart
		want []Kind
	}{
		{"SYSCALL stops at both ends", []restart{(*Tracee).Syscall, (*Tracee).Syscall, (*Tracee).Syscall},
			[]Kind{SyscallEnter, SyscallExit, SyscallEnter}},
		{"SYSEMU at the entry alone", []restart{(*Tracee).SysEmu, (*Tracee).SysEmu},
			[]Kind{SyscallEnter, SyscallEnter}},
		{"after SYSEMU the exit can be asked for", []restart{(*Tracee).SysEmu, (*Tracee).Syscall, (*Tracee).Syscall},
			[]Kind{SyscallEnter, SyscallExit, SyscallEnter}},
		{"SINGLESTEP passes the exit by", []restart{(*Tracee).Syscall, (*Tracee).SingleStep, (*Tracee).Syscall},
			[]Kind{SyscallEnter, SignalDelivery, SyscallEnter}},
		{"SINGLEBLOCK steps", []restart{(*Tracee).SingleBlock}, []Kind{SignalDelivery}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onThread(t, func(tr *Tracer) {
				c := start(t, tr, asm.Hello64)
				must(t, c.OldSetOptions(TraceSysGood|ExitKill))
				var got []Kind
				for _, how := range tt.how {
					must(t, how(c, 0))
					got = append(got, wait(t, c).Kind)
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("the stops are %v, want %v", got, tt.want)
				}
				wantErrno(t, tt.how[0](c, 65), syscall.EIO)
			})
		})
	}
}

// An exit-stop is told from an entry where the tracee is inside a call already: after
// the event of execve.
func TestSyscallAfterAnEventStopIsTheExit(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Blocker, []string{"stop"})
		wait(t, c)
		must(t, c.SetOptions(TraceExec|TraceSysGood))
		if stop := wait(t, cont(t, c)); stop.Event != EventExec {
			fatalf(t, "got %s, want the event of execve", stop.Name())
		}
		must(t, c.Syscall(0))
		if stop := wait(t, c); stop.Kind != SyscallExit {
			t.Errorf("got %s, want the exit of execve", stop.Name())
		}
	})
}

// A step that does not run system calls: what is in rax stays there.
func TestSysEmuSingleStepRunsNoCall(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.SetOptions(TraceSysGood))
		for range 100 {
			must(t, c.SysEmuSingleStep(0))
			stop := wait(t, c)
			if stop.Kind != SyscallEnter {
				continue
			}
			must(t, c.PokeUser(user.RAX, 4242))
			must(t, c.SysEmuSingleStep(0))
			wait(t, c)
			if rax, err := c.PeekUser(user.RAX); rax == 22 || err != nil {
				t.Errorf("rax is %v, %v: the call was made", rax, err)
			}
			return
		}
		t.Error("no system call in 100 steps")
	})
}

func TestPtraceKill(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.PtraceKill())
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGKILL {
			t.Errorf("it %s, want killed by SIGKILL", stop.Said())
		}
	})
}

// A call is skipped at its entry, and its result written at its exit. A kernel before
// 6.16 does not know the request.
func TestSetSyscallInfo(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.SetOptions(TraceSysGood|ExitKill))
		err := c.SetSyscallInfo(SyscallInfo{}) // at no call
		if errors.Is(err, syscall.EIO) {
			return
		}
		wantErrno(t, err, syscall.EINVAL)
		must(t, c.Syscall(0))
		wait(t, c)
		info, err := c.GetSyscallInfo()
		must(t, err)
		info.SetNr(-1)
		must(t, c.SetSyscallInfo(info))
		must(t, c.Syscall(0))
		wait(t, c)
		info, err = c.GetSyscallInfo()
		must(t, err)
		if info.Result() != -int64(syscall.ENOSYS) || !info.IsError() {
			t.Errorf("the call that was skipped has the result %d", info.Result())
		}
		for _, result := range []int64{7, -int64(syscall.EPERM)} {
			info.SetResult(result)
			must(t, c.SetSyscallInfo(info))
			if rax, err := c.PeekUser(user.RAX); int64(rax) != result || err != nil {
				t.Errorf("after the result %d rax is %v, %v", result, rax, err)
			}
		}
	})
}

// The siginfo that a handler will see can be another.
func TestSetSigInfo(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Handler)
		must(t, c.Cont(0))
		wait(t, c)
		info, err := c.SigInfo()
		must(t, err)
		info.SetPID(4242)
		info.SetUID(77)
		must(t, c.SetSigInfo(info))
		if got, err := c.SigInfo(); got != info || got.PID() != 4242 || got.UID() != 77 || err != nil {
			t.Errorf("read back %+v, %v", got, err)
		}
	})
}

// Signals that wait are read from the queue of the process, and stay there.
func TestPeekSigInfo(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.SetSigMask(SigSet(0).With(SIGUSR1).With(SIGTSTP)))
		must(t, c.Signal(SIGUSR1))
		must(t, c.Signal(SIGTSTP))
		for _, tt := range []struct {
			off   uint64
			flags uint32
			room  int
			want  []Signal
		}{
			{0, PeekShared, 4, []Signal{SIGUSR1, SIGTSTP}},
			{0, PeekShared, 4, []Signal{SIGUSR1, SIGTSTP}},
			{1, PeekShared, 4, []Signal{SIGTSTP}},
			{0, PeekShared, 1, []Signal{SIGUSR1}},
			{0, 0, 4, nil}, // kill(2) is for the process
		} {
			infos := make([]SigInfo, tt.room)
			n, err := c.PeekSigInfo(tt.off, tt.flags, infos)
			must(t, err)
			var got []Signal
			for _, info := range infos[:n] {
				got = append(got, Signal(info.Signo))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("from %d with the flags %d: %v, want %v", tt.off, tt.flags, got, tt.want)
			}
		}
		_, err := c.PeekSigInfo(0, 2, make([]SigInfo, 1))
		wantErrno(t, err, syscall.EINVAL)
	})
}

// Filters are told to who has CAP_SYS_ADMIN.
func TestSeccompFilters(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, _ := program(t, tr.Start, "filters")
		wait(t, c)
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Signal != SIGUSR1 {
			fatalf(t, "got %s", stop.Said())
		}
		n, err := c.SeccompFilterLen(0)
		if errors.Is(err, syscall.EACCES) && os.Geteuid() != 0 {
			_, err = c.SeccompGetMetadata(0)
			wantErrno(t, err, syscall.EACCES)
			return
		}
		must(t, err)
		filter := make([]SockFilter, n)
		_, err = c.SeccompGetFilter(0, filter)
		must(t, err)
		want := []SockFilter{{Code: 0x20}, {Code: 0x06, K: 0x7fff0000}} // ld [0]; ret ALLOW
		if !slices.Equal(filter, want) {
			t.Errorf("the filter is %+v, want %+v", filter, want)
		}
		if m, err := c.SeccompGetMetadata(0); m.Flags != FilterFlagLog || err != nil {
			t.Errorf("its flags are %+v, %v", m, err)
		}
		_, err = c.SeccompFilterLen(1)
		wantErrno(t, err, syscall.ENOENT)
		_, err = c.SeccompGetMetadata(1)
		wantErrno(t, err, syscall.ENOENT)
	})
}

// A program without a libc has no rseq area; one with glibc may have one, and then its
// signature.
func TestRseqConfiguration(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		if r, err := c.GetRseqConfiguration(); r != (RseqConfiguration{}) || err != nil {
			t.Errorf("without a libc: %+v, %v", r, err)
		}
		c, _ = program(t, tr.Start, "signals", "ignored")
		wait(t, c)
		must(t, c.Cont(0))
		wait(t, c)
		r, err := c.GetRseqConfiguration()
		must(t, err)
		if (r.ABIPointer != 0) != (r.Signature == 0x53053053) {
			t.Errorf("with glibc: %+v", r)
		}
	})
}

// System calls are handed back to the program where it asks for it, and where we do.
func TestSyscallUserDispatch(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		if d, err := c.GetSyscallUserDispatchConfig(); d != (DispatchConfig{}) || err != nil {
			if errors.Is(err, syscall.EIO) {
				return // before Linux 6.4
			}
			t.Errorf("at first: %+v, %v", d, err)
		}
		wantErrno(t, c.SetSyscallUserDispatchConfig(DispatchConfig{Mode: 7}), syscall.EINVAL)
		want := DispatchConfig{Mode: DispatchOn}
		must(t, c.SetSyscallUserDispatchConfig(want))
		if d, err := c.GetSyscallUserDispatchConfig(); d != want || err != nil {
			t.Errorf("now: %+v, %v", d, err)
		}
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Signal != SIGSYS {
			t.Errorf("its first call: %s, want SIGSYS", stop.Said())
		}
	})
}
