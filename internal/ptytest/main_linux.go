package ptytest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Main is a program for scripts: it runs its arguments on a terminal, types what its
// standard input has, writes to standard output what is shown, without carriage
// returns, and ends with the status of the command. A command that leaves the
// terminal's settings changed makes it fail.
//
//	stdin keys
//	exec pty ptwalk 4
//	stdout 'Answer: b'
func Main() {
	changed, err := play(os.Args[1:])
	if changed != "" {
		fmt.Fprintln(os.Stderr, "pty: the terminal's settings were changed:", changed)
		os.Exit(1)
	}
	os.Exit(status(err))
}

func play(args []string) (changed string, err error) {
	master, slave, err := open()
	if err != nil {
		return err.Error(), nil
	}
	before, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		return err.Error(), nil
	}
	c := exec.Command(args[0], args[1:]...)
	c.Stdin, c.Stdout, c.Stderr = slave, slave, slave
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		return err.Error(), nil
	}
	shown := make(chan struct{})
	go func() {
		io.Copy(withoutReturns{os.Stdout}, master) // ends when nobody has the other end
		close(shown)
	}()
	go io.Copy(master, os.Stdin)
	err = c.Wait()
	after, failed := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if failed != nil || *after != *before {
		changed = fmt.Sprintf("%+v, and were %+v", after, before)
	}
	slave.Close()
	<-shown
	return changed, err
}

// withoutReturns leaves carriage returns out.
type withoutReturns struct{ w io.Writer }

func (w withoutReturns) Write(p []byte) (int, error) {
	text := make([]byte, 0, len(p))
	for _, b := range p {
		if b != '\r' {
			text = append(text, b)
		}
	}
	_, err := w.w.Write(text)
	return len(p), err
}
