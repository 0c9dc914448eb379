package supervise

import (
	"runtime"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// Lend gives the terminal that keys come from to a process group, with its line editing
// and echo: what is typed goes there, and Ctrl-C and Ctrl-Z too. Back takes it again.
// Without such a terminal nothing happens.
func (s *Supervisor) Lend(group tracer.TID) (back func()) {
	terminal := s.jobs.terminal.Load()
	if !terminal.entered() || !foreground() {
		return func() {}
	}
	terminal.leave()
	handTo(terminal.fd, int(group))
	return func() {
		handTo(terminal.fd, unix.Getpgrp())
		terminal.enter()
	}
}

// handTo makes a process group that of the foreground. Who is in the background and
// asks for that is stopped by SIGTTOU, unless that is blocked.
func handTo(fd, group int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	block, before := unix.Sigset_t{}, unix.Sigset_t{}
	block.Val[0] = 1 << (unix.SIGTTOU - 1)
	if unix.PthreadSigmask(unix.SIG_BLOCK, &block, &before) != nil {
		return
	}
	unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group)
	unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
}
