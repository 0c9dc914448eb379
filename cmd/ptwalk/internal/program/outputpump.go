package program

import (
	"os"
	"time"

	"ptwalk/lessons/stage"
)

// outputPump empties the pipe of a program that may write more than a pipe holds
// before its next stop.
type outputPump struct {
	s     *stage.Stage
	child *stage.Child
	pipe  *os.File
}

// pumpAfter is how long we wait for a stop, at which the pipe is emptied, before
// we empty it meanwhile. A step is shorter, so that what it writes is told behind
// it.
const pumpAfter = 20 * time.Millisecond

// meanwhile begins to empty the pipe, a little later and on another thread, and
// returns how to end that.
func (p *outputPump) meanwhile() (end func()) {
	if p.child.Over() {
		return func() {}
	}
	done := make(chan struct{})
	timer := time.AfterFunc(pumpAfter, func() {
		defer close(done)
		p.s.Supervisor().Beside(p.run)
	})
	return func() {
		if timer.Stop() {
			return
		}
		p.pipe.SetReadDeadline(time.Now())
		<-done
		p.pipe.SetReadDeadline(time.Time{})
	}
}

// run tells what comes, until the deadline or the end of the pipe. Where we can
// write no more, the program cannot either: it is killed, as SIGPIPE would.
func (p *outputPump) run() {
	buf := make([]byte, 1<<16)
	for {
		n, err := p.pipe.Read(buf)
		p.child.Wrote(string(buf[:n]))
		if p.s.Lost() != nil {
			p.child.KillNow()
			return
		}
		if err != nil {
			return
		}
	}
}
