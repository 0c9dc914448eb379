package ptytest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Program is a program on a terminal of its own, as in a lecture hall.
type Program struct {
	*Terminal
	Process *os.Process

	cmd    *exec.Cmd
	exited chan error
}

// Start starts a program on a terminal of 80 columns and 24 rows, in a session of
// its own. Its environment is ours and env. It is killed at the end of the test.
func Start(t testing.TB, env []string, args ...string) *Program {
	t.Helper()
	p := &Program{Terminal: Open(t), cmd: exec.Command(args[0], args[1:]...), exited: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir(), "TERM=xterm", "NO_COLOR=1", "PS1=$ ")
	p.cmd.Env = append(p.cmd.Env, env...)
	p.On(p.cmd)
	p.must(p.cmd.Start())
	p.Process = p.cmd.Process
	go func() { p.exited <- p.cmd.Wait() }()
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// On makes the terminal that of a command, which begins a session.
func (p *Terminal) On(c *exec.Cmd) {
	c.Stdin, c.Stdout, c.Stderr = p.Slave, p.Slave, p.Slave
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// Ended waits for the end of the program, and returns its exit status as a shell
// has it.
func (p *Program) Ended() int {
	p.t.Helper()
	select {
	case err := <-p.exited:
		return status(err)
	case <-time.After(Limit):
		p.t.Fatalf("it has not ended; shown:\n%s", p.Shown())
	}
	return 0
}

// status is what a shell says of how a command ended.
func status(err error) int {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0
	}
	if w := exit.Sys().(syscall.WaitStatus); w.Signaled() {
		return 128 + int(w.Signal())
	}
	return exit.ExitCode()
}

// Ends checks how the program ends: its exit status, a terminal as it was, and no
// process of its session left.
func (p *Program) Ends(want int) {
	p.t.Helper()
	if got := p.Ended(); got != want {
		p.t.Errorf("exit status %d, want %d; shown:\n%s", got, want, p.Shown())
	}
	p.Unchanged()
	p.Nobody()
}

// Nobody waits until no process of the session is left but zombies, which somebody
// else has to reap.
func (p *Program) Nobody() {
	p.t.Helper()
	p.await("nobody is left in the session", func() bool { return len(p.session("")) == 0 })
}

// Stopped waits until a program of the session is stopped.
func (p *Program) Stopped(name string) {
	p.t.Helper()
	p.await(name+" is stopped", func() bool { return len(p.session("("+name+") T ")) > 0 })
}

func (p *Program) await(what string, ready func() bool) {
	p.t.Helper()
	for begin := time.Now(); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > Limit {
			p.t.Fatalf("not within %v: %s; in the session are %v; shown:\n%s", Limit, what, p.session(""), p.Shown())
		}
	}
}

// session is what /proc/PID/stat says of each process of the session that is no
// zombie, if it has a word in it.
func (p *Program) session(word string) (found []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, _ := os.ReadFile(name)
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 3 && fields[3] == strconv.Itoa(p.Process.Pid) && fields[0] != "Z" && strings.Contains(string(text), word) {
			found = append(found, string(text))
		}
	}
	return found
}
