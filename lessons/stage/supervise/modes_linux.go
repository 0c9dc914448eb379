package supervise

import (
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Modes are the modes of the terminal before a program is started that may change
// them. A program that ends by itself leaves them as it likes; for one that we end we
// put them back. A nil *Modes has no terminal.
type Modes struct {
	fd         int // of our own: the program may be given the others
	state      *term.State
	foreground bool // we were in the foreground
}

// KeepModes reads the modes of the terminal that one of our descriptors leads to.
func KeepModes() *Modes {
	for fd := range 3 {
		state, err := term.GetState(fd)
		if err != nil {
			continue
		}
		own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
		if err != nil {
			return nil
		}
		return &Modes{own, state, inForeground(own)}
	}
	return nil
}

// Forget leaves the modes as they are.
func (m *Modes) Forget() {
	if m != nil {
		unix.Close(m.fd)
	}
}

// Restore puts the modes back, and the foreground to us, if the program had it from
// us. In the background the terminal is somebody else's.
func (m *Modes) Restore() {
	if m == nil {
		return
	}
	defer m.Forget()
	if !inForeground(m.fd) && !(m.foreground && m.takeForeground()) {
		return
	}
	term.Restore(m.fd, m.state)
}

// inForeground says whether the terminal is ours to use. One that is not that of our
// session has no foreground.
func inForeground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == unix.ENOTTY || err == nil && group == unix.Getpgrp()
}

// takeForeground brings us back where nobody is in the foreground any more: a program
// that had put a group of its own there has ended.
func (m *Modes) takeForeground() bool {
	group, err := unix.IoctlGetInt(m.fd, unix.TIOCGPGRP)
	if err != nil || unix.Kill(-group, 0) != unix.ESRCH {
		return false
	}
	signal.Ignore(syscall.SIGTTOU) // it would stop us, from the background
	return unix.IoctlSetPointerInt(m.fd, unix.TIOCSPGRP, unix.Getpgrp()) == nil
}
