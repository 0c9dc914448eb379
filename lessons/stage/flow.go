package stage

import (
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"ptwalk/asm"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// StartCommand makes a child that volunteers and becomes a program that keeps
// the files it is given. The error is that of tracer.Start. If told is true the
// program has a pipe for its standard output, and output events tell what it
// writes; what its own children write after its end is lost.
func (s *Stage) StartCommand(cmd tracer.Command, told bool) (*Child, error) {
	child := &Child{s: s, Target: asm.Target{Name: cmd.Argv[0]}}
	if told {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		defer w.Close()
		cmd.Files = []*os.File{cmd.Files[0], w, cmd.Files[2]}
		child.output = []*stream{{name: "stdout", file: r}}
	}
	var err error
	if child.Tracee, err = s.Tracer.Start(cmd); err != nil {
		for _, st := range child.output {
			st.file.Close()
		}
		return nil, err
	}
	if told {
		s.shared = &sync.Mutex{}
		child.flow = &flow{child: child, stream: child.output[0], at: s.at()}
	}
	s.own(child)
	return child, nil
}

// flow is the pipe of a program of somebody's, which may write more than a pipe
// holds before its next stop.
type flow struct {
	child  *Child
	stream *stream
	at     string
}

// flowAfter is how long we wait for a stop, at which the pipe is emptied, before
// we empty it meanwhile. A step is shorter, so that what it writes is told behind
// it.
const flowAfter = 20 * time.Millisecond

// wait is Wait of the tracee, and tells meanwhile what it writes.
func (c *Child) wait() (tracer.Stop, error) {
	defer c.flow.meanwhile()()
	return c.Tracee.Wait()
}

// meanwhile begins to empty the pipe, a little later and on another thread, and
// returns how to end that. Without a pipe it does nothing.
func (f *flow) meanwhile() (stop func()) {
	if f == nil || f.child.ended {
		return func() {}
	}
	done := make(chan struct{})
	timer := time.AfterFunc(flowAfter, func() {
		defer close(done)
		f.child.s.opt.Supervisor.Beside(f.run)
	})
	return func() {
		if timer.Stop() {
			return
		}
		f.stream.file.SetReadDeadline(time.Now())
		<-done
		f.stream.file.SetReadDeadline(time.Time{})
	}
}

// run tells what comes, until the deadline or the end of the pipe. Where we can
// write no more, the program cannot either: it is killed, as SIGPIPE would.
func (f *flow) run() {
	s := f.child.s
	buf := make([]byte, 1<<16)
	for {
		n, err := f.stream.file.Read(buf)
		if text := f.stream.whole(string(buf[:n]), false); text != "" {
			s.put(&event.Output{Base: event.Base{At: f.at}, Stream: f.stream.name, Text: text})
		}
		if s.Lost() != nil {
			f.child.KillNow()
			return
		}
		if err != nil {
			return
		}
	}
}

// stream is our end of a pipe that the child writes to.
type stream struct {
	name string
	file *os.File
	rest string // the beginning of a character whose end is to come
}

// whole is what has come, in whole characters unless it is the last.
func (st *stream) whole(text string, last bool) string {
	text = st.rest + text
	end := len(text)
	for i := max(0, end-utf8.UTFMax+1); i < len(text) && !last; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRuneInString(text[i:]) {
			end = i
			break
		}
	}
	st.rest = text[end:]
	return text[:end]
}
