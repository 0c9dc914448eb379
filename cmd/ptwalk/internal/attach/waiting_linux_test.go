package attach

import (
	"debug/elf"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Processes that wait in the kernel while we attach.

// The parent of a vfork waits without being interruptible.
func TestB18VforkParent(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	path := cmdtest.Compile(t, "vforks")
	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	defer write.Close()
	k := cmdtest.Launch(t, read, path, "vforks")
	read.Close()
	cmdtest.Await(t, "it waits for its child", func() bool { return strings.HasPrefix(cmdtest.Status(k.PID, "State"), "D") })
	child := 0
	cmdtest.Await(t, "its child is there", func() bool {
		children := cmdtest.Children(k.PID)
		if len(children) == 1 {
			child = children[0]
		}
		return child != 0
	})
	e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
	e.Wants(t, 0, "")
	if !strings.Contains(e.Stdout, fmt.Sprintf("vfork, waits for %d", child)) {
		t.Errorf("the child %d is not named:\n%s", child, e.Stdout)
	}
	j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
	cmdtest.Await(t, "it has its tracer", func() bool { return cmdtest.Status(k.PID, "TracerPid") != "0" })
	begin := time.Now()
	j.Signal(syscall.SIGINT)
	cmdtest.Await(t, "we have ended", func() bool { state := cmdtest.Status(j.PID, "State"); return state == "" || state[0] == 'Z' })
	took := time.Since(begin)
	if e := j.End(); e.Status != 130 || took > cmdtest.Soon {
		t.Errorf("status %d %v after SIGINT\n%s", e.Status, took, e.Stderr)
	}
	write.Close() // which ends the child
	if ws := k.Ended(); ws.ExitStatus() != 5 {
		t.Errorf("its wait status is %#x, want exit status 5", ws)
	}
}

// A call that waits goes on waiting after an attach, or is restarted, as far as
// the kernel does that for a stop without a signal.
func TestD12CallsThatWait(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	path := cmdtest.Compile(t, "waits")
	image, err := elf.Open(path)
	cmdtest.Must(t, err)
	defer image.Close()
	result, counter := cmdtest.Address(t, image, "result"), cmdtest.Address(t, image, "counter")
	for _, call := range []string{"nanosleep", "poll", "read"} {
		t.Run(call, func(t *testing.T) {
			read, write, err := os.Pipe()
			cmdtest.Must(t, err)
			defer read.Close()
			k := cmdtest.Launch(t, nil, path, []string{"waits", call}...)
			if call == "read" {
				k = cmdtest.Launch(t, read, path, "waits", call)
			}
			cmdtest.Await(t, "it waits", func() bool { n, _ := k.Word(counter); return n == 1 })
			for range 4 {
				cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}).Wants(t, 0, "")
			}
			want := uint64(0)
			if call == "read" {
				_, err := write.Write([]byte("x"))
				cmdtest.Must(t, err)
				want = 1
			}
			write.Close()
			cmdtest.Await(t, "it has waited", func() bool { n, _ := k.Word(counter); return n == 2 })
			if got, _ := k.Word(result); got != want {
				t.Errorf("%s answers %d, want %d", call, int64(got), want)
			}
			k.EndsBy(syscall.SIGTERM)
		})
	}
}
