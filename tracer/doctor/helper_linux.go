package doctor

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// attachOther lets another process of ours ask: our child is not its
// descendant. Both are ours to reap, so that nothing is left to anybody else.
func (p *probeTarget) attachOther() error {
	if len(p.helper) == 0 {
		return errNotAsked
	}
	if err := p.spawn(asm.Ticker); err != nil {
		return err
	}
	pid := int(p.tracee.TID)
	p.facts = machine.facts("PTRACE_ATTACH", pid, 0)
	p.facts.Descendant = false // not of the one who asks
	cmd := exec.Command("/proc/self/exe", append(p.helper[1:len(p.helper):len(p.helper)], strconv.Itoa(pid))...)
	cmd.Args[0] = p.helper[0]
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == unix.SIGSYS {
			return errKills
		}
	}
	answer, parsed := strconv.Atoi(strings.TrimSpace(string(out)))
	switch {
	case err != nil:
		return err
	case parsed != nil:
		return surprise("the one who asked said " + strconv.Quote(string(out)))
	case answer != 0:
		return syscall.Errno(answer)
	}
	return nil
}

// Help is the other process of that check: it attaches to the process that its
// operand names, lets it go and prints the errno as a number.
func Help(args []string) int {
	pid := 0
	if len(args) == 1 {
		pid, _ = strconv.Atoi(args[0])
	}
	if pid <= 0 {
		return 2
	}
	time.AfterFunc(limit, func() { os.Exit(1) })
	runtime.LockOSThread()
	var t tracer.Tracer
	tracee, err := t.Attach(tracer.TID(pid))
	for err == nil {
		var stop tracer.Stop
		if stop, err = tracee.Wait(); err != nil || stop.Ended() {
			break
		}
		if stop.Signal == tracer.SIGSTOP {
			err = tracee.Detach(0)
			break
		}
		err = tracee.Cont(stop.Signal)
	}
	var errno syscall.Errno
	errors.As(err, &errno)
	fmt.Println(int(errno))
	return 0
}

// probe makes one harmless request, on another thread than the caller's, whose
// own requests somebody may be counting. There is no process 0, so the kernel
// answers ESRCH; any other answer comes from somebody in front of it.
func probe(request string) syscall.Errno {
	number := uintptr(unix.PTRACE_PEEKUSR) // PTRACE_TRACEME would be about ourselves
	if r, ok := names.RequestByName(request); ok && r.Number != unix.PTRACE_TRACEME {
		number = uintptr(r.Number)
	}
	answer := make(chan syscall.Errno)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		_, _, errno := unix.Syscall6(unix.SYS_PTRACE, number, 0, 0, 0, 0, 0)
		answer <- errno
	}()
	return <-answer
}

// probeKills says whether a filter kills whoever makes a ptrace request. A child
// finds out: it asks for PTRACE_TRACEME and then for a program that is not
// there, so that ENOENT means that it is alive.
func probeKills() bool {
	pid, err := syscall.ForkExec("/", []string{"/"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return false
	}
	for {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(pid, &status, 0, nil); err == syscall.EINTR {
			continue
		}
		return status.Signaled() && status.Signal() == unix.SIGSYS
	}
}
