package present

import (
	"fmt"
	"strings"
	"testing"

	"ptwalk/internal/ptytest"
	"ptwalk/lessons"
)

// Keys, at a terminal.

// TestPresentStopsBeforeEachRequest presses Enter and sees the announced line,
// and then the same line with its result.
func TestPresentStopsBeforeEachRequest(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	shown := h.Sees("fork()", "= ?")
	if strings.Contains(shown, "= 0") {
		t.Errorf("something has happened before a key:\n%s", shown)
	}
	h.Press("\r", "fork()", "TRACEME", "execve(", "wait4(", "= ?")
	shown = h.Press("\r", "wait4(", "= ")
	h.Sees("PTRACE_GETREGS", "= ?")
	if strings.Contains(shown, "?") {
		t.Errorf("wait4 was announced twice:\n%s", shown)
	}
	h.Press(" ", "PTRACE_GETREGS", "= 0", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentLoop sees a loop of requests announced once.
func TestPresentLoop(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "count")
	h.Sees("6   b) 7   c) 8")
	h.Press("b", "fork()", "= ?")
	h.Press("\r", "A loop of requests begins", "wait4(", "= ?")
	shown := h.Press("\r", "Answer:")
	if strings.Contains(shown, "= ?") || !strings.Contains(shown, "(7 times)") {
		t.Errorf("the loop was shown so:\n%s", shown)
	}
	h.Press("q")
	h.Ends(0)
}

// TestPresentAsks sees that Enter does not answer, and that a letter does.
func TestPresentAsks(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "4", "--present")
	h.Sees("press a, b or c.")
	h.Press("\r", "This waits for an answer: a, b or c. q quits.")
	h.Press("x", "'x' does nothing here. Press a, b or c; q quits. ?: the keys")
	h.Press("a", "fork()", "= ?")
	h.Press("\r", "A loop", "= ?")
	h.Press("\r", "You said a) 6.", "Answer: b) 7.", "Enter: go on")
	h.Press("q")
	h.Ends(0)
}

// TestPresentClickerAtAQuestion has no letters to answer with: a second key in a row
// that leads on shows the answer, and says nothing of a vote. Enter is no such key.
func TestPresentClickerAtAQuestion(t *testing.T) {
	const once = "Once more: the answer, without a vote."
	for _, command := range []string{"present", "replay"} {
		for name, key := range map[string]string{"PageDown": "\x1b[6~", "Right": "\x1b[C", "Space": " "} {
			t.Run(command+" "+name, func(t *testing.T) {
				h := ptytest.Start(t, nil, "ptwalk", command, "3")
				h.Sees("fork()", "= ?")
				for _, next := range []string{"wait4(", "PTRACE_GETREGS"} {
					h.Press(key, next, "= ?")
				}
				h.Press(key, "press a, b or c.")
				shown := h.Press("\r\r\r", "This waits", "This waits", "This waits for an answer: a, b or c. q quits.\n")
				if strings.Contains(shown, once) {
					t.Errorf("Enter is told to answer:\n%s", shown)
				}
				h.Press(key, once)
				h.Press("x", "'x' does nothing here.")
				h.Press(key, once)
				h.Press("\r", "This waits for an answer")
				h.Press(key, once)
				h.Press("\x1b[5~", "REPLAY   tracer  ptrace(PTRACE_GETREGS")
				h.Press(key, "press a, b or c.")
				h.Press(key, once)
				h.Press(key, "PTRACE_SINGLESTEP", "= ?")
				shown = h.Press("s", "Answer: c) 5.")
				if strings.Contains(shown, "You said") {
					t.Errorf("nobody has said anything:\n%s", shown)
				}
				h.Press("q")
				h.Ends(0)
			})
		}
	}
}

