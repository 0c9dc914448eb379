package count

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/supervise/quit"
	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// asked holds the signals that asked us to end.
type asked struct {
	signals chan os.Signal
	first   atomic.Int32 // the first one, 0 if none has come
}

// listen catches the signals that ask us to end. A broken pipe is an error of a
// write.
func listen() *asked {
	a := &asked{signals: make(chan os.Signal, 8)}
	caught := make(chan os.Signal, 8)
	base.CatchEnds(caught)
	quit.Leave(caught)
	if !signal.Ignored(syscall.SIGPIPE) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	}
	go func() {
		for sig := range caught {
			number, _ := sig.(syscall.Signal)
			a.first.CompareAndSwap(0, int32(number))
			a.signals <- sig
		}
	}()
	return a
}

// tell says in the result that the program died of the signal that asked us to
// end. We have not killed it then, and what it has not done is missing as well.
func (a *asked) tell(res *count.Result) {
	sig := tracer.Signal(a.first.Load())
	if sig != 0 && !res.Partial && res.End.Kind == tracer.Killed && res.End.Signal == sig {
		res.Partial, res.Why, res.Signal = true, count.Interrupted, sig
	}
}
