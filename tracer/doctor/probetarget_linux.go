package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/killset"
)

// limit is how long one check may take; grace is how much longer, once its
// process is killed.
const (
	limit = 5 * time.Second
	grace = 2 * time.Second
)

// probeTarget is the process that one check is made on. The check runs on a thread
// of its own, which ends with it: for the kernel that is the death of the
// tracer, and whatever it traced is free or killed.
type probeTarget struct {
	helper  []string
	tracer  tracer.Tracer
	tracee  *tracer.Tracee
	target  asm.Target
	ended   bool          // it was waited for to the end
	refused syscall.Errno // the answer to PTRACE_TRACEME, if there is no tracee for that
	facts   facts         // of the process that somebody else attaches to

	ranThrough bool // it exited where a breakpoint was to stop it
	uncreated  bool // no program was executed: its file could not be created

	killset killset.Set // the tracee
}

// examine runs one check within the limit.
func (p *probeTarget) examine(ctx context.Context, run func(*probeTarget) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked
		err := run(p)
		p.end()
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	p.killset.Kill()
	select {
	case <-done:
	case <-time.After(grace):
	}
	return errLate
}

// end kills and reaps what the check has started.
func (p *probeTarget) end() {
	if p.tracee == nil || p.ended {
		return
	}
	p.killset.Kill()
	for !p.ended {
		stop, err := p.tracee.Wait()
		if err != nil || stop.Ended() {
			p.over()
		} else {
			p.tracee.Cont(0)
		}
	}
}

// over takes note that the tracee was reaped.
func (p *probeTarget) over() {
	p.ended = true
	p.killset.Remove(p.tracee.TID)
}

// run starts a bundled program in one of two ways: (*tracer.Tracer).Start, or
// Spawn for one that does not volunteer.
func (p *probeTarget) run(target asm.Target, start func(*tracer.Tracer, tracer.Command) (*tracer.Tracee, error)) error {
	image, err := target.Open()
	if err != nil {
		return err
	}
	defer image.Close()
	return p.runImage(target, image, start)
}

func (p *probeTarget) runImage(target asm.Target, image *asm.Image, start func(*tracer.Tracer, tracer.Command) (*tracer.Tracee, error)) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	p.target = target
	t, err := start(&p.tracer, tracer.Command{Path: image.Path(), Argv: []string{target.Name}, Files: []*os.File{null, null, null}})
	if err != nil {
		return err
	}
	p.tracee = t
	p.killset.Add(t.TID)
	unix.Prlimit(int(t.TID), unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	return nil
}

func (p *probeTarget) start(target asm.Target) error { return p.run(target, (*tracer.Tracer).Start) }
func (p *probeTarget) spawn(target asm.Target) error { return p.run(target, (*tracer.Tracer).Spawn) }

// wait waits for the next stop, and complains about an end.
func (p *probeTarget) wait() (tracer.Stop, error) {
	stop, err := p.tracee.Wait()
	switch {
	case err != nil:
		return stop, err
	case stop.Kind == tracer.Killed && syscall.Signal(stop.Signal) == unix.SIGSYS:
		p.over()
		return stop, errKills
	case stop.Ended():
		p.over()
		return stop, surprise(fmt.Sprintf("the tracee %s and did not stop", ending(stop)))
	}
	return stop, nil
}

// ending is a predicate: "has exited (wait status 0x00000100)".
func ending(stop tracer.Stop) string {
	verb := "has "
	if stop.Kind == tracer.Killed {
		verb = "was "
	}
	return fmt.Sprintf("%s%s (wait status %v)", verb, stop.Name(), stop.Status)
}

// stopped waits for a stop by SIGTRAP of one kind.
func (p *probeTarget) stopped(kind tracer.Kind) (tracer.Stop, error) {
	stop, err := p.wait()
	if err == nil && (stop.Kind != kind || stop.Signal != tracer.SIGTRAP) {
		err = surprise(fmt.Sprintf("the status was %v, a %s by %v", stop.Status, stop.Name(), stop.Signal))
	}
	return stop, err
}

// volunteer starts a child that asks for PTRACE_TRACEME, up to the stop at its
// execve.
func (p *probeTarget) volunteer() error {
	if err := p.start(asm.Hello64); err != nil {
		return err
	}
	_, err := p.stopped(tracer.SignalDelivery)
	return err
}

// ready makes a stopped tracee that volunteers. Where that is refused the tracee
// is an untraced process: the request is made all the same, and its answer is
// told.
func (p *probeTarget) ready() error {
	err := p.volunteer()
	var errno syscall.Errno
	if err == nil || p.tracee != nil || !errors.As(err, &errno) {
		return err
	}
	p.refused = errno
	return p.spawn(asm.Ticker)
}

// entry is the address of the first instruction.
func (p *probeTarget) entry() tracer.Addr {
	file, err := p.target.ELF()
	if err != nil {
		return 0
	}
	return tracer.Addr(file.Entry)
}

// exits waits for the end of a program that runs by itself, and compares its
// exit status.
func (p *probeTarget) exits() error {
	stop, err := p.tracee.Wait()
	if err != nil {
		return err
	}
	if stop.Ended() {
		p.over()
	}
	if stop.Kind == tracer.Killed && syscall.Signal(stop.Signal) == unix.SIGSYS {
		return killed(p.target.Name)
	}
	if stop.Kind != tracer.Exited || stop.ExitCode != p.target.Exit.Status {
		return surprise(fmt.Sprintf("%s %s", p.target.Name, ending(stop)))
	}
	return nil
}
