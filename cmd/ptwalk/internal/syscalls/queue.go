package syscalls

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// queue writes beside the tracer: a process that we have not started must not wait for
// whoever reads our lines. When too much waits to be written, whole writes are left
// out, and their number is told.
type queue struct {
	w io.Writer

	mu      sync.Mutex
	waiting []byte
	missing int
	err     error
	more    chan struct{}
	over    bool
	done    chan struct{}
}

// mostWaiting is how many bytes may wait to be written.
const mostWaiting = 64 << 20

func newQueue(w io.Writer) *queue {
	q := &queue{w: w, more: make(chan struct{}, 1), done: make(chan struct{})}
	go q.run()
	return q
}

func (q *queue) Write(p []byte) (int, error) {
	q.mu.Lock()
	switch {
	case len(q.waiting)+len(p) > mostWaiting:
		q.missing++
	case q.missing > 0:
		q.waiting = fmt.Appendf(q.waiting, "\nptwalk: what reads this is slow: %d pieces are missing here\n", q.missing)
		q.missing = 0
		fallthrough
	default:
		q.waiting = append(q.waiting, p...)
	}
	q.mu.Unlock()
	q.wake()
	return len(p), nil
}

func (q *queue) wake() {
	select {
	case q.more <- struct{}{}:
	default:
	}
}

func (q *queue) run() {
	defer close(q.done)
	for {
		q.mu.Lock()
		text, over := slices.Clip(q.waiting), q.over
		q.waiting = nil
		q.mu.Unlock()
		if len(text) == 0 {
			if over {
				return
			}
			<-q.more
			continue
		}
		if _, err := q.w.Write(text); err != nil {
			q.mu.Lock()
			q.err = err
			q.mu.Unlock()
			return
		}
	}
}

// failed says that nothing can be written any more.
func (q *queue) failed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err != nil
}

// patience is how long what waits may take to be written at the end.
const patience = 2 * time.Second

// drain writes what waits. Another signal ends that, and so does a reader that does not
// read: nobody is held by then.
func (q *queue) drain(signals <-chan os.Signal) error {
	q.mu.Lock()
	q.over = true
	q.mu.Unlock()
	q.wake()
	select {
	case <-q.done:
	case <-time.After(patience):
	case <-signals:
		select {
		case <-q.done:
		case <-time.After(patience / 10):
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err
}
