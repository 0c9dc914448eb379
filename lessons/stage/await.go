package stage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"ptwalk/tracer"
)

// A running child goes its own way, and these wait until it has come to the
// point that a section is about. They read /proc and make no request.

// waitLimit is how long a child may take before the section gives up.
const waitLimit = 10 * time.Second

// AwaitCount waits until the 8-byte counter at a is more than n.
func (c *Child) AwaitCount(a tracer.Addr, n tracer.Word) {
	c.s.needProc()
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", c.TID()))
	if errno := syscall.Errno(0); errors.As(err, &errno) { // who may not attach may not read it: the doctor knows why
		err = &tracer.Error{Request: "reading /proc/PID/mem", TID: c.TID(), Err: errno}
	}
	c.must(err)
	defer mem.Close()
	var word [8]byte
	c.await("count", func() bool {
		_, err := mem.ReadAt(word[:], int64(a))
		return err == nil && tracer.Word(binary.LittleEndian.Uint64(word[:])) > n
	})
}

// AwaitState waits until /proc/PID/status shows the state: "S", "T".
func (c *Child) AwaitState(letter string) {
	c.AwaitStatus("State", letter)
}

func (c *Child) await(what string, ready func() bool) {
	for begin := time.Now(); !ready(); time.Sleep(100 * time.Microsecond) {
		c.s.Check()
		if time.Since(begin) > waitLimit {
			c.s.Fail(errorf("%s did not %s within %v", c.Target.Name, what, waitLimit))
		}
	}
}

// Timer starts a clock and returns how to read it, in seconds.
func (c *Child) Timer() func() float64 {
	begin := time.Now()
	return func() float64 { return time.Since(begin).Seconds() }
}

// AwaitEnd waits until the child has ended, and leaves it to be reaped.
func (c *Child) AwaitEnd() { c.must(c.Tracee.AwaitEnd()) }

// AwaitStatus waits until a field of /proc/PID/status begins so.
func (c *Child) AwaitStatus(field, begin string) {
	c.await("come to "+field+" "+begin, func() bool { return strings.HasPrefix(c.Status(field), begin) })
}

// AwaitTasks waits until the child's process has n threads.
func (c *Child) AwaitTasks(n int) {
	c.s.needProc()
	c.await("have its threads", func() bool { return len(c.Tasks()) >= n })
}
