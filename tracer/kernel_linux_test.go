package tracer_test

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

// Each test here asks the kernel about one behaviour.

// onThread runs do as a tracer has to run: on one thread, with a deadline, and
// with its tracees dead and reaped at the end.
func onThread(t *testing.T, do func(tr *Tracer)) {
	t.Helper()
	done := make(chan string, 1)
	go func() {
		skip := ""
		defer func() { done <- skip }()
		runtime.LockOSThread()
		tr := &Tracer{}
		defer reapAll(tr)
		defer func() {
			switch p := recover().(type) {
			case nil:
			case skipped:
				skip = string(p)
			default:
				panic(p)
			}
		}()
		do(tr)
	}()
	select {
	case skip := <-done:
		if skip != "" {
			t.Skip(skip)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no end within 20 seconds")
	}
}

func reapAll(tr *Tracer) {
	for _, c := range tr.Tracees() {
		if !c.Started {
			continue
		}
		c.Kill()
		for {
			if stop, err := c.Wait(); err != nil || stop.Ended() {
				break
			}
			c.Cont(0)
		}
	}
}

// start starts a target at its exec stop. Where ptrace is refused the test
// skips, and fails if CI says that it must not be.
func start(t *testing.T, tr *Tracer, target asm.Target, args ...string) *Tracee {
	t.Helper()
	c := launch(t, tr.Start, target, args)
	stop := wait(t, c)
	if stop.Kind != SignalDelivery || stop.Signal != SIGTRAP {
		fatalf(t, "first stop: %s by %v, want signal-delivery-stop by SIGTRAP", stop.Name(), stop.Signal)
	}
	return c
}

func launch(t *testing.T, how func(Command) (*Tracee, error), target asm.Target, args []string) *Tracee {
	t.Helper()
	image, err := target.Open()
	if err != nil {
		fatal(t, err)
	}
	defer image.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		fatal(t, err)
	}
	defer null.Close()
	c, err := how(Command{Path: image.Path(), Argv: append([]string{target.Name}, args...), Files: []*os.File{null, null, null}})
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		if os.Getenv("CI") != "" {
			fatalf(t, "ptrace is refused, and CI is set: %v", err)
		}
		skipf("SKIPPED, NOTHING IS TESTED: ptrace is refused here: %v", err)
	}
	if errors.Is(err, syscall.ENOEXEC) && target.Arch == "i386" {
		skipf("this kernel has no IA32 emulation: %v", err)
	}
	if err != nil {
		fatal(t, err)
	}
	return c
}

// fatal may run on a goroutine that is not the test's: Goexit there ends it, and
// the deferred calls still reap.
func fatal(t *testing.T, err error) { t.Helper(); fatalf(t, "%v", err) }

func fatalf(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Errorf(format, args...)
	runtime.Goexit()
}

// skipped carries the reason to the test's own goroutine, which alone may skip.
type skipped string

func skipf(format string, args ...any) {
	panic(skipped(fmt.Sprintf(format, args...)))
}

// ticking starts ticker and returns when it has counted once. Before that it may
// be inside execve, where an ATTACH makes the SIGTRAP of a volunteer.
func ticking(t *testing.T, tr *Tracer) *Tracee {
	t.Helper()
	c := launch(t, tr.Spawn, asm.Ticker, nil)
	file, err := asm.Ticker.ELF()
	must(t, err)
	symbols, err := file.Symbols()
	must(t, err)
	for _, s := range symbols {
		if s.Name == "counter" {
			for word := []byte{0}; word[0] == 0; runtime.Gosched() {
				c.ReadAt(word, Addr(s.Value)) // EFAULT until the new image is there
			}
			return c
		}
	}
	fatalf(t, "ticker has no counter")
	return nil
}

func wait(t *testing.T, c *Tracee) Stop {
	t.Helper()
	stop, err := c.Wait()
	if err != nil {
		fatal(t, err)
	}
	return stop
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		fatal(t, err)
	}
}

func wantErrno(t *testing.T, err error, want syscall.Errno) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Err != want {
		t.Errorf("got error %v, want a *tracer.Error with %v", err, want)
	}
}

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

