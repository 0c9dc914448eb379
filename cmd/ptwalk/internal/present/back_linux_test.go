package present

import (
	"regexp"
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
	h.Press("\r", "PTRACE_SINGLESTEP", "= ?")
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
	h.Press("s", "PTRACE_SINGLESTEP", "= ?")
	h.Press("s", "kill(", "= ?")
	h.Press("s", "Enter: go on, b: back")
	h.Press("bb", "REPLAY   tracer  ", "REPLAY   tracer  ")
	h.Press("\r\r", "Here the run goes on.", "Enter: go on, b: back")
	h.Press("q")
	h.Ends(0)
}
