package cmdtest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Ending is what the supervisor tells of a run.
type Ending struct {
	Status  int      // as a shell has it: 128+n for signal n
	Killed  bool     // by a signal, and not by an exit status
	Zombies []string // children that were left to be reaped
	Alive   []string // children that were left running
	Late    []string // those that nothing had killed a second later
	Stdout  string   `json:"-"`
	Stderr  string   `json:"-"`
	Took    time.Duration
}

// The ways to supervise, which stand before the command.
const (
	reporting = "-report" // by JSON on descriptor 3: first the pid, then the ending
	orphaning = "-orphan" // the same, and the command's process group is orphaned
	scripted  = "-script" // as the command, or with status 99 if something was left
)

// supervise is a program that runs a command, reports on it, and kills what it has
// left. On a terminal the command is in the foreground with its supervisor;
// elsewhere it has a process group of its own. The supervisor is in another group of
// the same session, and so that one is not orphaned: stop signals stop it.
func supervise() {
	syscall.CloseOnExec(3)
	// What a terminal sends to all of us is for the command alone.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGHUP)
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	way, command := os.Args[1], os.Args[2:]
	path, err := exec.LookPath(command[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "supervise:", err)
		os.Exit(99)
	}
	attr := &syscall.SysProcAttr{Setsid: way == orphaning}
	if tty, err := os.Open("/dev/tty"); err == nil {
		tty.Close()
	} else {
		attr.Setpgid = way != orphaning
	}
	pid, err := syscall.ForkExec(path, command, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: attr})
	if err != nil {
		panic(err)
	}
	if way == scripted {
		e := await(pid)
		if len(e.Zombies)+len(e.Alive) > 0 {
			fmt.Fprintf(os.Stderr, "supervise: left behind: zombies %v, alive %v\n", e.Zombies, e.Alive)
			os.Exit(99)
		}
		os.Exit(e.Status)
	}
	report := json.NewEncoder(os.NewFile(3, "report"))
	report.Encode(pid)
	report.Encode(await(pid))
}

// await waits for the end of a child and looks at what it has left.
func await(pid int) Ending {
	var ws syscall.WaitStatus
	for err := syscall.EINTR; err == syscall.EINTR; {
		_, err = wait4(pid, &ws, 0)
	}
	e := Ending{Status: ws.ExitStatus(), Killed: ws.Signaled()}
	if e.Killed {
		e.Status = 128 + int(ws.Signal())
	}
	for child, err := wait4(-1, &ws, syscall.WNOHANG); err == 0 && child > 0; child, err = wait4(-1, &ws, syscall.WNOHANG) {
		e.Zombies = append(e.Zombies, fmt.Sprintf("%d, status %#x", child, uint32(ws)))
	}
	left := Children(os.Getpid())
	e.Alive = describeAll(left)
	// A second for each to be killed, and on a busy machine more to be dead then.
	for begin := time.Now(); len(left) > 0 && (time.Since(begin) < time.Second || time.Since(begin) < Limit/3 && slices.ContainsFunc(left, dying)); {
		time.Sleep(time.Millisecond)
		left = Children(os.Getpid())
	}
	e.Late = describeAll(left)
	for begin := time.Now(); len(left) > 0 && time.Since(begin) < Limit/3; left = Children(os.Getpid()) {
		for _, child := range left { // when it is dead, its own children are ours
			syscall.Kill(child, syscall.SIGKILL)
			wait4(child, &ws, 0)
		}
	}
	return e
}

func wait4(pid int, ws *syscall.WaitStatus, options int) (int, syscall.Errno) {
	child, err := syscall.Wait4(pid, ws, options|syscall.WALL, nil)
	errno, _ := err.(syscall.Errno)
	return child, errno
}

func describeAll(pids []int) (all []string) {
	for _, pid := range pids {
		all = append(all, Describe(pid))
	}
	return all
}