func TestI386TraceeReadsElevenAndSixtyEightBytes(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello32)
		nr, err := c.PeekUser(user.OrigRAX)
		must(t, err)
		if nr != 11 {
			t.Errorf("orig_rax %v, want 11, execve of i386", nr)
		}
		regs, err := c.GetRegs()
		must(t, err)
		if regs.Arch() != I386 || len(regs.All()) != 17 {
			t.Errorf("arch %s with %d registers, want i386 with 17", regs.Arch(), len(regs.All()))
		}
		n, err := c.GetRegSet(make([]byte, 512))
		must(t, err)
		if n != 68 {
			t.Errorf("PTRACE_GETREGSET filled %d bytes, want 68", n)
		}
	})
}

func TestStepsOfHello64AreSeven(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		stops := 1
		for stop := (Stop{}); ; {
			must(t, c.SingleStep(0))
			if stop = wait(t, c); stop.Ended() {
				if stop.ExitCode != 1 {
					t.Errorf("exit status %d, want 1", stop.ExitCode)
				}
				break
			}
			stops++
		}
		if stops != 7 {
			t.Errorf("%d stops, want 7", stops)
		}
	})
}

// StepOn walks through the same addresses with an observer and without, and ends
// with the same stop.
func TestStepOnIsStepWaitAndPeek(t *testing.T) {
	walk := func(observer Observer) (path []Addr, last Stop) {
		onThread(t, func(tr *Tracer) {
			c := start(t, tr, asm.Hello64)
			tr.Observer = observer
			rip, err := c.PeekUser(user.RIP)
			must(t, err)
			for at := Addr(rip); last.TID == 0 && !t.Failed(); path = append(path, at) {
				at, last, err = c.StepOn(at)
				must(t, err)
			}
			if last.TID != c.TID || !last.Ended() {
				t.Errorf("the last stop is %v of %d", last, last.TID)
			}
		})
		return path, last
	}
	path, end := walk(nil)
	seen := &record{}
	again, endAgain := walk(seen)
	if len(path) != 7 || !slices.Equal(path, again) || end.Status != endAgain.Status {
		t.Errorf("without an observer %v, %v\nwith an observer %v, %v", path, end, again, endAgain)
	}
	if len(seen.names) < 3*6 {
		t.Errorf("the observer saw %d calls", len(seen.names))
	}
}

// A stop for SIGTRAP that did not move is for the caller to look at.
func TestStepOnLeavesAStrayTrap(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		rip, err := c.PeekUser(user.RIP)
		must(t, err)
		must(t, syscall.Kill(int(c.TID), syscall.SIGTRAP))
		at, stop, err := c.StepOn(Addr(rip))
		must(t, err)
		if at != 0 || stop.TID != c.TID || stop.Kind != SignalDelivery || stop.Signal != SIGTRAP {
			t.Errorf("at %v: %v", at, stop)
		}
	})
}

func TestD03StepCodes(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for i, want := range []int32{2, 2, 2, 2, 1, 2} { // the fifth is syscall
			must(t, c.SingleStep(0))
			wait(t, c)
			info, err := c.SigInfo()
			must(t, err)
			if info.Code != want {
				t.Errorf("step %d: si_code %d, want %d", i+1, info.Code, want)
			}
		}
	})
}

func TestF09MisalignedOffset(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for _, offset := range []uint64{60, 121, user.Size, 1 << 40} {
			_, err := c.PeekUser(offset)
			wantErrno(t, err, syscall.EIO)
		}
		_, err := c.PeekUser(user.Size - 8)
		must(t, err)
	})
}

func TestF08MinusOneIsAWord(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		must(t, c.PokeData(Addr(regs.RIP), ^Word(0)))
		w, err := c.PeekData(Addr(regs.RIP))
		if w != ^Word(0) || err != nil {
			t.Errorf("read %v, %v; want -1 and no error", w, err)
		}
	})
}

func TestPokeUserWritesARegister(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.PokeUser(user.R15, 0x123456789))
		regs, err := c.GetRegs()
		must(t, err)
		if regs.R15 != 0x123456789 {
			t.Errorf("r15 %v", regs.R15)
		}
		regs.R14 = 77
		must(t, c.SetRegs(regs))
		w, err := c.PeekUser(user.R14)
		must(t, err)
		if w != 77 {
			t.Errorf("r14 %v, want 77", w)
		}
	})
}

