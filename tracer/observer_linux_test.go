package tracer_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
	"ptwalk/tracer/user"
)

// record is an observer that keeps what it is told.
type record struct{ before, after []Call }

func (r *record) Before(c *Call) { r.before = append(r.before, *c) }
func (r *record) After(c *Call)  { r.after = append(r.after, *c) }

// names are the calls that one side has made.
func names(calls []Call, by By) string {
	var all []string
	for _, c := range calls {
		if c.By == by {
			all = append(all, c.Name)
		}
	}
	return strings.Join(all, " ")
}

// The observer sees each call once before and once after, the result included. Those
// of the child are told when it has made them.
func TestObserverSeesEachCall(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		tap := &record{}
		tr.Observer = tap
		c := start(t, tr, asm.Hello64)
		c.PeekUser(user.OrigRAX)
		c.PeekUser(60)
		tr.Observer = nil
		const want = "fork wait4 PTRACE_PEEKUSER PTRACE_PEEKUSER"
		if before, after := names(tap.before, ByTracer), names(tap.after, ByTracer); before != want || after != want {
			t.Errorf("before: %s\nafter: %s", before, after)
		}
		if got := names(tap.after, ByChild); got != "PTRACE_TRACEME execve" || names(tap.before, ByChild) != "" {
			t.Errorf("of the child: %s", got)
		}
		if last := tap.after[len(tap.after)-1]; last.Result != -int64(syscall.EIO) || last.TID != c.TID || last.Addr != 60 {
			t.Errorf("the last call: %+v", last)
		}
	})
}

