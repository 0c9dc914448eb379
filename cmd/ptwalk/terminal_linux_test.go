package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// pty is a terminal of the test, with what was written to it.
type pty struct {
	t      *testing.T
	master *os.File
	slave  *os.File
	before unix.Termios

	mu   sync.Mutex
	text strings.Builder
}

func openPty(t *testing.T) *pty {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		unavailable(t, "there is no pseudo-terminal: "+err.Error())
	}
	p := &pty{t: t, master: os.NewFile(uintptr(fd), "ptmx")}
	must(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	must(t, err)
	p.slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	must(t, err)
	must(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}))
	p.before = p.settings()
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := p.master.Read(buf)
			p.mu.Lock()
			p.text.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { p.slave.Close(); p.master.Close() })
	return p
}

// settings are those that stty shows.
func (p *pty) settings() unix.Termios {
	p.t.Helper()
	s, err := unix.IoctlGetTermios(int(p.slave.Fd()), unix.TCGETS)
	must(p.t, err)
	return *s
}

// unchanged checks that the terminal is as it was.
func (p *pty) unchanged() {
	p.t.Helper()
	if now := p.settings(); now != p.before {
		p.t.Errorf("the terminal's settings were\n%+v and are\n%+v", p.before, now)
	}
}

// on makes the terminal that of a session whose leader is the supervisor.
func (p *pty) on(c *exec.Cmd) {
	c.Stdin, c.Stdout, c.Stderr = p.slave, p.slave, p.slave
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// types sends keys.
func (p *pty) types(keys string) {
	p.t.Helper()
	_, err := p.master.WriteString(keys)
	must(p.t, err)
}

func (p *pty) shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// shows waits for a text on the terminal.
func (p *pty) shows(text string) {
	p.t.Helper()
	await(p.t, "the terminal shows "+text, func() bool { return strings.Contains(p.shown(), text) })
}
