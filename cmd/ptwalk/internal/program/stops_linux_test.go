package program

import (
	"syscall"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// runners run a program in each way that there is: natively, which shows that the
// test itself is right, counted, stepped, and after its first steps.
var runners = []string{"", "ptwalk count", "ptwalk step --plain --limit 1000000000", "ptwalk step --plain --limit 1"}

// A traced program stops for a stop signal as it does natively, and wakes at
// SIGCONT. Its process group has a parent in the same session, as under a shell.
func TestD05StopSignals(t *testing.T) {
	stops(t, []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}, nil)
}

// In an orphaned process group nobody would wake a program up: there the kernel
// drops all stop signals but SIGSTOP, and the program goes on.
func TestD05StopSignalsInAnOrphanedGroup(t *testing.T) {
	stops(t, []syscall.Signal{syscall.SIGSTOP}, []syscall.Signal{syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU}, cmdtest.Orphan)
}

// stops sends signals that stop a ticker, and signals that are dropped.
func stops(t *testing.T, stopping, dropped []syscall.Signal, options ...cmdtest.Option) {
	cmdtest.Needs(t, "ptrace")
	ticker := cmdtest.File(t, "ticker", asm.Ticker.Bytes(), 0o755)
	for _, command := range runners {
		t.Run(command, func(t *testing.T) {
			j, k := cmdtest.Under(t, command, []string{ticker}, options...)
			for _, sig := range dropped {
				k.Takes(sig)
				k.Ticks()
			}
			for _, sig := range stopping {
				k.Signal(sig)
				k.Rests()
				k.Signal(syscall.SIGCONT)
				k.Ticks()
			}
			k.Signal(syscall.SIGTERM)
			e := j.End()
			e.LeftNothing(t)
			if e.Status != 128+int(syscall.SIGTERM) {
				t.Errorf("status %d, want 143\n%s", e.Status, e.Stderr)
			}
		})
	}
}