// Every method that makes a call, made once where it goes well and once where it
// fails: each has its Before, its After, and its errno.
func TestObserverSeesEachMethod(t *testing.T) {
	for _, m := range []struct {
		name string
		call func(tr *Tracer, c *Tracee) error
	}{
		{"PTRACE_PEEKUSER", func(_ *Tracer, c *Tracee) error { _, err := c.PeekUser(user.RIP); return err }},
		{"PTRACE_POKEUSER", func(_ *Tracer, c *Tracee) error { return c.PokeUser(user.R15, 1) }},
		{"PTRACE_PEEKDATA", func(_ *Tracer, c *Tracee) error { _, err := c.PeekData(entry()); return err }},
		{"PTRACE_POKEDATA", func(_ *Tracer, c *Tracee) error { return c.PokeData(entry(), 0) }},
		{"PTRACE_POKETEXT", func(_ *Tracer, c *Tracee) error { return c.PokeText(entry(), 0) }},
		{"process_vm_readv", func(_ *Tracer, c *Tracee) error { _, err := c.ReadAt(make([]byte, 8), entry()); return err }},
		{"process_vm_writev", func(_ *Tracer, c *Tracee) error {
			if c.Over() {
				_, err := c.WriteAt(make([]byte, 8), 0)
				return err
			}
			regs, _ := c.GetRegs()
			_, err := c.WriteAt(make([]byte, 8), regs.SP())
			return err
		}},
		{"PTRACE_GETREGS", func(_ *Tracer, c *Tracee) error { _, err := c.GetRegs(); return err }},
		{"PTRACE_SETREGS", func(_ *Tracer, c *Tracee) error {
			regs, _ := c.GetRegs()
			return c.SetRegs(regs)
		}},
		{"PTRACE_GETREGSET", func(_ *Tracer, c *Tracee) error { _, err := c.GetRegSet(PRStatus, make([]byte, 512)); return err }},
		{"PTRACE_SETREGSET", func(_ *Tracer, c *Tracee) error {
			buf := make([]byte, 512)
			n, _ := c.GetRegSet(PRStatus, buf)
			_, err := c.SetRegSet(PRStatus, buf[:n])
			return err
		}},
		{"PTRACE_GETFPREGS", func(_ *Tracer, c *Tracee) error { _, err := c.GetFPRegs(); return err }},
		{"PTRACE_SETFPREGS", func(_ *Tracer, c *Tracee) error {
			regs, _ := c.GetFPRegs()
			return c.SetFPRegs(regs)
		}},
		{"PTRACE_GET_THREAD_AREA", func(_ *Tracer, c *Tracee) error { _, err := c.GetThreadArea(12); return err }},
		{"PTRACE_SET_THREAD_AREA", func(_ *Tracer, c *Tracee) error {
			return c.SetThreadArea(12, UserDesc{EntryNumber: 12, Flags: ReadExecOnly | SegNotPresent})
		}},
		{"PTRACE_ARCH_PRCTL", func(_ *Tracer, c *Tracee) error { _, err := c.ArchPrctl(ArchGetFS, 0); return err }},
		{"PTRACE_SETSIGINFO", func(_ *Tracer, c *Tracee) error {
			info, _ := c.SigInfo()
			return c.SetSigInfo(info)
		}},
		{"PTRACE_PEEKSIGINFO", func(_ *Tracer, c *Tracee) error { _, err := c.PeekSigInfo(0, 0, make([]SigInfo, 1)); return err }},
		{"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", func(_ *Tracer, c *Tracee) error { _, err := c.GetSyscallUserDispatchConfig(); return err }},
		{"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", func(_ *Tracer, c *Tracee) error { return c.SetSyscallUserDispatchConfig(DispatchConfig{}) }},
		{"PTRACE_GET_RSEQ_CONFIGURATION", func(_ *Tracer, c *Tracee) error { _, err := c.GetRseqConfiguration(); return err }},
		{"PTRACE_PEEKTEXT", func(_ *Tracer, c *Tracee) error { _, err := c.PeekText(entry()); return err }},
		{"PTRACE_OLDSETOPTIONS", func(_ *Tracer, c *Tracee) error { return c.OldSetOptions(ExitKill) }},
		{"PTRACE_SYSEMU", func(_ *Tracer, c *Tracee) error { return c.SysEmu(0) }},
		{"PTRACE_SYSEMU_SINGLESTEP", func(_ *Tracer, c *Tracee) error { return c.SysEmuSingleStep(0) }},
		{"PTRACE_SINGLEBLOCK", func(_ *Tracer, c *Tracee) error { return c.SingleBlock(0) }},
		{"PTRACE_KILL", func(_ *Tracer, c *Tracee) error { return c.PtraceKill() }},
		{"openat", func(_ *Tracer, c *Tracee) error {
			mem, err := c.OpenMem()
			if err == nil {
				_, err = mem.ReadAt(make([]byte, 8), entry())
				_, errWrite := mem.WriteAt([]byte{0xcc}, entry())
				err = errors.Join(err, errWrite, mem.Close())
			}
			return err
		}},
		{"PTRACE_GETSIGINFO", func(_ *Tracer, c *Tracee) error { _, err := c.SigInfo(); return err }},
		{"PTRACE_GETEVENTMSG", func(_ *Tracer, c *Tracee) error { _, err := c.EventMsg(); return err }},
		{"PTRACE_GETSIGMASK", func(_ *Tracer, c *Tracee) error { _, err := c.GetSigMask(); return err }},
		{"PTRACE_SETSIGMASK", func(_ *Tracer, c *Tracee) error { return c.SetSigMask(0) }},
		{"PTRACE_SETOPTIONS", func(_ *Tracer, c *Tracee) error { return c.SetOptions(ExitKill) }},
		{"PTRACE_GET_SYSCALL_INFO", func(_ *Tracer, c *Tracee) error { _, err := c.GetSyscallInfo(); return err }},
		{"PTRACE_SINGLESTEP", func(_ *Tracer, c *Tracee) error { return c.SingleStep(0) }},
		{"PTRACE_CONT", func(_ *Tracer, c *Tracee) error { return c.Cont(0) }},
		{"PTRACE_SYSCALL", func(_ *Tracer, c *Tracee) error { return c.Syscall(0) }},
		{"PTRACE_DETACH", func(_ *Tracer, c *Tracee) error { return c.Detach(0) }},
		{"kill", func(_ *Tracer, c *Tracee) error { return c.Signal(0) }},
		{"wait4", func(tr *Tracer, c *Tracee) error { _, _, err := tr.Poll(c.TID); return err }},
		{"waitid", func(_ *Tracer, c *Tracee) error {
			if !c.Over() {
				c.Kill()
			}
			return c.AwaitEnd()
		}},
	} {
		t.Run(m.name, func(t *testing.T) {
			onThread(t, func(tr *Tracer) {
				for _, over := range []bool{false, true} {
					c := start(t, tr, asm.Hello64)
					if over {
						c.Kill()
						for !c.Over() {
							wait(t, c)
						}
					}
					tap := &record{}
					tr.Observer = tap
					err := m.call(tr, c)
					tr.Observer = nil
					if (err != nil) != over {
						t.Fatalf("of a tracee that has ended: %v, it answers %v", over, err)
					}
					if len(tap.before) != len(tap.after) {
						t.Fatalf("before: %s\nafter: %s", names(tap.before, ByTracer), names(tap.after, ByTracer))
					}
					made := -1
					for i, after := range tap.after {
						if before := tap.before[i]; before.Name != after.Name || before.TID != after.TID || before.Errno != 0 {
							t.Errorf("%+v\nbefore %+v", before, after)
						}
						if after.Name == m.name {
							made = i
						}
					}
					if made < 0 || (tap.after[made].Errno != 0) != over || over && tap.after[made].Result != -int64(tap.after[made].Errno) {
						t.Errorf("of a tracee that has ended: %v, told %+v", over, tap.after)
					}
				}
			})
		})
	}
}

