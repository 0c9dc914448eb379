package main

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// soakWays are how the runs of a soak are started: as they are, on one CPU, and
// with one processor for the Go runtime.
var soakWays = [][]string{
	{},
	{"taskset", "-c", cmdtest.FirstCPU()},
	{"env", "GOMAXPROCS=1"},
	{"env", "GOGC=1", "GODEBUG=gcstoptheworld=1"},
}

// soakSignals end a run, or stop it.
var soakSignals = []syscall.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE, syscall.SIGTSTP,
	syscall.SIGKILL, syscall.SIGKILL, syscall.SIGKILL, syscall.SIGABRT, syscall.SIGUSR1, syscall.SIGCONT,
}

// TestSoak runs a random lesson, tool or attach, and sends it a random signal
// after a random time, with two busy loops beside it for half of the time. The
// processes that are attached to have to go on counting. make soak runs it for
// minutes.
func TestSoak(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "taskset")
	r := cmdtest.Seeded(t)
	one, four := cmdtest.Ticker(t), cmdtest.Tickers(t)
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	begin := time.Now()
	var busy []*exec.Cmd
	defer func() { stopAll(busy) }()
	runs := map[string]int{}
	for n := 0; n < soakKinds || time.Since(begin) < *cmdtest.Soak; n++ {
		if len(busy) == 0 && time.Since(begin) > *cmdtest.Soak/2 {
			busy = busyLoops(t, 2)
		}
		kind := n // each kind once, and then by chance
		if n >= soakKinds {
			kind = r.IntN(soakKinds)
		}
		command := soakCommand(r, kind, one, four, hello)
		way := soakWays[r.IntN(len(soakWays))]
		sig := soakSignals[r.IntN(len(soakSignals))]
		delay := time.Duration(r.Int64N(int64(150 * time.Millisecond)))
		what := fmt.Sprintf("run %d: %v %v, %v after %v", n, way, command, sig, delay)
		runs[command[1]]++
		j := cmdtest.Start(t, append(append([]string{}, way...), command...))
		time.Sleep(delay)
		j.Signal(sig)
		if sig == syscall.SIGTSTP {
			time.Sleep(delay / 4)
			one.Runs()
			four.Runs()
			j.Signal(syscall.SIGCONT)
		}
		if e := j.End(); sig == syscall.SIGABRT {
			e.Crashed(t)
		} else {
			e.LeftNothing(t)
		}
		one.Runs()
		four.Runs()
		if t.Failed() {
			t.Fatal(what)
		}
	}
	stopAll(busy)
	busy = nil
	t.Logf("runs: %v", runs)
	one.Unharmed()
	four.Unharmed()
}

// soakKinds is how many kinds of commands soakCommand knows.
const soakKinds = 8

func soakCommand(r *rand.Rand, kind int, one, four *cmdtest.Target, hello string) []string {
	switch kind {
	case 0:
		lesson := 1 + r.IntN(5)
		if lesson == 4 && *cmdtest.Soak < time.Minute {
			lesson = 5 // 4 takes seconds, and on a busy machine many
		}
		return []string{"ptwalk", fmt.Sprint(lesson), "--plain"}
	case 1:
		return []string{"ptwalk", "5", "--json"}
	case 2:
		return []string{"ptwalk", "step", "--limit", "1000", "sleep", "0.3"}
	case 3:
		return []string{"ptwalk", "count", "--timeout", "300ms", "sleep", "60"}
	case 4:
		return []string{"ptwalk", "count", hello}
	}
	return []string{"ptwalk", "attach", []*cmdtest.Target{one, four}[r.IntN(2)].String()}
}

// busyLoops keeps n CPUs busy.
func busyLoops(t *testing.T, n int) (all []*exec.Cmd) {
	t.Helper()
	for range n {
		c := exec.Command("sh", "-c", "while :; do :; done")
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		cmdtest.Must(t, c.Start())
		all = append(all, c)
	}
	return all
}

func stopAll(all []*exec.Cmd) {
	for _, c := range all {
		c.Process.Kill()
		c.Wait()
	}
}
