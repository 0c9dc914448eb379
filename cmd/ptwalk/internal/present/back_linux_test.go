package present

import (
	"regexp"
	"strings"
	"testing"

	"ptwalk/internal/ptytest"
)

var replayed = regexp.MustCompile(`(?m)^ +tracer .*= [^?\n]*$`)

// TestPresentBackSaysReplay sees that no line of what was seen stands without
// its mark.
func TestPresentBackSaysReplay(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("\r", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("bbb", "REPLAY   tracer  fork()")
	h.Press("b", "Nothing was seen")
	shown := h.Press("\r\r\r", "  tracer  ptrace(PTRACE_SINGLESTEP", "= ?")
	if found := replayed.FindString(shown); found != "" {
		t.Errorf("%q is of the past and says not so:\n%s", found, shown)
	}
	h.Press("q")
	h.Ends(0)
}

// TestPresentForward goes back, and sees at the live stop again what waits there:
// a request, and the end of a section.
func TestPresentForward(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("bb", "REPLAY   tracer  fork()")
	h.Press("\r\r", "REPLAY   tracer  wait4(", "\n  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.Press("s", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("s", "kill(", "= ?")
	h.Press("s", "Enter: go on, b: back")
	h.Press("bb", "REPLAY   tracer  ", "REPLAY   tracer  ")
	h.Press("\r\r", "Here the run goes on.", "Enter: go on, b: back")
	h.Press("q")
	h.Ends(0)
}

// TestPresentClicker goes back and forth by the keys that a clicker has, and is told
// how far back it is.
func TestPresentClicker(t *testing.T) {
	const (
		left, right, pageUp, pageDown, end = "\x1b[D", "\x1b[C", "\x1b[5~", "\x1b[6~", "\x1b[F"
	)
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press(right, "wait4(", "= ?")
	h.Press(pageDown, "PTRACE_GETREGS", "= ?")
	h.Press(left, "1 back of 2", "REPLAY   tracer  wait4(")
	h.Press(pageUp, "2 back of 2", "REPLAY   tracer  fork()")
	h.Press(pageDown, "1 back of 2", "REPLAY   tracer  wait4(")
	h.Press(right, "\n  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.Press("\x7f", "1 back of 2")
	h.Press("b", "2 back of 2", "REPLAY   tracer  fork()")
	h.Press(end, "\n  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.Press("p", "This is the first section.", "fork()", "= ?")
	h.Press("n", "-- 2  ", "fork()", "= ?")
	h.Press("p", "-- 1  ", "fork()", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentAsksThePast asks while an earlier request is shown: what was recorded then
// is the answer, and what the live tracee says begins with NOW.
func TestPresentAsksThePast(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("\r", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("bb", "REPLAY   tracer  ptrace(PTRACE_GETREGS")
	h.Press(":rip\r", "REPLAY   tracer  ptrace(PTRACE_GETREGS", "rip 0x401000")
	shown := h.Press(":peekdata message\r", "NOW, ", "ptrace(PTRACE_PEEKDATA")
	if strings.Contains(shown, "REPLAY   tracer  ptrace(PTRACE_PEEKDATA") {
		t.Errorf("an answer of now is called one of then:\n%s", shown)
	}
	h.Press("q")
	h.Ends(0)
}
