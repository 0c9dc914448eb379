package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
)

var soakFor = flag.Duration("soak", 3*time.Second, "how long TestSoak runs, in all")

// soakWays are how the runs of a soak are started: as they are, on one CPU, and
// with one processor for the Go runtime.
var soakWays = [][]string{
	{},
	{"taskset", "-c", "0"},
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
	needsPtrace(t)
	needs(t, "taskset")
	r := seeded(t)
	one, four := startTicker(t), startTickers(t)
	hello := file(t, "hello64", asm.Hello64.Bytes(), 0o755)
	begin := time.Now()
	var busy []*exec.Cmd
	defer func() { stopAll(busy) }()
	runs := map[string]int{}
	for n := 0; n < 8 || time.Since(begin) < *soakFor; n++ {
		if len(busy) == 0 && time.Since(begin) > *soakFor/2 {
			busy = busyLoops(t, 2)
		}
		command := soakCommand(r, one, four, hello)
		way := soakWays[r.IntN(len(soakWays))]
		sig := soakSignals[r.IntN(len(soakSignals))]
		delay := time.Duration(r.Int64N(int64(150 * time.Millisecond)))
		what := fmt.Sprintf("run %d: %v %v, %v after %v", n, way, command, sig, delay)
		runs[command[1]]++
		j := start(t, append(append([]string{}, way...), command...), func(c *exec.Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		})
		time.Sleep(delay)
		j.signal(sig)
		if sig == syscall.SIGTSTP {
			time.Sleep(delay / 4)
			one.runs()
			four.runs()
			j.signal(syscall.SIGCONT)
		}
		if e := j.end(); sig == syscall.SIGABRT {
			e.crashed(t)
		} else {
			e.leftNothing(t)
		}
		one.runs()
		four.runs()
		if t.Failed() {
			t.Fatal(what)
		}
	}
	stopAll(busy)
	busy = nil
	t.Logf("runs: %v", runs)
	one.unharmed()
	four.unharmed()
	if len(runs) < 2 {
		t.Errorf("too few runs to show anything: %v", runs)
	}
}

func soakCommand(r *rand.Rand, one, four *target, hello string) []string {
	switch r.IntN(8) {
	case 0:
		return []string{"ptwalk", fmt.Sprint(1 + r.IntN(5)), "--plain"}
	case 1:
		return []string{"ptwalk", "5", "--json"}
	case 2:
		return []string{"ptwalk", "step", "--limit", "1000", "sleep", "0.3"}
	case 3:
		return []string{"ptwalk", "count", "--timeout", "300ms", "sleep", "60"}
	case 4:
		return []string{"ptwalk", "count", hello}
	}
	return []string{"ptwalk", "attach", []*target{one, four}[r.IntN(2)].String()}
}

// busyLoops keeps n CPUs busy.
func busyLoops(t *testing.T, n int) (all []*exec.Cmd) {
	t.Helper()
	for range n {
		c := exec.Command("sh", "-c", "while :; do :; done")
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		must(t, c.Start())
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

// TestSoakFaults injects every fault into a run of attach. make soak runs it;
// without a soak the sample of TestE02FaultsWhileAttached has to do.
func TestSoakFaults(t *testing.T) {
	if *soakFor < time.Minute {
		t.Skip("only in a soak: make soak")
	}
	needsPtrace(t)
	needs(t, "strace")
	for _, k := range []*target{startTicker(t), startTickers(t)} {
		for _, f := range allFaults() {
			injected(t, k, f)
		}
		k.unharmed()
	}
}
