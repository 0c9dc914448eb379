package tracer

// Attach begins to trace a running thread, and sends it a SIGSTOP. It returns
// at once: the stop is reported by Wait, perhaps after other signals, which are
// to be passed on, and the SIGSTOP is to be dropped. Addr and data are ignored.
// EPERM: not allowed, or traced already, for many reasons. ESRCH: no such
// thread. The manual: ptrace(2), PTRACE_ATTACH.
func (t *Tracer) Attach(tid TID) (*Tracee, error) {
	if err := t.ptrace(&Call{Request: Attach, TID: tid}, buffer{}); err != nil {
		return nil, err
	}
	return t.known(tid, false), nil
}

// Seize begins to trace a running thread and does not stop it. The options are
// set in the same moment. Errors as Attach, and EIO for unknown option bits.
// The manual: ptrace(2), PTRACE_SEIZE (since Linux 3.4).
func (t *Tracer) Seize(tid TID, options Option) (*Tracee, error) {
	if err := t.ptrace(&Call{Request: Seize, TID: tid, Data: uint64(options)}, buffer{}); err != nil {
		return nil, err
	}
	return t.known(tid, true), nil
}

// known makes a tracee of a thread that we attached to. A child of ours stays
// one: we still have to reap it.
func (t *Tracer) known(tid TID, seized bool) *Tracee {
	if c := t.tracees[tid]; c != nil {
		c.Seized = seized
		return c
	}
	return t.add(&Tracee{TID: tid, Seized: seized})
}

// Detach lets a stopped tracee go on untraced. The signal, or 0, is what it is for
// [Tracee.Cont]. A process that was in group-stop stays stopped. ESRCH: not stopped,
// not ours, or gone. The manual: ptrace(2), PTRACE_DETACH.
func (c *Tracee) Detach(sig Signal) error {
	err := c.restart(Detach, sig)
	if err == nil && !c.Started {
		delete(c.tracer.tracees, c.TID)
	}
	return err
}

// LetGo detaches a stopped tracee as it would have gone on without us: a signal
// that its last stop has reported, and that no restart has passed on, is
// delivered. The SIGSTOP of an ATTACH is ours, and dropped. It is for the way out
// after an error; errors as Detach.
func (c *Tracee) LetGo() error {
	sig := c.pending
	if sig == SIGSTOP && !c.Seized {
		sig = 0
	}
	return c.Detach(sig)
}

// Cont restarts a stopped tracee until its next stop. Of a signal-delivery-stop the
// signal is what is delivered; 0 delivers none, and drops the one that waits. Of a
// syscall-stop a signal is sent anew, with si_code SI_KERNEL, and makes a
// signal-delivery-stop of its own. Of a group-stop and of a PTRACE_EVENT stop it is
// ignored. ESRCH: not stopped, not ours, or gone. EIO: no such signal. The manual:
// ptrace(2), PTRACE_CONT and "Signal injection and suppression".
func (c *Tracee) Cont(sig Signal) error { return c.restart(Cont, sig) }

// SingleStep restarts a stopped tracee for one machine instruction, as Cont
// does. The stop after it is a signal-delivery-stop by SIGTRAP, with si_code
// TRAP_TRACE, or TRAP_BRKPT after a system call. The trap flag of the processor
// does it, and the program can see it there. The manual: PTRACE_SINGLESTEP.
func (c *Tracee) SingleStep(sig Signal) error { return c.restart(SingleStep, sig) }

// Syscall restarts a stopped tracee, as Cont does, and stops it at the next
// entry to a system call or exit from one. The manual: ptrace(2),
// PTRACE_SYSCALL.
func (c *Tracee) Syscall(sig Signal) error { return c.restart(Syscall, sig) }

// SysEmu restarts a stopped tracee, as Cont does, and stops it at the next entry to a
// system call, which is then not executed: there is no exit-stop, and what is in rax
// when it goes on is the result. Errors as Cont, and EIO where the architecture has no
// such request. The manual: ptrace(2), PTRACE_SYSEMU (x86 only).
func (c *Tracee) SysEmu(sig Signal) error { return c.restart(SysEmu, sig) }

// SysEmuSingleStep is SingleStep that stops before a system call, which is then not
// executed. Errors as SysEmu. The manual: ptrace(2), PTRACE_SYSEMU_SINGLESTEP.
func (c *Tracee) SysEmuSingleStep(sig Signal) error { return c.restart(SysEmuSingleStep, sig) }

// SingleBlock restarts a stopped tracee, as Cont does, until a branch is taken. A
// processor without the branch-trace flag, as most virtual ones, makes it one
// SingleStep, and says nothing. Errors as Cont. Request 33 of <asm/ptrace-abi.h>; it
// is not in the manual.
func (c *Tracee) SingleBlock(sig Signal) error { return c.restart(SingleBlock, sig) }

// PtraceKill makes the old request PTRACE_KILL, which sends SIGKILL. Before Linux 5.19
// it did so to a stopped tracee alone, and answered 0 in any case; [Tracee.Kill] is
// what ends one. ESRCH: not ours, or gone. The manual: ptrace(2), PTRACE_KILL
// (deprecated).
func (c *Tracee) PtraceKill() error {
	return c.tracer.ptrace(&Call{Request: Kill, TID: c.TID}, buffer{})
}

