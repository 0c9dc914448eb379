package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/lessons"
)

// TestPromptExplains types what is no answer, and is told once for each what is,
// and how to leave.
func TestPromptExplains(t *testing.T) {
	h := enter(t, nil, "ptwalk", "4")
	h.sees("your answer, a, b or c, or Enter to see it: ")
	for _, word := range []string{"x", "quit", "ab", "7", "\u00e9"} {
		shown := h.press(word+"\n", "is no answer. Type a, b or c, then Enter.", "Ctrl-C leaves the", "your answer, ")
		if n := strings.Count(shown, "is no answer"); n != 1 {
			t.Errorf("%q is answered %d times:\n%s", word, n, shown)
		}
		narrow(t, 80, shown)
	}
	h.press(" B \n", "Answer: b) 7.", "Enter: go on   Ctrl-C: leave ")
	shown := h.press("q\n", "Enter alone goes on. Ctrl-C leaves the lesson.", "Enter: go on   Ctrl-C: leave ")
	if strings.Contains(shown, "-- 2") {
		t.Errorf("it went on:\n%s", shown)
	}
	h.press("\n", "-- 2  ")
	h.press("\x03")
	h.ends(130)
}

// TestPromptNarrow has prompts that fit a window of 40 columns.
func TestPromptNarrow(t *testing.T) {
	h := enter(t, nil, "ptwalk", "4", "--width", "40")
	h.sees("a, b or c, or Enter: ")
	narrow(t, 40, h.press("x\n", "is no answer", "leaves the", "a, b or c, or Enter: "))
	h.press("\x03")
	h.ends(130)
}

