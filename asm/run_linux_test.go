//go:build amd64

package asm

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

func TestEveryTargetEndsAsItSays(t *testing.T) {
	output := map[string]string{
		"hello32":   "Hello from the tracee\n",
		"hello64":   "Hello from the tracee\n",
		"int80in64": "Hello through int 0x80\n",
		"helloc":    "Hello from C\n",
		"constant":  "It never changes\n",
		"visitor":   "visit\nvisit\nvisit\n",
		"told":      "10, sent by itself\n",
		"volunteer": "The volunteer runs on\n",
	}
	each(t, func(t *testing.T, target Target) {
		p := start(t, target)
		if target.Exit.Forever {
			if threads := map[string]int{"ticker": 1, "tickers": 4}[target.Name]; threads > 0 {
				untilItNaps(t, p, threads)
			}
			p.os.Kill()
		}
		checkEnd(t, target, p.end())
		if got := p.output(); got != output[target.Name] {
			t.Errorf("it wrote %q, want %q", got, output[target.Name])
		}
	})
}

func TestTargetsRunFromAFileToo(t *testing.T) {
	for _, target := range []Target{Hello64, HelloC, Volunteer, Blocker} {
		p, err := launch(t, fallback(t, target).Path(), target.Name)
		if err != nil {
			t.Fatal(err)
		}
		checkEnd(t, target, p.end())
	}
}

func checkEnd(t *testing.T, target Target, ws unix.WaitStatus) {
	t.Helper()
	want := target.Exit
	switch {
	case want.Forever:
		if !ws.Signaled() || ws.Signal() != unix.SIGKILL {
			t.Errorf("%s: status %#x, want killed by our SIGKILL", target.Name, uint32(ws))
		}
	case want.Signal != 0:
		if !ws.Signaled() || ws.Signal() != want.Signal {
			t.Errorf("%s: status %#x, and Exit says it %s", target.Name, uint32(ws), want)
		}
	default:
		if !ws.Exited() || ws.ExitStatus() != want.Status {
			t.Errorf("%s: status %#x, and Exit says it %s", target.Name, uint32(ws), want)
		}
	}
}

// untilItNaps waits until the process has that many threads, and each has gone to
// sleep by itself three times.
func untilItNaps(t *testing.T, p *process, threads int) {
	t.Helper()
	naps := regexp.MustCompile(`\nvoluntary_ctxt_switches:\t(\d+)`)
	p.poll("every thread slept three times", func() bool {
		files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", p.os.Pid))
		for _, file := range files {
			text, _ := os.ReadFile(file)
			m := naps.FindSubmatch(text)
			if m == nil {
				return false
			}
			if n, _ := strconv.Atoi(string(m[1])); n < 3 {
				return false
			}
		}
		return len(files) == threads
	})
}

// Every counter grows, read as a debugger would read it: by its symbol.
func TestTickersCount(t *testing.T) {
	needPtrace(t)
	for _, c := range []struct {
		target  Target
		symbol  string
		threads int
	}{
		{Ticker, "counter", 1},
		{Tickers, "counters", 4},
	} {
		p := start(t, c.target)
		untilItNaps(t, p, c.threads)
		address := symbol(t, c.target, c.symbol).Value
		before := words(t, p, address, c.threads)
		p.poll(c.target.Name+" counts in every slot", func() bool {
			now := words(t, p, address, c.threads)
			for i := range now {
				if now[i] <= before[i] {
					return false
				}
			}
			return true
		})
		p.os.Kill()
		checkEnd(t, c.target, p.end())
	}
}

// words reads n words of the process's memory.
func words(t *testing.T, p *process, address uint64, n int) []uint64 {
	t.Helper()
	buf := make([]byte, 8*n)
	local := []unix.Iovec{{Base: &buf[0], Len: uint64(len(buf))}}
	remote := []unix.RemoteIovec{{Base: uintptr(address), Len: len(buf)}}
	if got, err := unix.ProcessVMReadv(p.os.Pid, local, remote, 0); err != nil || got != len(buf) {
		p.os.Kill()
		t.Fatalf("process_vm_readv: %d bytes, %v", got, err)
	}
	words := make([]uint64, n)
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(buf[8*i:])
	}
	return words
}

// A stranger is refused. Where the user of this test had no privilege to give
// up, the stranger is the same user, and the machine may allow it.
func TestStrangerExitsWithTheErrno(t *testing.T) {
	needPtrace(t)
	ticker := start(t, Ticker)
	stranger := start(t, Stranger, strconv.Itoa(ticker.os.Pid))
	ws := stranger.end()
	ticker.os.Kill()
	checkEnd(t, Ticker, ticker.end())

	allowed := ws.Exited() && ws.ExitStatus() == 0 && os.Geteuid() != 0
	if refused := ws.Exited() && ws.ExitStatus() == int(unix.EPERM); !refused && !allowed {
		t.Errorf("status %#x, want an exit with EPERM (1)", uint32(ws))
	}
}
