package program

import (
	"strings"
	"syscall"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// The program without us shows that the test itself counts right.
func TestD01EverySignalOnce(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, command := range runners {
		t.Run(command, func(t *testing.T) {
			h := cmdtest.StartHandlers(t, command)
			h.SendAll()
			if status := h.End(); status != 0 {
				t.Errorf("status %d, want 0", status)
			}
		})
	}
}

func TestD02FatalSignals(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, sig := range []string{"TERM", "SEGV", "ABRT", "KILL", "PIPE", "USR1", "TRAP", "RTMIN"} {
		native := cmdtest.Run(t, []string{"sh", "-c", "ulimit -c 0; exec sh -c 'kill -" + sig + " $$'"})
		if native.Status <= 128 {
			t.Skipf("sh does not know %s", sig)
		}
		traced := cmdtest.Run(t, []string{"sh", "-c", "ulimit -c 0; exec ptwalk step --limit 1 sh -c 'kill -" + sig + " $$'"})
		if traced.Status != native.Status {
			t.Errorf("SIG%s: status %d, want %d\n%s", sig, traced.Status, native.Status, traced.Stderr)
		}
	}
	for _, tool := range tools {
		exits(t, tool, 128+int(syscall.SIGSEGV), cmdtest.File(t, "crash", asm.Crash.Bytes(), 0o755))
	}
}

// A timer sends a signal every half millisecond: neither we nor the program stop.
func TestD14SignalStorm(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	path := cmdtest.Compile(t, "storm")
	for _, command := range []string{"ptwalk count", "ptwalk step --plain --limit 2000", "ptwalk step --limit 1"} {
		e := cmdtest.Start(t, append(strings.Fields(command), path, "500"), cmdtest.Quiet).End()
		e.LeftNothing(t)
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
	k := cmdtest.Program(t, path)
	for range 20 {
		cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}).Wants(t, 0, "")
		k.Runs()
	}
	k.Unharmed()
}