func TestF02EdgeOfAMapping(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		page := Addr(regs.RIP) &^ 0xfff
		n, err := c.ReadAt(make([]byte, 1<<20), page)
		if err != nil || n == 0 || n == 1<<20 || n%4096 != 0 {
			t.Errorf("read %d bytes, %v; want some pages", n, err)
		}
		_, err = c.ReadAt(make([]byte, 8), 0)
		wantErrno(t, err, syscall.EFAULT)
		_, err = c.PeekData(0)
		wantErrno(t, err, syscall.EIO)
		_, err = c.WriteAt([]byte{0xcc}, Addr(regs.RIP))
		wantErrno(t, err, syscall.EFAULT) // code: process_vm_writev respects the protection
	})
}

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

func TestZeroDropsTheSignal(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Crash)
		must(t, c.Cont(0))
		first := wait(t, c)
		must(t, c.Cont(0)) // the instruction is tried again
		again := wait(t, c)
		if first.Signal != SIGSEGV || again.Signal != SIGSEGV {
			t.Errorf("signals %v and %v, want SIGSEGV twice", first.Signal, again.Signal)
		}
		must(t, c.Cont(SIGSEGV))
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGSEGV {
			t.Errorf("got %s by %v, want killed by SIGSEGV", stop.Name(), stop.Signal)
		}
	})
}

// A signal that a step delivers to a handler stops at the handler's beginning, by
// ptrace_notify. A signal given to the restart from there is lost.
func TestSignalGivenAtAHandlersEntryIsLost(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Handler)
		entries, sig := 0, Signal(0)
		for {
			must(t, c.SingleStep(sig))
			stop := wait(t, c)
			if stop.Ended() {
				if stop.Kind != Exited || stop.ExitCode != 3 || entries != 3 {
					t.Errorf("%s with %d after %d entries, want 3 and 3", stop.Name(), stop.ExitCode, entries)
				}
				return
			}
			info, err := c.SigInfo()
			must(t, err)
			switch sig = stop.Signal; {
			case info.Code == 5:
				entries++
				sig = SIGSEGV // would end it
			case stop.Signal == SIGTRAP:
				sig = 0
			}
		}
	})
}

func TestSignalsPassedOnReachTheHandler(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Handler)
		sig := Signal(0)
		for {
			must(t, c.Cont(sig))
			stop := wait(t, c)
			if stop.Ended() {
				if stop.ExitCode != 3 {
					t.Errorf("the handler counted %d, want 3", stop.ExitCode)
				}
				return
			}
			sig = stop.Signal
		}
	})
}

func TestJ01AnotherThreadIsNoTracer(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		refused := make(chan error)
		go func() {
			runtime.LockOSThread()
			_, err := c.PeekUser(user.RIP)
			refused <- err
		}()
		wantErrno(t, <-refused, syscall.ESRCH)
	})
}

func TestC03SIGKILLMakesRequestsAnswerESRCH(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		must(t, c.Kill())
		must(t, c.AwaitEnd())
		_, err := c.GetRegs()
		wantErrno(t, err, syscall.ESRCH)
		if stop := wait(t, c); stop.Kind != Killed || stop.Signal != SIGKILL {
			t.Errorf("got %s by %v", stop.Name(), stop.Signal)
		}
		_, err = c.Wait()
		wantErrno(t, err, syscall.ECHILD)
	})
}

func TestSeizeDoesNotStop(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		if _, stopped, err := tr.Poll(c.TID); stopped || err != nil {
			t.Errorf("a stop is reported after SEIZE: %v, %v", stopped, err)
		}
		must(t, c.Interrupt())
		if stop := wait(t, c); stop.Status != 0x80057f || stop.Event != EventPtrace {
			t.Errorf("got %s %v", stop.Name(), stop.Status)
		}
		must(t, c.Detach(0))
	})
}