// entry is where hello64 begins.
func entry() Addr {
	file, err := asm.Hello64.ELF()
	if err != nil {
		panic(err)
	}
	return Addr(file.Entry)
}

// The ways to a tracee, each to a process that is there and to one that is not.
func TestObserverSeesAttachments(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		const nobody TID = 1 << 30
		for _, m := range []struct {
			name string
			call func(tid TID) (*Tracee, error)
		}{
			{"PTRACE_ATTACH", tr.Attach},
			{"PTRACE_SEIZE", func(tid TID) (*Tracee, error) { return tr.Seize(tid, 0) }},
		} {
			for _, tid := range []TID{nobody, ticking(t, tr).TID} {
				tap := &record{}
				tr.Observer = tap
				_, err := m.call(tid)
				tr.Observer = nil
				if (err == nil) != (tid != nobody) || names(tap.before, ByTracer) != m.name || names(tap.after, ByTracer) != m.name {
					t.Errorf("%s of %v: %v, before %+v, after %+v", m.name, tid, err, tap.before, tap.after)
				}
			}
		}
	})
}

// A fork whose child cannot execute its program has an end too, and the error is
// that of the execve.
func TestObserverSeesAForkThatFails(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		tap := &record{}
		tr.Observer = tap
		_, err := tr.Start(Command{Path: "/no such program", Argv: []string{"none"}})
		tr.Observer = nil
		if err != syscall.ENOENT {
			t.Errorf("the error is %v", err)
		}
		if len(tap.before) != 1 || len(tap.after) != 1 || tap.after[0].Name != "fork" || tap.after[0].Errno != syscall.ENOENT {
			t.Errorf("before %+v, after %+v", tap.before, tap.after)
		}
	})
}

// StepOn tells its three requests where somebody listens.
func TestObserverSeesStepOn(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		tap := &record{}
		tr.Observer = tap
		_, _, err := c.StepOn(0)
		tr.Observer = nil
		must(t, err)
		if got := names(tap.after, ByTracer); got != "PTRACE_SINGLESTEP wait4 PTRACE_PEEKUSER" {
			t.Errorf("observed %s", got)
		}
	})
}
