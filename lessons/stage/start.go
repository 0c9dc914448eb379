package stage

import (
	"os"
	"slices"
	"sync"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// Start makes a child that volunteers by PTRACE_TRACEME and becomes target.
func (s *Stage) Start(target asm.Target, args ...string) *Child {
	return s.launch(target, args, s.Tracer.Start)
}

// Ready is Start and the first Wait, told in two lines: for sections that begin
// at the stop of execve and are about something else.
func (s *Stage) Ready(target asm.Target, args ...string) (child *Child) {
	s.Briefly(func() {
		child = s.Start(target, args...)
		child.Wait()
	})
	return child
}

// Spawn makes a child that becomes target without volunteering.
func (s *Stage) Spawn(target asm.Target, args ...string) *Child {
	return s.launch(target, args, s.Tracer.Spawn)
}

func (s *Stage) launch(target asm.Target, args []string, start func(tracer.Command) (*tracer.Tracee, error)) *Child {
	image, err := target.Open()
	if err != nil {
		s.Fail(err)
	}
	defer image.Close()
	return s.run(target, tracer.Command{Path: image.Path(), Argv: append([]string{target.Name}, args...)}, start)
}

// StartProgram makes a child that volunteers and becomes a program of this
// machine, with an empty environment.
func (s *Stage) StartProgram(path string, args ...string) *Child {
	cmd := tracer.Command{Path: path, Argv: append([]string{path}, args...)}
	return s.run(asm.Target{Name: path}, cmd, s.Tracer.Start)
}

// run starts cmd with its input from /dev/null and its output to pipes.
func (s *Stage) run(target asm.Target, cmd tracer.Command, start func(tracer.Command) (*tracer.Tracee, error)) *Child {
	null, err := os.Open(os.DevNull)
	if err != nil {
		s.Fail(err)
	}
	defer null.Close()
	child := &Child{s: s, Target: target}
	cmd.Files = []*os.File{null}
	cmd.Group = true
	for _, name := range []string{"stdout", "stderr"} {
		r, w, err := os.Pipe()
		if err != nil {
			s.Fail(err)
		}
		defer w.Close()
		cmd.Files = append(cmd.Files, w)
		child.output = append(child.output, &stream{name: name, file: r})
	}
	child.Tracee, err = start(cmd)
	if err != nil {
		s.failStart(target.Name, err)
	}
	noCore(int(child.TID()))
	s.track(child)
	return child
}

// Adopt makes a tracee a child that a command has started. Output is our end of
// the pipe that is its standard output; nil if it keeps that for itself.
func (s *Stage) Adopt(tracee *tracer.Tracee, name string, output *os.File) *Child {
	child := &Child{s: s, Target: asm.Target{Name: name}, Tracee: tracee, born: s.at()}
	if output != nil {
		child.output = []*stream{{name: "stdout", file: output}}
		s.shared = &sync.Mutex{}
	}
	s.track(child)
	return child
}

// track makes a child known to those who end it.
func (s *Stage) track(child *Child) {
	s.children = append(s.children, child)
	s.opt.Supervisor.Started(child.TID())
}

// clean leaves no child of the section behind.
func (s *Stage) clean() {
	s.EndAll()
	s.children = nil
}

// reap ends a child. After SIGKILL no stop needs an answer but the stop at
// PTRACE_EVENT_EXIT.
func (c *Child) reap() {
	if !c.Tracee.Over() && c.Tracee.Kill() != nil {
		c.s.opt.Supervisor.Kill(c.TID()) // a filter may refuse kill(2)
	}
	for !c.Tracee.Over() {
		stop, err := c.Tracee.Wait()
		if err != nil {
			break
		}
		if c.s.Tracer.Observer != nil {
			c.tell(stop, nil)
		}
		if stop.Ended() {
			break
		}
		c.Tracee.Cont(0)
	}
	c.close()
}

// End kills the child and reaps it: the section is done with it.
func (c *Child) End() { c.s.Briefly(c.reap) }

// EndAll kills and reaps all that the section has started and that lives, the newest
// first: a process is over when its other threads have been reaped.
func (s *Stage) EndAll() {
	for _, c := range slices.Backward(s.children) {
		if !c.ended && c.Tracee.Started {
			c.End()
		}
	}
}
