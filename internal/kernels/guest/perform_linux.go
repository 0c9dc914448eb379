package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/internal/kernels/wire"
)

// users may run a case.
var users = map[string]struct {
	id   int
	home string
}{
	"root":   {0, "/root"},
	"nobody": {65534, "/home/nobody"},
}

// output takes what a run prints.
const output = "/run/output"

// most is how much of it is handed on: the end.
const most = 4 << 20

// perform runs a case once. Whatever it leaves running is named and killed.
func perform(c wire.Case) (wire.Run, error) {
	out, err := os.Create(output)
	if err != nil {
		return wire.Run{}, err
	}
	defer out.Close()
	argv := slices.Clone(c.Argv)
	beside := 0
	if c.Beside != nil {
		if beside, err = startBeside(c); err != nil {
			return wire.Run{}, err
		}
		for i := range argv {
			argv[i] = strings.ReplaceAll(argv[i], wire.PID, strconv.Itoa(beside))
		}
	}
	began := time.Now()
	pid, err := start(c, argv, out)
	if err != nil {
		return wire.Run{}, err
	}
	run := wire.Run{}
	status, late := await(pid, c.Limit)
	run.Late, run.Seconds, run.Yama = late, time.Since(began).Seconds(), yama()
	run.Status = status.ExitStatus()
	if status.Signaled() {
		run.Status = 128 + int(status.Signal())
	}
	run.Left = left(beside)
	unix.Kill(-1, unix.SIGKILL) // all but us
	for {
		if _, err := unix.Wait4(-1, nil, unix.WALL, nil); err != nil && err != unix.EINTR {
			break
		}
	}
	text, err := os.ReadFile(output)
	if err != nil {
		return wire.Run{}, err
	}
	run.Output = wire.Packed(text[max(0, len(text)-most):])
	return run, nil
}

// startBeside starts the program beside, and waits until it says that it is
// ready.
func startBeside(c wire.Case) (int, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	pid, err := start(c, c.Beside, w)
	w.Close()
	if err != nil {
		return 0, err
	}
	r.SetReadDeadline(time.Now().Add(c.Limit))
	if _, err := r.Read(make([]byte, 1)); err != nil {
		return 0, fmt.Errorf("%v is not ready: %w", c.Beside, err)
	}
	return pid, nil
}

// start starts a program as the user of the case, in a session of its own.
func start(c wire.Case, argv []string, out *os.File) (int, error) {
	user, ok := users[c.User]
	if !ok {
		return 0, fmt.Errorf("no user %q", c.User)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	env := append([]string{
		"PATH=/lab/bin:/usr/bin:/bin", "HOME=" + user.home, "USER=" + c.User, "TMPDIR=/tmp", "LC_ALL=C.UTF-8",
	}, c.Env...)
	return syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Dir: c.Dir, Env: env, Files: []uintptr{null.Fd(), out.Fd(), out.Fd()},
		Sys: &syscall.SysProcAttr{Setsid: true, Credential: &syscall.Credential{Uid: uint32(user.id), Gid: uint32(user.id)}},
	})
}

// await reaps whatever ends, until pid does. Behind the limit it is asked to say
// where it is, and then killed.
func await(pid int, limit time.Duration) (unix.WaitStatus, bool) {
	var late atomic.Bool
	ended, given := make(chan bool), make(chan bool)
	go func() {
		defer close(given)
		for _, sig := range []unix.Signal{unix.SIGQUIT, unix.SIGKILL} { // a Go program tells by the first
			select {
			case <-ended:
				return
			case <-time.After(limit):
				late.Store(true)
				unix.Kill(pid, sig)
				limit = patience
			}
		}
	}()
	for {
		var status unix.WaitStatus
		got, err := unix.Wait4(-1, &status, unix.WALL, nil)
		if got == pid && (status.Exited() || status.Signaled()) {
			close(ended)
			<-given
			return status, late.Load()
		}
		if err != nil && err != unix.EINTR {
			panic(err)
		}
	}
}

// patience is what a program has between the two signals.
const patience = 2 * time.Second

// left are the processes that still run, but for us and the one beside. Those
// that are about to end have a moment to do so.
func left(beside int) (names []string) {
	for range 50 {
		for got := 1; got > 0; {
			got, _ = unix.Wait4(-1, nil, unix.WALL|unix.WNOHANG, nil)
		}
		if names = running(beside); len(names) == 0 {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return names
}

// running are the programs of all processes but ours, the kernel's and beside.
func running(beside int) (names []string) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == 1 || pid == beside {
			continue
		}
		line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if err == nil && len(line) > 0 { // a thread of the kernel has none
			names = append(names, strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")))
		}
	}
	return names
}
