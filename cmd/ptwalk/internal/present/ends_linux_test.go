package present

import (
	"syscall"
	"testing"

	"ptwalk/internal/ptytest"
)

// TestPresentEnds ends a talk in every way that there is. After each the
// terminal is as it was, and no tracee is left.
func TestPresentEnds(t *testing.T) {
	for _, end := range []struct {
		name   string
		status int
		do     func(*ptytest.Program)
	}{
		{"q", 0, func(h *ptytest.Program) { h.Press("q") }},
		{"Ctrl-D", 0, func(h *ptytest.Program) { h.Press("\x04") }},
		{"Ctrl-C", 130, func(h *ptytest.Program) { h.Press("\x03") }},
		{"Ctrl-C in an empty question", 130, func(h *ptytest.Program) {
			h.Press(":", ": ")
			h.Press("\x03")
		}},
		{"Ctrl-C twice in a question", 130, func(h *ptytest.Program) {
			h.Press(":re", ": re")
			h.Press("\x03", "^C\n", "    : ")
			h.Press("\x03")
		}},
		{"Ctrl-backslash", 131, func(h *ptytest.Program) { h.Press("\x1c") }},
		{"SIGTERM", 143, func(h *ptytest.Program) { h.Process.Signal(syscall.SIGTERM) }},
		{"SIGHUP", 129, func(h *ptytest.Program) { h.Process.Signal(syscall.SIGHUP) }},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			h := ptytest.Start(t, nil, "ptwalk", "present", "3")
			h.Sees("= ?")
			h.Press("\r", "wait4(", "= ?")
			h.Press("\r", "PTRACE_GETREGS", "= ?")
			end.do(h)
			h.Ends(end.status)
		})
	}
}

// TestPresentTerminalGone closes the terminal under a talk.
func TestPresentTerminalGone(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Slave.Close()
	h.Master.Close()
	h.Ended() // it does not go on without a terminal
	h.Nobody()
}

// TestPresentFails lets a step of the live run fail. The recording's section is
// offered, and every line of it says REPLAY.
func TestPresentFails(t *testing.T) {
	h := ptytest.Start(t, nil, "become", "request=9", "--", "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("\r", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("\r", "PTRACE_SINGLESTEP", "-1 EPERM", "This step has failed", "Enter: the recording of this section")
	h.Press("\r", "\nREPLAY of a run on Linux", "REPLAY -- 1  One step", "REPLAY   tracer  fork()", "= ?")
	h.Press("\r", "REPLAY   tracer  fork()", "REPLAY   tracer  wait4(", "= ?")
	h.Press(":regs\r", "This is a recording", "= ?")
	h.Press("n", "-- 2  The first four", "fork()", "= ?")
	h.Press("q", "ptwalk: ")
	h.Ends(3)
}

// TestPresentRefused presents where ptrace is refused from the start.
func TestPresentRefused(t *testing.T) {
	h := ptytest.Start(t, nil, "become", "filter=1", "--", "ptwalk", "present", "2", "--auto", "0s")
	h.Sees("This step has failed", "PT-SECCOMP", "REPLAY   tracer  fork()", "REPLAY   tracer  ptrace(PTRACE_PEEKUSER", "-- 2  ")
	h.Ends(3)
}