// TestPromptEndOfInput types Ctrl-D: the lesson says that it goes on without
// pauses, once, and does.
func TestPromptEndOfInput(t *testing.T) {
	for name, first := range map[string][2]string{
		"at a question": {"4", "to see it: "},
		"at a pause":    {"3", "Enter: go on   Ctrl-C: leave "},
	} {
		t.Run(name, func(t *testing.T) {
			h := enter(t, nil, "ptwalk", first[0])
			h.sees(first[1])
			h.press("\x04", "The input has ended: the lesson goes on without pauses.", "-- 2  ", "-- 3  ")
			h.ends(0)
			for shown := range h.pieces {
				h.all.WriteString(strings.ReplaceAll(shown, "\r", ""))
				h.slave.Close()
			}
			all := h.all.String()
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
	h := enter(t, nil, "sh", "-i")
	h.sees("$ ")
	h.press("ptwalk 4\n", "to see it: ")
	for range 2 {
		h.press("\x1a", "Stopped", "$ ")
		h.press("fg\n", "    your answer, a, b or c, or Enter to see it: ")
	}
	h.press("b\n", "Answer: b) 7.", "Enter: go on   Ctrl-C: leave ")
	h.press("\x1a", "Stopped", "$ ")
	h.press("bg\n", "$ ") // it may not read there, and stops again
	h.stopped("ptwalk")
	h.press("fg\n", "Enter: go on   Ctrl-C: leave ")
	h.press("\n", "-- 2  ")
	h.press("\x03", "$ ")
	h.press("exit\n")
	h.ends(130)
}

// TestPromptStoppedByOthers is stopped by SIGSTOP, which no program can answer.
func TestPromptStoppedByOthers(t *testing.T) {
	h := enter(t, nil, "ptwalk", "4")
	h.sees("to see it: ")
	for range 3 {
		h.must(h.cmd.Process.Signal(syscall.SIGSTOP))
		h.stopped("ptwalk")
		h.must(h.cmd.Process.Signal(syscall.SIGCONT))
		h.sees("    your answer, a, b or c, or Enter to see it: ")
	}
	h.press("\x03")
	h.ends(130)
}

// TestPresentRedraws is stopped at a question, at a pause and while back, and
// draws again what waits there.
func TestPresentRedraws(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "4")
	again := func(texts ...string) {
		t.Helper()
		h.must(h.cmd.Process.Signal(syscall.SIGSTOP))
		h.stopped("ptwalk")
		h.must(unix.IoctlSetTermios(int(h.slave.Fd()), unix.TCSETS, &h.before)) // as a shell does
		h.must(h.cmd.Process.Signal(syscall.SIGCONT))
		h.sees(texts...)
	}
	h.sees("Your answer: press a, b or c.")
	again("Your answer: press a, b or c.")
	h.press("a", "fork()", "= ?")
	h.press("s", "Enter: go on, b: back")
	again("Enter: go on, b: back")
	h.press("b", "REPLAY   tracer  wait4(")
	again("REPLAY   tracer  wait4(")
	h.press("\r", "Here the run goes on.", "Enter: go on, b: back")
	h.press("q")
	h.ends(0)
}

// TestPresentForward goes back, and sees at the live stop again what waits there:
// a request, and the end of a section.
func TestPresentForward(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	h.press("bb", "REPLAY   tracer  fork()")
	h.press("\r\r", "REPLAY   tracer  wait4(", "\n  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.press("s", "PTRACE_SINGLESTEP", "= ?")
	h.press("s", "kill(", "= ?")
	h.press("s", "Enter: go on, b: back")
	h.press("bb", "REPLAY   tracer  ", "REPLAY   tracer  ")
	h.press("\r\r", "Here the run goes on.", "Enter: go on, b: back")
	h.press("q")
	h.ends(0)
}

// TestPresentLastSection sees that n says so where no section follows.
func TestPresentLastSection(t *testing.T) {
	const three = 3 - 1 // a lesson, counted from 0
	for command, says := range map[string]string{"present": "That was the last section of lesson 3.", "replay": "That was the last section."} {
		t.Run(command, func(t *testing.T) {
			h := enter(t, nil, "ptwalk", command, "3")
			h.sees("-- 1  ", "= ?")
			for n := range len(lessons.All[three].Sections) - 1 {
				h.press("n", fmt.Sprintf("-- %d  ", n+2))
			}
			if strings.Contains(h.all.String(), says) {
				t.Errorf("it is said too early:\n%s", h.all.String())
			}
			h.press("n", says)
			h.ends(0)
		})
	}
}

// TestPresentLastSectionOfTwo goes on with the next lesson.
func TestPresentLastSectionOfTwo(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3", "2")
	h.sees("-- 1  ", "= ?")
	for range lessons.All[2].Sections {
		h.press("n")
	}
	h.sees("That was the last section of lesson 3.", "02 peekuser", "= ?")
	h.press("q")
	h.ends(0)
}

// TestNotesTellOnce asks the kernel and looks at the source at a stop. The
// speaker's notes tell the request that waits once.
func TestNotesTellOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes")
	h := enter(t, nil, "ptwalk", "present", "3", "--notes", file)
	h.sees("fork()", "= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	for _, keys := range []string{":regs rip\r", ":status\r", ":\x1b", ":\r"} {
		h.press(keys, "PTRACE_GETREGS", ", &regs)", "= ?")
	}
	h.press("l", "singlestep.go:")
	h.press("b", "REPLAY   tracer  wait4(")
	h.press("\r", "  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.press("q")
	h.ends(0)
	text, err := os.ReadFile(file)
	must(t, err)
	for _, request := range []string{"Next: fork()", "Next: wait4(", "Next: ptrace(PTRACE_GETREGS"} {
		if n := strings.Count(string(text), request); n != 1 {
			t.Errorf("%q is there %d times:\n%s", request, n, text)
		}
	}
}

// TestPresentFitsTheWidth looks at memory and at long lines of source at 80
// columns: none is wider, and none is cut.
func TestPresentFitsTheWidth(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("fork()", "= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?") // only now it has stopped for certain
	shown := h.press(":mem rsp 64\r", "process_vm_readv(", "= 64", "memory  0x7f", "= ?")
	shown += h.press(":mem rip 40\r", "process_vm_readv(", "= 40", "memory  0x401000", "= ?")
	narrow(t, 80, shown)
	h.press("q")
	h.ends(0)
}

// TestPresentSourceIsWhole shows the lines of source around each stop of a
// section: at 44 columns they are folded, and no word of them is missing.
func TestPresentSourceIsWhole(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3", "--width", "44")
	h.sees("= ?")
	shown := h.press("l?", "quit\n")
	narrow(t, 44, shown)
	file, has := lessons.Source("lessons/03-singlestep/singlestep.go")
	if !has {
		t.Fatal("the source is not at hand")
	}
	var of strings.Builder // the lines that were shown, without their numbers
	lines := strings.Split(file, "\n")
	numbered := regexp.MustCompile(`(?m)^  [> ] +(\d+)  `)
	found := numbered.FindAllStringSubmatch(shown, -1)
	if len(found) < 6 {
		t.Fatalf("too few lines of source:\n%s", shown)
	}
	for _, n := range found {
		i, _ := strconv.Atoi(n[1])
		of.WriteString(lines[i-1] + "\n")
	}
	_, shown, _ = strings.Cut(shown, "singlestep.go:")
	_, shown, _ = strings.Cut(shown, "\n")
	shown, _, _ = strings.Cut(shown, "    Enter ")
	got := strings.Fields(numbered.ReplaceAllString(shown, ""))
	if want := strings.Fields(of.String()); !slices.Equal(got, want) {
		t.Errorf("the source is shown as\n%q\nand is\n%q", got, want)
	}
}

// TestPresentAccessible looks around as a screen reader does: no columns of
// spaces in keys, source and memory.
func TestPresentAccessible(t *testing.T) {
	h := enter(t, []string{"ACCESSIBLE=1"}, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	shown := h.press("?", "Enter: make the request happen\n", "q: quit\n")
	shown += h.press("l", "singlestep.go:", ", here: ")
	shown += h.press(":mem rsp 64\r", "process_vm_readv(", "\n  memory at 0x7f", "= ?")
	shown += h.press("b", "REPLAY   tracer: wait4(")
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "REPLAY "))
		if strings.Contains(line, "  ") {
			t.Errorf("a column of spaces: %q", line)
		}
	}
	narrow(t, 80, shown)
	h.press("q")
	h.ends(0)
}
