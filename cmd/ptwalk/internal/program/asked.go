package program

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/supervise/quit"
	"ptwalk/tracer"
)

// Asked holds the signals that asked us to end.
type Asked struct {
	Signals chan os.Signal
	first   atomic.Int32 // the first one, 0 if none has come
}

// ListenToEnds catches the signals that ask us to end. A broken pipe is an error of a
// write.
func ListenToEnds() *Asked {
	a := &Asked{Signals: make(chan os.Signal, 8)}
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
			a.Signals <- sig
		}
	}()
	return a
}

// First is the first signal that came, 0 for none.
func (a *Asked) First() tracer.Signal { return tracer.Signal(a.first.Load()) }
