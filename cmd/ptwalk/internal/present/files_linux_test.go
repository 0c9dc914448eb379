package present

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// TestPresentByItself plays with --auto, and writes a speaker's notes.
func TestPresentByItself(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes")
	h := ptytest.Start(t, nil, "ptwalk", "present", "--auto", "1ms", "2", "--notes", file)
	h.Sees("fork()", "= ?", "wait4(", "= ?", "Answer:")
	h.Ends(0)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "deprecated") {
		t.Errorf("kill(2) is taken for PTRACE_KILL:\n%s", text)
	}
	for _, want := range []string{"Lesson 2, peekuser", "Section 1: ", "Say: ", "Ask: ", "b) 59: ", "Next: ptrace(PTRACE_PEEKUSER", "Reads one word of the tracee's USER area", "The end."} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the notes have no %q:\n%s", want, text)
		}
	}
}

// TestNotesTellOnce asks the kernel and looks at the source at a stop. The
// speaker's notes tell the request that waits once.
func TestNotesTellOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes")
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "--notes", file)
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	for _, keys := range []string{":regs rip\r", ":status\r", ":\x1b", ":\r"} {
		h.Press(keys, "PTRACE_GETREGS", ", &regs)", "= ?")
	}
	h.Press("l", "singlestep.go:")
	h.Press("b", "REPLAY   tracer  wait4(")
	h.Press("\r", "  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.Press("q")
	h.Ends(0)
	text, err := os.ReadFile(file)
	cmdtest.Must(t, err)
	for _, request := range []string{"Next: fork()", "Next: wait4(", "Next: ptrace(PTRACE_GETREGS"} {
		if n := strings.Count(string(text), request); n != 1 {
			t.Errorf("%q is there %d times:\n%s", request, n, text)
		}
	}
}

// TestCastOfATalk has in it what the keys did.
func TestCastOfATalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "talk")
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "--cast", file)
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press(":regx\x7fs rip\r", "rip 0x401000", "= ?")
	h.Press("q")
	h.Ends(0)
	text, err := os.ReadFile(file)
	cmdtest.Must(t, err)
	if err := cmdtest.CheckCast(string(text)); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"= ?", "rip 0x401000", `\b \b`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the cast has no %s:\n%s", want, text)
		}
	}
}

// TestRecordOfATalk replays a talk in which sections were left and begun again, a
// question stayed open, and the kernel was asked: that is in the record too.
func TestRecordOfATalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "talk")
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "--record", file)
	h.Sees("= ?")
	h.Press("s", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("r", "-- 1  ", "= ?")
	h.Press("s", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press(":regs\r", "r15", "= ?")
	h.Press("b", "REPLAY")
	h.Press("n", "-- 2  ", "= ?")
	h.Press("n", "-- 3  ", "= ?")
	h.Press("s", "press a, b or c")
	h.Press("n", "-- 4  ", "= ?")
	h.Press("q")
	h.Ends(0)
	for _, flag := range []string{"--plain", "--json", "--markdown", "--accessible"} {
		e := cmdtest.Run(t, []string{"ptwalk", "replay", file, flag})
		e.Wants(t, 0, "")
		if !strings.Contains(e.Stdout, "When does the line of text appear?") || !strings.Contains(e.Stdout, "r15") {
			t.Errorf("the replay of the talk:\n%s", e.Stdout)
		}
	}
	h = ptytest.Start(t, nil, "ptwalk", "replay", file)
	h.Sees("-- 1  ", "= ?")
	h.Press("n", "-- 1  ", "= ?")
	h.Press("n", "-- 2  ")
	h.Press("n", "-- 3  ", "= ?")
	h.Press("s", "press a, b or c")
	h.Press("a", "kill(", "= ?")
	h.Press("n", "-- 4  ")
	h.Press("q")
	h.Ends(0)
}
