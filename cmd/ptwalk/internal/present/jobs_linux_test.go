package present

import (
	"syscall"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// TestPresentSuspended stops a talk with Ctrl-Z, under a shell, and goes on.
func TestPresentSuspended(t *testing.T) {
	h := ptytest.Start(t, nil, "sh", "-i")
	h.Sees("$ ")
	h.Press("stty -a | tr ' ' '\\n' | grep icanon; ptwalk present 3\n", "\nicanon", "fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	for range 2 {
		h.Press("\x1a", "Stopped", "$ ")
		h.Press("stty -a | tr ' ' '\\n' | grep icanon\n", "\nicanon", "$ ")
		h.Press("fg\n", "PTRACE_GETREGS", "= ?")
	}
	h.Press(":regs rip\r", "rip 0x401000", "= ?")
	h.Press("\r", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("q", "$ ")
	h.Press("echo status $?\n", "status 0", "$ ")
	h.Press("exit\n")
	h.Ends(0)
}

// TestPresentInTheBackground starts a talk in the background, where it may not use
// the terminal: it stops, and begins in the foreground. bg stops it again.
func TestPresentInTheBackground(t *testing.T) {
	h := ptytest.Start(t, nil, "sh", "-i")
	h.Sees("$ ")
	h.Press("ptwalk present 3 &\n", "$ ")
	h.Stopped("ptwalk")
	h.Press("fg\n", "fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	for range 3 {
		h.Press("\x1a", "Stopped", "$ ")
		h.Press("bg\n", "$ ")
		h.Stopped("ptwalk")
		h.Press("stty -a | tr ' ' '\\n' | grep icanon\n", "\nicanon", "$ ")
		h.Press("fg\n", "wait4(", "= ?")
	}
	h.Press("\r", "GETREGS", "= ?")
	h.Press("q", "$ ")
	h.Press("exit\n")
	h.Ends(0)
}

// TestPresentStoppedByOthers is stopped by SIGSTOP, which no program can answer.
func TestPresentStoppedByOthers(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	for range 3 {
		cmdtest.Must(t, h.Process.Signal(syscall.SIGSTOP))
		h.Stopped("ptwalk")
		h.Restore() // as a shell does
		cmdtest.Must(t, h.Process.Signal(syscall.SIGCONT))
		h.Sees("fork()", "= ?")
	}
	h.Press("\r", "wait4(", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentRedraws is stopped at a question, at a pause and while back, and
// draws again what waits there.
func TestPresentRedraws(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "4")
	again := func(texts ...string) {
		t.Helper()
		cmdtest.Must(t, h.Process.Signal(syscall.SIGSTOP))
		h.Stopped("ptwalk")
		h.Restore() // as a shell does
		cmdtest.Must(t, h.Process.Signal(syscall.SIGCONT))
		h.Sees(texts...)
	}
	h.Sees("Your answer: press a, b or c.")
	again("Your answer: press a, b or c.")
	h.Press("a", "fork()", "= ?")
	h.Press("s", "Enter: go on, b: back")
	again("Enter: go on, b: back")
	h.Press("b", "REPLAY   tracer  wait4(")
	again("REPLAY   tracer  wait4(")
	h.Press("\r", "Here the run goes on.", "Enter: go on, b: back")
	h.Press("q")
	h.Ends(0)
}