func TestInterruptAndListenNeedSeize(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := ticking(t, tr)
		_, err := tr.Attach(c.TID)
		must(t, err)
		for stop := wait(t, c); stop.Signal != SIGSTOP; stop = wait(t, c) {
			must(t, c.Cont(stop.Signal))
		}
		wantErrno(t, c.Interrupt(), syscall.EIO)
		wantErrno(t, c.Listen(), syscall.EIO)
		must(t, c.Detach(0))
	})
}

func TestUnknownOptionsAreRefused(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, 1<<40)
		wantErrno(t, err, syscall.EIO)
		c = start(t, tr, asm.Hello64)
		wantErrno(t, c.SetOptions(1<<40), syscall.EINVAL)
	})
}

func TestD05GroupStopIsKeptByListenAndDetach(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Spawn, asm.Ticker, nil)
		_, err := tr.Seize(c.TID, TraceSysGood)
		must(t, err)
		must(t, c.Signal(SIGSTOP))
		stop := wait(t, c)
		for stop.Kind == SignalDelivery {
			must(t, c.Cont(stop.Signal))
			stop = wait(t, c)
		}
		if stop.Kind != GroupStop || stop.Status != 0x80137f {
			fatalf(t, "got %s %v, want group-stop 0x80137f", stop.Name(), stop.Status)
		}
		must(t, c.Listen())
		must(t, c.Signal(SIGCONT))
		for stop = wait(t, c); stop.Kind != SignalDelivery || stop.Signal != SIGCONT; stop = wait(t, c) {
			must(t, c.Cont(0))
		}
		must(t, c.Detach(stop.Signal))
	})
}

// A group-stop of a tracee that was not seized has the status of a SIGSTOP on
// its way, and no siginfo.
func TestGroupStopWithoutSeizeIsToldBySigInfo(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := launch(t, tr.Start, asm.Ticker, nil)
		wait(t, c)
		must(t, c.Cont(0))
		must(t, c.Signal(SIGSTOP))
		delivery := wait(t, c)
		must(t, c.Cont(SIGSTOP))
		group := wait(t, c)
		if delivery.Status != group.Status || delivery.Kind != SignalDelivery || group.Kind != GroupStop {
			t.Errorf("got %s %v, then %s %v", delivery.Name(), delivery.Status, group.Name(), group.Status)
		}
	})
}

// The children of other goroutines belong to them: 8 of them keep their exit
// statuses while a tracer of another thread waits for any child.
func TestJ03WaitLeavesOtherChildrenAlone(t *testing.T) {
	statuses := make(chan int, 8)
	for range 8 {
		go func() {
			p, err := os.StartProcess("/proc/self/exe", []string{"exe", "-test.run=^$"}, &os.ProcAttr{})
			if err != nil {
				statuses <- -1
				return
			}
			state, err := p.Wait()
			if err != nil {
				statuses <- -1
				return
			}
			statuses <- state.ExitCode()
		}()
	}
	onThread(t, func(tr *Tracer) {
		for range 20 {
			c := start(t, tr, asm.Hello64)
			must(t, c.Cont(0))
			if stop, err := tr.Wait(Any); err != nil || stop.TID != c.TID {
				t.Errorf("waited for any: %v, %v, want %v", stop.TID, err, c.TID)
			}
		}
	})
	for range 8 {
		if status := <-statuses; status != 0 {
			t.Errorf("another child's exit status is %d, want 0", status)
		}
	}
}

// The observer sees each call once before and once after, the result included.
func TestObserverSeesEachCall(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		tap := &record{}
		tr.Observer = tap
		c := start(t, tr, asm.Hello64)
		c.PeekUser(user.OrigRAX)
		c.PeekUser(60)
		want := []string{"fork", "PTRACE_TRACEME", "execve", "wait4", "PTRACE_PEEKUSER", "PTRACE_PEEKUSER"}
		if got := strings.Join(tap.names, " "); got != strings.Join(want, " ") {
			t.Errorf("observed %s", got)
		}
		if last := tap.last; last.Result != -int64(syscall.EIO) || last.TID != c.TID || last.Addr != 60 {
			t.Errorf("the last call: %+v", last)
		}
		tr.Observer = nil
	})
}

type record struct {
	names []string
	last  Call
}

func (r *record) Before(*Call) {}
func (r *record) After(c *Call) {
	r.names, r.last = append(r.names, c.Name), *c
}
