package readline

import (
	"io"
	"time"
)

// alone is how long nothing follows an escape that was the key Escape. The bytes of
// another key come together, unless a slow line has parted them.
const alone = 200 * time.Millisecond

// Read hands the keys that come from r to take, one after the other, until r ends or
// take says that it wants no more.
func Read(r io.Reader, take func(Key) bool) {
	reads := make(chan []byte)
	over := make(chan struct{})
	defer close(over)
	go func() {
		defer close(reads)
		for {
			buf := make([]byte, 256)
			n, err := r.Read(buf)
			if n > 0 {
				select {
				case reads <- buf[:n]:
				case <-over:
					return
				}
			}
			if err != nil || n == 0 {
				return
			}
		}
	}()
	var parser Keys
	for {
		var late <-chan time.Time
		if parser.Pending() {
			late = time.After(alone)
		}
		var keys []Key
		select {
		case read, more := <-reads:
			if !more {
				return
			}
			keys = parser.Feed(read)
		case <-late:
			keys = parser.Rest()
		}
		for _, k := range keys {
			if !take(k) {
				return
			}
		}
	}
}
