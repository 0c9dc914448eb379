package program

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// The terminal sends SIGINT to the program and to us. The program gets one: it
// ends by itself, or is killed when its time is over.
func TestD07CtrlCAtATerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	once := cmdtest.Compile(t, "once")
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 3", "ptwalk step --no-pause --limit 100000"} {
		t.Run(command, func(t *testing.T) {
			// A slow machine may not come to the handler in 200 ms, and then we kill.
			for begin := time.Now(); time.Since(begin) < cmdtest.Limit; {
				p := ptytest.Open(t)
				j := cmdtest.Start(t, append(strings.Fields(command), once), p.On)
				p.Sees("ready")
				p.Press("\x03")
				e := j.End()
				e.LeftNothing(t)
				p.Unchanged()
				n := strings.Count(p.Rest(), "caught\n")
				switch {
				case n > 1:
					t.Fatalf("one Ctrl-C, and %d signals\n%s", n, p.Shown())
				case e.Status != 41 && e.Status != 130:
					t.Fatalf("status %d, want 41 for one SIGINT, or 130\n%s", e.Status, p.Shown())
				case n == 1:
					return
				}
			}
			t.Errorf("the program has never had the SIGINT")
		})
	}
}

// A program that does not end by SIGINT is killed.
func TestD07CtrlCIsLate(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, command := range []string{"ptwalk count", "ptwalk step --limit 3"} {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, append(strings.Fields(command), "sh", "-c", "trap '' INT; echo ready; while :; do sleep 1; done"), p.On)
		p.Sees("ready\n")
		sent := time.Now()
		p.Press("\x03")
		e := j.End()
		if took := time.Since(sent); took > cmdtest.Soon || e.Status != 130 {
			t.Errorf("%s: status %d after %v, want 130 within a second\n%s", command, e.Status, took, p.Shown())
		}
		p.Unchanged()
	}
}

// Signals to the whole group, while programs are started in it again and again.
func TestJ05SignalsAtTheStart(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	r := cmdtest.Seeded(t)
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	for range 60 {
		command := []string{"ptwalk count " + hello, "ptwalk step " + hello, "ptwalk 1"}[r.IntN(3)]
		j := cmdtest.Start(t, strings.Fields(command))
		time.Sleep(cmdtest.AnyMoment(r) / 2)
		for range 3 {
			syscall.Kill(-j.PID, syscall.SIGINT)
		}
		e := j.End()
		e.LeftNothing(t)
		if e.Status != 0 && e.Status != 1 && e.Status != 130 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
}
