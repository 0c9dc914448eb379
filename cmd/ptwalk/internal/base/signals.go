package base

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// CatchEnds has the signals that ask us to end sent to caught: SIGINT, SIGTERM,
// SIGHUP and SIGQUIT. One that is ignored stays so, because a program that we start
// has to inherit that.
func CatchEnds(caught chan<- os.Signal) {
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(caught, sig)
		}
	}
}

// UntilSignal does work, and cancels its context when a signal asks us to end. It
// returns when work does, with that signal or 0.
func UntilSignal(work func(context.Context) error) (syscall.Signal, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	caught := make(chan os.Signal, 1)
	defer signal.Stop(caught)
	CatchEnds(caught)
	done := make(chan error)
	go func() { done <- work(ctx) }()
	select {
	case err := <-done:
		return 0, err
	case sig := <-caught:
		cancel()
		return sig.(syscall.Signal), <-done
	}
}
