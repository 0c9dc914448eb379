package lesson

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
	"ptwalk/lessons"
)

// TestPromptExplains types what is no answer, and is told once for each what is,
// and how to leave.
func TestPromptExplains(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4")
	h.Sees("your answer, a, b or c, or Enter to see it: ")
	for _, word := range []string{"x", "quit", "ab", "9", "\u00e9"} {
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

// TestPromptEndOfInput types Ctrl-D: the lesson says that it ends there, and does. It
// has not been gone through.
func TestPromptEndOfInput(t *testing.T) {
	for name, first := range map[string][2]string{
		"at a question": {"4", "to see it: "},
		"at a pause":    {"1", "Enter: go on   Ctrl-C: leave "},
	} {
		t.Run(name, func(t *testing.T) {
			state := t.TempDir()
			h := ptytest.Start(t, []string{"XDG_STATE_HOME=" + state}, "ptwalk", first[0])
			h.Sees(first[1])
			h.Press("\x04", "The input has ended, and so does the lesson, here.")
			h.Ends(0)
			h.Rest()
			if all := h.Shown(); strings.Contains(all[strings.Index(all, "The input has ended"):], "-- ") {
				t.Errorf("it goes on:\n%s", all)
			}
			e := cmdtest.Run(t, []string{"env", "XDG_STATE_HOME=" + state, "ptwalk"})
			if strings.Contains(e.Stdout, "finished") {
				t.Errorf("the lesson is said to be finished:\n%s", e.Stdout)
			}
		})
	}
}

// TestPromptWords answers in words, and as the answers are shown.
func TestPromptWords(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"b)", "Right. Answer: b) 7."},
		{"7", "Right. Answer: b) 7."},
		{"?", "Type a, b or c, or Enter to see the answer"},
		{"a", "You said a) 6."},
		{"", "Answer: b) 7."},
	} {
		h := ptytest.Start(t, nil, "ptwalk", "4")
		h.Sees("to see it: ")
		shown := h.Press(c.typed+"\n", c.want, "Ctrl-C")
		if strings.Contains(shown, "no answer") || strings.Contains(shown, "Right.") != strings.Contains(c.want, "Right.") {
			t.Errorf("%q is answered\n%s", c.typed, shown)
		}
		h.Press("\x03")
		h.Ends(130)
	}
}

// Lesson after lesson, the heading of each is seen before the next page is asked for.
func TestHeadingsAreSeen(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	h := ptytest.Start(t, nil, "ptwalk", "2", "5")
	for {
		shown := h.Sees("Enter", " ")
		h.Press("\n")
		if _, after, is := strings.Cut(shown, "05 attach"); is {
			if lines := strings.Count(after, "\n"); lines > 20 {
				t.Errorf("the heading has gone up by %d lines:\n%s", lines, shown)
			}
			break
		}
	}
	h.Sees("-- 1  ")
	h.Press("\x03")
	h.Ends(130)
}

// What was answered wrong is named at the end, with its section; the rest is not.
func TestMissedQuestionsAreNamed(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	h := ptytest.Start(t, nil, "ptwalk", "2")
	for pauses := len(lessons.All[1].Sections); pauses > 0; {
		if strings.HasSuffix(h.Sees("Enter", " "), "Enter ") { // to see it
			h.Press("a\n")
			continue
		}
		h.Press("\n")
		pauses--
	}
	h.Ends(0)
	h.Rest()
	all := h.Shown()
	wrong := strings.Count(all, "You said a)")
	_, end, _ := strings.Cut(all, "What you can do now")
	if named := strings.Count(end, "    2, section "); wrong == 0 || named != wrong {
		t.Errorf("%d answers were wrong, and %d are named:\n%s", wrong, named, end)
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
