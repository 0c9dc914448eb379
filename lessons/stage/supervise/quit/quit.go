// Package quit lets SIGQUIT end a program of ours as other signals do. The Go
// runtime answers it with a dump of its stacks and exit status 2.
//
// It needs little, and so it is initialised before the packages that take their
// time. What comes before it is the start of the runtime itself.
package quit

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// caught has a SIGQUIT that came before Exit. One that is ignored stays so: a
// program that we start has to inherit that.
var caught = func() chan os.Signal {
	c := make(chan os.Signal, 1)
	if !signal.Ignored(syscall.SIGQUIT) {
		signal.Notify(c, syscall.SIGQUIT)
	}
	return c
}()

// next is who catches signals after us, nil before there is anybody. A signal
// that we have caught is theirs then: they may have started a program.
var (
	mu   sync.Mutex
	next chan<- os.Signal
)

// Exit ends the process with 128 + SIGQUIT when the signal comes or has come,
// until Leave.
func Exit() {
	go func() {
		for sig := range caught {
			pass(sig)
		}
	}()
}

func pass(sig os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	if next == nil {
		os.Exit(128 + int(syscall.SIGQUIT))
	}
	select {
	case next <- sig:
	default: // they have more than enough
	}
}

// Return takes SIGQUIT back from those who had it by Leave, before they stop to catch
// it: in between it would be the runtime's. From then on Exit answers it again.
func Return() {
	mu.Lock()
	defer mu.Unlock()
	next = nil
	if !signal.Ignored(syscall.SIGQUIT) {
		signal.Notify(caught, syscall.SIGQUIT)
	}
}

// Leave leaves SIGQUIT to those who catch it by a channel of their own, one that
// came a moment ago too.
func Leave(to chan<- os.Signal) {
	mu.Lock()
	next = to
	mu.Unlock()
	signal.Stop(caught)
}