func (c *Tracee) restart(r Request, sig Signal) error {
	err := c.tracer.ptrace(&Call{Request: r, TID: c.TID, Data: uint64(sig)}, buffer{})
	if err == nil {
		c.pending = 0
		c.inSyscall = c.inSyscall && r == Syscall // others pass the exit by
	}
	return err
}

// Interrupt stops a running tracee that was seized: a PTRACE_EVENT_STOP with
// SIGTRAP. If a stop is on its way, it may be that one instead. EIO: it was
// not seized. The manual: ptrace(2), PTRACE_INTERRUPT.
func (c *Tracee) Interrupt() error {
	return c.tracer.ptrace(&Call{Request: Interrupt, TID: c.TID}, buffer{})
}

// Listen restarts a seized tracee in group-stop and yet keeps it stopped, as
// job control wants it, until SIGCONT or another signal comes. Of the stop of
// Interrupt, which is no group-stop, it does the same. ESRCH: not stopped, not ours,
// or gone. EIO: not seized, or another stop than PTRACE_EVENT_STOP. The manual:
// ptrace(2), PTRACE_LISTEN.
func (c *Tracee) Listen() error {
	return c.tracer.ptrace(&Call{Request: Listen, TID: c.TID}, buffer{})
}

// SetOptions replaces the options of a stopped tracee. EINVAL: an unknown bit.
// The manual: ptrace(2), PTRACE_SETOPTIONS.
func (c *Tracee) SetOptions(o Option) error {
	return c.tracer.ptrace(&Call{Request: SetOptions, TID: c.TID, Data: uint64(o)}, buffer{})
}

// OldSetOptions is SetOptions by the number that it had before Linux 2.4.6, and does
// the same. Errors as SetOptions. It stands in <asm/ptrace-abi.h>, not in the manual.
func (c *Tracee) OldSetOptions(o Option) error {
	return c.tracer.ptrace(&Call{Request: OldSetOptions, TID: c.TID, Data: uint64(o)}, buffer{})
}

// EventMsg reads the message of the last PTRACE_EVENT stop: the new thread's id
// after fork, vfork and clone, the former thread's id after exec, the coming
// wait status at exit. The manual: ptrace(2), PTRACE_GETEVENTMSG.
func (c *Tracee) EventMsg() (Word, error) {
	return c.tracer.peek(&Call{Request: GetEventMsg, TID: c.TID, Pointer: "&msg"})
}

// SigInfo reads the siginfo of the signal that the tracee stopped for. EINVAL:
// it is in group-stop, which has none; that is how the two are told apart. The
// manual: ptrace(2), PTRACE_GETSIGINFO.
func (c *Tracee) SigInfo() (SigInfo, error) {
	var info SigInfo
	err := c.tracer.ptrace(&Call{Request: GetSigInfo, TID: c.TID, Pointer: "&siginfo"}, bufferOf(&info))
	return brought(c, info, err)
}

// GetSyscallInfo tells at which kind of syscall-stop the tracee is, and the
// number, arguments or result of the call. In any other stop Op is
// [SyscallInfoNone]. EIO or EINVAL: a kernel before 5.3. The manual:
// ptrace(2), PTRACE_GET_SYSCALL_INFO.
func (c *Tracee) GetSyscallInfo() (SyscallInfo, error) {
	var info SyscallInfo
	err := c.tracer.ptrace(&Call{Request: GetSyscallInfo, TID: c.TID, Addr: uint64(len(info.raw)), Pointer: "&info"},
		bufferOf(&info))
	return brought(c, info, err)
}

// SetSyscallInfo changes the call or its result, in the stop that GetSyscallInfo has
// told of: hand back what it has read, edited. At the entry the number -1 skips the
// call. EINVAL: another stop, another Op or architecture than there is, or a reserved
// byte that is not 0. EIO: a kernel before 6.16. The manual: ptrace(2),
// PTRACE_SET_SYSCALL_INFO.
func (c *Tracee) SetSyscallInfo(info SyscallInfo) error {
	return c.tracer.ptrace(&Call{Request: SetSyscallInfo, TID: c.TID, Addr: uint64(len(info.raw)), Pointer: "&info"},
		bufferOf(&info))
}

// Kill sends SIGKILL to the process by kill(2). No stop comes before the end;
// Wait reports it. ESRCH: there is no such process any more.
func (c *Tracee) Kill() error { return c.Signal(SIGKILL) }

// Signal sends a signal to the process by kill(2).
func (c *Tracee) Signal(sig Signal) error {
	return c.tracer.kill(&Call{Name: "kill", Request: notPtrace, TID: c.TID, Flag: uint64(sig)})
}

// AwaitEnd waits until the child has ended and does not reap it: it stays a
// zombie until Wait. It is waitid(2) with WEXITED and WNOWAIT.
func (c *Tracee) AwaitEnd() error {
	return c.tracer.awaitEnd(&Call{Name: "waitid", Request: notPtrace, TID: c.TID})
}
