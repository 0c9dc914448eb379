package lesson

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// TestPromptExplains types what is no answer, and is told once for each what is,
// and how to leave.
func TestPromptExplains(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4")
	h.Sees("your answer, a, b or c, or Enter to see it: ")
	for _, word := range []string{"x", "quit", "ab", "7", "\u00e9"} {
		shown := h.Press(word+"\n", "is no answer. Type a, b or c, then Enter.", "Ctrl-C leaves the", "your answer, ")
		if n := strings.Count(shown, "is no answer"); n != 1 {
			t.Errorf("%q is answered %d times:\n%s", word, n, shown)
		}
		cmdtest.Narrow(t, 80, shown)
	}
	h.Press(" B \n", "Answer: b) 7.", "Enter: go on   Ctrl-C: leave ")
	shown := h.Press("q\n", "Enter alone goes on. Ctrl-C leaves the lesson.", "Enter: go on   Ctrl-C: leave ")
	if strings.Contains(shown, "-- 2") {
		t.Errorf("it went on:\n%s", shown)
	}
	h.Press("\n", "-- 2  ")
	h.Press("\x03")
	h.Ends(130)
}

// TestPromptExplainsWords: a question mark and a word explain it at a question and at
// a pause, and neither answers nor goes on.
func TestPromptExplainsWords(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4")
	h.Sees("to see it: ")
	for typed, want := range map[string]string{
		"?":                          "? and a word explain it",
		"? trap flag":                "trap flag, in the glossary. Bit 8",
		"?0x857f":                    "0x857f is a wait status: syscall-enter-stop",
		"? ptrace: No such process.": "ESRCH is errno 3",
		"? PTRACE_SIEZE":             "near it: PTRACE_SEIZE",
		"?edi":                       "There is more to read: ptwalk explain edi",
	} {
		shown := h.Press(typed+"\n", want, "to see it: ")
		if strings.Contains(shown, "Answer: ") {
			t.Errorf("%q is taken for an answer:\n%s", typed, shown)
		}
		cmdtest.Narrow(t, 80, shown)
	}
	h.Press("b\n", "Answer: b) 7.", "Enter: go on   Ctrl-C: leave ")
	shown := h.Press("? zombie\n", "zombie, in the glossary", "Enter: go on   Ctrl-C: leave ")
	if strings.Contains(shown, "-- 2") {
		t.Errorf("it went on:\n%s", shown)
	}
	h.Press("\x03")
	h.Ends(130)
}

// TestPromptNarrow has prompts that fit a window of 40 columns.
func TestPromptNarrow(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4", "--width", "40")
	h.Sees("a, b or c, or Enter: ")
	cmdtest.Narrow(t, 40, h.Press("x\n", "is no answer", "leaves the", "a, b or c, or Enter: "))
	h.Press("\x03")
	h.Ends(130)
}

// TestPromptEndOfInput types Ctrl-D: the lesson says that it goes on without
// pauses, once, and does.
func TestPromptEndOfInput(t *testing.T) {
	for name, first := range map[string][2]string{
		"at a question": {"4", "to see it: "},
		"at a pause":    {"2", "Enter: go on   Ctrl-C: leave "},
	} {
		t.Run(name, func(t *testing.T) {
			h := ptytest.Start(t, nil, "ptwalk", first[0])
			h.Sees(first[1])
			h.Press("\x04", "The input has ended: the lesson goes on without pauses.", "-- 2  ", "-- 3  ")
			h.Ends(0)
			h.Rest()
			all := h.Shown()
			_, after, _ := strings.Cut(all, "The input has ended")
			for _, prompt := range []string{"The input has ended", "to see it: ", "Enter: go on"} {
				if strings.Contains(after, prompt) {
					t.Errorf("%q is shown though nobody can answer:\n%s", prompt, all)
				}
			}
		})
	}
}

// TestPromptSuspended stops a lesson at a prompt with Ctrl-Z, under a shell, and
// sees the prompt again.
func TestPromptSuspended(t *testing.T) {
	h := ptytest.Start(t, nil, "sh", "-i")
	h.Sees("$ ")
	h.Press("ptwalk 4\n", "to see it: ")
	for range 2 {
		h.Press("\x1a", "Stopped", "$ ")
		h.Press("fg\n", "    your answer, a, b or c, or Enter to see it: ")
	}
	h.Press("b\n", "Answer: b) 7.", "Enter: go on   Ctrl-C: leave ")
	h.Press("\x1a", "Stopped", "$ ")
	h.Press("bg\n", "$ ") // it may not read there, and stops again
	h.Stopped("ptwalk")
	h.Press("fg\n", "Enter: go on   Ctrl-C: leave ")
	h.Press("\n", "-- 2  ")
	h.Press("\x03", "$ ")
	h.Press("exit\n")
	h.Ends(130)
}

// TestPromptStoppedByOthers is stopped by SIGSTOP, which no program can answer.
func TestPromptStoppedByOthers(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4")
	h.Sees("to see it: ")
	for range 3 {
		cmdtest.Must(t, h.Process.Signal(syscall.SIGSTOP))
		h.Stopped("ptwalk")
		cmdtest.Must(t, h.Process.Signal(syscall.SIGCONT))
		h.Sees("    your answer, a, b or c, or Enter to see it: ")
	}
	h.Press("\x03")
	h.Ends(130)
}

// Each lesson waits at its questions, and Ctrl-C leaves it there.
func TestD07CtrlCAtAQuestion(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, lesson := range []string{"1", "2", "3", "4", "5"} {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, []string{"ptwalk", lesson}, p.On)
		p.Sees("Enter")
		sent := time.Now()
		p.Press("\x03")
		e := j.End()
		if took := time.Since(sent); took > cmdtest.Soon || e.Status != 130 {
			t.Errorf("lesson %s: status %d after %v, want 130 within a second", lesson, e.Status, took)
		}
		e.LeftNothing(t)
		p.Unchanged()
	}
}