// TestPresentKeys walks about in a lesson.
func TestPresentKeys(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("?\r", "n p    next section", "q      quit")
	h.Press("b", "Nothing was seen before this.")
	h.Press("l", "lessons/03-singlestep/singlestep.go:", ">", "s.Ready(asm.Hello64)")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("b", "REPLAY   tracer  wait4(")
	h.Press("b", "REPLAY   tracer  fork()")
	h.Press("\x1b[A") // an arrow is no key of ours
	h.Press("b", "Nothing was seen before this.")
	h.Press(":status\r", "REPLAY   kernel  signal-delivery-stop")
	h.Press("\r", "REPLAY   tracer  wait4(")
	h.Press("\r", "  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.Press("r", "kill(", "-- 1  One step", "fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("n", "-- 2  The first four", "fork()", "= ?")
	h.Press("n", "-- 3  The system call")
	h.Press("q")
	h.Ends(0)
}

// TestPresentHurries lets requests happen up to the next words, where they are
// told one by one, or in one line if they belong to a table.
func TestPresentHurries(t *testing.T) {
	for _, command := range []string{"present", "replay"} {
		t.Run(command, func(t *testing.T) {
			h := ptytest.Start(t, nil, "ptwalk", command, "3")
			h.Sees("fork()", "= ?")
			if command == "present" {
				h.Sees("execve(", "= ?")
			}
			shown := h.Press("s", "PTRACE_SINGLESTEP lets it run", "press a, b or c.")
			if strings.Contains(shown, "= ?") {
				t.Errorf("a stop on the way:\n%s", shown)
			}
			h.Press("c", "PTRACE_SINGLESTEP", "= ?")
			h.Press("s", "Answer: c) 5.", "kill(", "= ?")
			h.Press("s", "Enter: go on")
			h.Press("s", "No request waits here.")
			h.Press("\r", "-- 2  ", "fork()", "= ?")
			h.Press("\r", "wait4(", "= ?")
			h.Press("\r", "GETREGS", "= ?")
			h.Press("b", "REPLAY   tracer  wait4(")
			h.Press("s", "Enter leads back")
			h.Press("l", "lessons/03-singlestep/singlestep.go:", ">", "Ready(")
			h.Press("\r", "GETREGS", "= ?")
			shown = h.Press("s", "Enter: go on")
			if strings.Contains(shown, "= ?") || !strings.Contains(shown, "PTRACE_SINGLESTEP x 4") {
				t.Errorf("the row of steps was shown so:\n%s", shown)
			}
			h.Press("q")
			h.Ends(0)
		})
	}
}

// TestPresentLongRow is told of s when many requests come from one place. Section 3
// makes none on a kernel without IA32 emulation.
func TestPresentLongRow(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "2")
	h.Sees("= ?")
	for _, section := range []string{"2", "3", "4", "5", "6"} {
		h.Press("n", "-- "+section+"  ")
	}
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "GETREGS", "= ?")
	h.Press("\r\r\r\r\r", "s: let these happen", "= ?")
	h.Press("s", "PTRACE_PEEKUSER x 1", "GETREGS copies", "Enter: go on")
	h.Press("q")
	h.Ends(0)
}

// TestPresentAtTheEnd stops once more at the end of a lesson, so that one can go
// back.
func TestPresentAtTheEnd(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "1", "2")
	h.Sees("Enter: go on")
	h.Press("\r", "-- 1  ", "= ?")
	for _, section := range []string{"2", "3", "4", "5", "6", "7", "8"} {
		h.Press("n", "-- "+section+"  ")
	}
	h.Sees("= ?")
	h.Press("s", "press a, b or c")
	h.Press("c", "= ?")
	h.Press("s", "Answer: c) ESRCH.", "= ?")
	h.Press("s", "kill(", "= ?")
	h.Press("s", "Enter: go on")
	h.Press("\r", "-- 9  What you can do now", "Enter: go on")
	h.Press("b", "REPLAY   tracer  wait4(")
	h.Press("\r", "Here the run goes on.")
	h.Press("\r", "02 peekuser", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentLastSection sees that n says so where no section follows.
func TestPresentLastSection(t *testing.T) {
	const three = 3 - 1 // a lesson, counted from 0
	for command, says := range map[string]string{"present": "That was the last section of lesson 3.", "replay": "That was the last section."} {
		t.Run(command, func(t *testing.T) {
			h := ptytest.Start(t, nil, "ptwalk", command, "3")
			h.Sees("-- 1  ", "= ?")
			for n := range len(lessons.All[three].Sections) { // and what one can do now
				h.Press("n", fmt.Sprintf("-- %d  ", n+2))
			}
			if strings.Contains(h.Shown(), says) {
				t.Errorf("it is said too early:\n%s", h.Shown())
			}
			h.Press("n", says)
			h.Ends(0)
		})
	}
}

// TestPresentLastSectionOfTwo goes on with the next lesson.
func TestPresentLastSectionOfTwo(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "2")
	h.Sees("-- 1  ", "= ?")
	for range lessons.All[2].Sections {
		h.Press("n")
	}
	h.Press("n", "That was the last section of lesson 3.", "02 peekuser", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentBusy presses keys while a loop of nearly a hundred thousand requests
// runs. They are answered before it has ended.
func TestPresentBusy(t *testing.T) {
	for key, shows := range map[string][]string{
		"n":    {"-- 6  The same count twice"},
		"r":    {"-- 5  C against assembly"},
		"q":    nil,
		"\x03": nil,
	} {
		t.Run(fmt.Sprintf("%q", key), func(t *testing.T) {
			h := ptytest.Start(t, nil, "ptwalk", "present", "4")
			h.Sees("our answer")
			for _, section := range []string{"2", "3", "4", "5"} {
				h.Press("n", "-- "+section+"  ")
			}
			for n := range 3 { // the third program is a dynamic one
				if n == 2 {
					h.Sees("press a, b or c.")
					h.Press("c")
				}
				h.Sees("fork()", "= ?")
				h.Press("\r", "A loop", "= ?")
				h.Press("\r")
			}
			shown := h.Press("?", "n, p, r and q work meanwhile")
			shown += h.Press(key, shows...)
			if shows != nil {
				h.Press("q")
			}
			if key == "\x03" {
				h.Ends(130)
			} else {
				h.Ends(0)
			}
			if shown += h.Rest(); strings.Contains(shown, "  count   ") {
				t.Errorf("the loop has ended first:\n%s", shown)
			}
		})
	}
}
