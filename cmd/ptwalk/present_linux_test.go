package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPresentStopsBeforeEachRequest presses Enter and sees the announced line,
// and then the same line with its result.
func TestPresentStopsBeforeEachRequest(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	shown := h.sees("fork()", "= ?")
	if strings.Contains(shown, "= 0") {
		t.Errorf("something has happened before a key:\n%s", shown)
	}
	h.press("\r", "fork()", "TRACEME", "execve(", "wait4(", "= ?")
	shown = h.press("\r", "wait4(", "= ")
	h.sees("PTRACE_GETREGS", "= ?")
	if strings.Contains(shown, "?") {
		t.Errorf("wait4 was announced twice:\n%s", shown)
	}
	h.press(" ", "PTRACE_GETREGS", "= 0", "PTRACE_SINGLESTEP", "= ?")
	h.press("q")
	h.ends(0)
}

// TestPresentLoop sees a loop of requests announced once.
func TestPresentLoop(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "count")
	h.sees("6   b) 7   c) 8")
	h.press("b", "fork()", "= ?")
	h.press("\r", "A loop of requests begins", "wait4(", "= ?")
	shown := h.press("\r", "Answer:")
	if strings.Contains(shown, "= ?") || !strings.Contains(shown, "(7 times)") {
		t.Errorf("the loop was shown so:\n%s", shown)
	}
	h.press("q")
	h.ends(0)
}

// TestPresentAsks sees that Enter does not answer, and that a letter does.
func TestPresentAsks(t *testing.T) {
	h := enter(t, nil, "ptwalk", "4", "--present")
	h.sees("press a, b or c.")
	h.press("\r", "This waits for an answer: a, b or c. q quits.")
	h.press("x", "'x' does nothing here. Press a, b or c; q quits. ?: the keys")
	h.press("a", "fork()", "= ?")
	h.press("\r", "A loop", "= ?")
	h.press("\r", "You said a) 6.", "Answer: b) 7.", "Enter: go on")
	h.press("q")
	h.ends(0)
}

// TestPresentKeys walks about in a lesson.
func TestPresentKeys(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("fork()", "= ?")
	h.press("?", "n      next section", "q      quit")
	h.press("b", "Nothing was seen before this.")
	h.press("l", "lessons/03-singlestep/singlestep.go:", ">", "s.Ready(asm.Hello64)")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	h.press("b", "REPLAY   tracer  wait4(")
	h.press("b", "REPLAY   tracer  fork()")
	h.press("\x1b[A") // an arrow is no key of ours
	h.press("b", "Nothing was seen before this.")
	h.press(":status\r", "State: t (tracing stop)")
	h.press("\r", "REPLAY   tracer  wait4(")
	h.press("\r", "  tracer  ptrace(PTRACE_GETREGS", "= ?")
	h.press("r", "kill(", "-- 1  One step", "fork()", "= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("n", "-- 2  The first four", "fork()", "= ?")
	h.press("n", "-- 3  The system call")
	h.press("q")
	h.ends(0)
}

// TestPresentHurries lets requests happen up to the next words, where they are
// told one by one, or in one line if they belong to a table.
func TestPresentHurries(t *testing.T) {
	for _, command := range []string{"present", "replay"} {
		t.Run(command, func(t *testing.T) {
			h := enter(t, nil, "ptwalk", command, "3")
			h.sees("fork()", "= ?")
			shown := h.press("s", "PTRACE_SINGLESTEP sets", "= ?")
			if strings.Count(shown, "= ?") != 1 {
				t.Errorf("more than one stop:\n%s", shown)
			}
			h.press("s", "one instruction of 5 bytes", "kill(", "= ?")
			h.press("s", "Enter: go on")
			h.press("s", "No request waits here.")
			h.press("\r", "-- 2  ", "fork()", "= ?")
			h.press("\r", "wait4(", "= ?")
			h.press("\r", "GETREGS", "= ?")
			h.press("b", "REPLAY   tracer  wait4(")
			h.press("s", "Enter leads back")
			h.press("l", "lessons/03-singlestep/singlestep.go:", ">", "Ready(")
			h.press("\r", "GETREGS", "= ?")
			shown = h.press("s", "Enter: go on")
			if strings.Contains(shown, "= ?") || !strings.Contains(shown, "PTRACE_SINGLESTEP x 4") {
				t.Errorf("the row of steps was shown so:\n%s", shown)
			}
			h.press("q")
			h.ends(0)
		})
	}
}

// TestPresentLongRow is told of s when many requests come from one place. Section 3
// makes none on a kernel without IA32 emulation.
func TestPresentLongRow(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "2")
	h.sees("= ?")
	for _, section := range []string{"2", "3", "4", "5", "6"} {
		h.press("n", "-- "+section+"  ")
	}
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "GETREGS", "= ?")
	h.press("\r\r\r\r\r", "s: let these happen", "= ?")
	h.press("s", "PTRACE_PEEKUSER x 1", "GETREGS copies", "Enter: go on")
	h.press("q")
	h.ends(0)
}

// TestPresentAtTheEnd stops once more at the end of a lesson, so that one can go
// back.
func TestPresentAtTheEnd(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "1", "2")
	h.sees("= ?")
	for _, section := range []string{"2", "3", "4", "5", "6", "7", "8"} {
		h.press("n", "-- "+section+"  ")
	}
	h.sees("= ?")
	h.press("s", "press a, b or c")
	h.press("c", "= ?")
	h.press("s", "= ?")
	h.press("s", "= ?")
	h.press("s", "Enter: go on")
	h.press("b", "REPLAY   tracer  wait4(")
	h.press("\r", "Here the run goes on.")
	h.press("\r", "02 peekuser", "= ?")
	h.press("q")
	h.ends(0)
}

var replayed = regexp.MustCompile(`(?m)^ +tracer .*= [^?\n]*$`)

// TestPresentBackSaysReplay sees that no line of what was seen stands without
// its mark.
func TestPresentBackSaysReplay(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	h.press("\r", "PTRACE_SINGLESTEP", "= ?")
	h.press("bbb", "REPLAY   tracer  fork()")
	h.press("b", "Nothing was seen")
	shown := h.press("\r\r\r", "  tracer  ptrace(PTRACE_SINGLESTEP", "= ?")
	if found := replayed.FindString(shown); found != "" {
		t.Errorf("%q is of the past and says not so:\n%s", found, shown)
	}
	h.press("q")
	h.ends(0)
}

// TestPresentQuestions asks the kernel at a stop.
func TestPresentQuestions(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press(":regs\r", "There is no tracee here yet.")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	for _, q := range []struct {
		ask   string
		shows []string
	}{
		{"peekuser 8*RIP", []string{"ptrace(PTRACE_PEEKUSER, ", "8*RIP, NULL)", "= 0x401000"}},
		{"peekuser orig_rax", []string{"8*ORIG_RAX, NULL)", "= 59"}},
		{"peekuser 3", []string{"3, NULL)", "= -1 EIO", "not a multiple of 8"}},
		{"peekuser", []string{"It is asked so: peekuser"}},
		{"peekuser 7*RIP", []string{"no offset"}},
		{"regs", []string{"PTRACE_GETREGS", "= 0", "r15", "rip 0x401000"}},
		{"regs rip", []string{"PTRACE_GETREGS", "= 0", "rip 0x401000"}},
		{"regs nonsense", []string{`There is no register "nonsense"`}},
		{"mem rsp 16", []string{"process_vm_readv(", "= 16", "memory  0x7ff"}},
		{"mem 0x401000 7", []string{"process_vm_readv(", "= 7", "bf 01 00 00 00 ba 16"}},
		{"mem message", []string{"Hello"}},
		{"mem 8", []string{"= -1 EFAULT", "not mapped in the other process"}},
		{"mem rsp 0", []string{"a number from 1 to 1024"}},
		{"mem nowhere", []string{"no register, no symbol"}},
		{"peekdata _start", []string{"ptrace(PTRACE_PEEKDATA, ", "0x401000, NULL)"}},
		{"peekdata 8", []string{"= -1 EIO", "not mapped in the tracee"}},
		{"dis rip 2", []string{"_start:", "mov edi, 0x1", "mov edx, 0x16"}},
		{"dis rip+5 1", []string{"0x401005", "mov edx, 0x16"}},
		{"status", []string{`"/proc/`, `/status", O_RDONLY`, "State: t (tracing stop)", "TracerPid:"}},
		{"maps", []string{`/maps", O_RDONLY`, "[stack]"}},
		{"siginfo", []string{"PTRACE_GETSIGINFO", "= 0", "si_signo 5 SIGTRAP"}},
		{"eventmsg", []string{"PTRACE_GETEVENTMSG"}},
		{"cont", []string{"PTRACE_CONT is refused here: it would move or change"}},
		{"step", []string{"step is refused here"}},
		{"pokeuser 8*RIP 0", []string{"PTRACE_POKEUSER is refused here"}},
		{"PTRACE_DETACH", []string{"PTRACE_DETACH is refused here"}},
		{"setregs", []string{"PTRACE_SETREGS is refused here"}},
		{"wheather", []string{`"wheather" cannot be asked. Possible: peekuser`}},
		{"regx\b\b\bgs\x7f\x15regs rip", []string{"rip 0x401000"}},
	} {
		h.press(":"+q.ask+"\r", append(q.shows, "PTRACE_GETREGS", "= ?")...)
	}
	h.press(":\x1b", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= 0", "PTRACE_SINGLESTEP", "= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("q")
	h.ends(0)
}

// TestPresentEnds ends a talk in every way that there is. After each the
// terminal is as it was, and no tracee is left.
func TestPresentEnds(t *testing.T) {
	for _, end := range []struct {
		name   string
		status int
		do     func(*hall)
	}{
		{"q", 0, func(h *hall) { h.press("q") }},
		{"Ctrl-D", 0, func(h *hall) { h.press("\x04") }},
		{"Ctrl-C", 130, func(h *hall) { h.press("\x03") }},
		{"Ctrl-C in a question", 130, func(h *hall) { h.press(":re\x03") }},
		{"Ctrl-backslash", 131, func(h *hall) { h.press("\x1c") }},
		{"SIGTERM", 143, func(h *hall) { h.cmd.Process.Signal(syscall.SIGTERM) }},
		{"SIGHUP", 129, func(h *hall) { h.cmd.Process.Signal(syscall.SIGHUP) }},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			h := enter(t, nil, "ptwalk", "present", "3")
			h.sees("= ?")
			h.press("\r", "wait4(", "= ?")
			h.press("\r", "PTRACE_GETREGS", "= ?")
			end.do(h)
			h.ends(end.status)
		})
	}
}

// TestPresentTerminalGone closes the terminal under a talk.
func TestPresentTerminalGone(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.slave.Close()
	h.master.Close()
	select {
	case <-h.exited:
	case <-time.After(patient):
		t.Fatal("it goes on without a terminal")
	}
	h.nobody()
}

// TestPresentSuspended stops a talk with Ctrl-Z, under a shell, and goes on.
func TestPresentSuspended(t *testing.T) {
	h := enter(t, nil, "sh", "-i")
	h.sees("$ ")
	h.press("stty -a | tr ' ' '\\n' | grep icanon; ptwalk present 3\n", "\nicanon", "fork()", "= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	for range 2 {
		h.press("\x1a", "Stopped", "$ ")
		h.press("stty -a | tr ' ' '\\n' | grep icanon\n", "\nicanon", "$ ")
		h.press("fg\n", "PTRACE_GETREGS", "= ?")
	}
	h.press(":regs rip\r", "rip 0x401000", "= ?")
	h.press("\r", "PTRACE_SINGLESTEP", "= ?")
	h.press("q", "$ ")
	h.press("echo status $?\n", "status 0", "$ ")
	h.press("exit\n")
	h.ends(0)
}

// TestPresentInTheBackground starts a talk in the background, where it may not use
// the terminal: it stops, and begins in the foreground. bg stops it again.
func TestPresentInTheBackground(t *testing.T) {
	h := enter(t, nil, "sh", "-i")
	h.sees("$ ")
	h.press("ptwalk present 3 &\n", "$ ")
	h.stopped("ptwalk")
	h.press("fg\n", "fork()", "= ?")
	h.press("\r", "wait4(", "= ?")
	for range 3 {
		h.press("\x1a", "Stopped", "$ ")
		h.press("bg\n", "$ ")
		h.stopped("ptwalk")
		h.press("stty -a | tr ' ' '\\n' | grep icanon\n", "\nicanon", "$ ")
		h.press("fg\n", "wait4(", "= ?")
	}
	h.press("\r", "GETREGS", "= ?")
	h.press("q", "$ ")
	h.press("exit\n")
	h.ends(0)
}

// TestPresentStoppedByOthers is stopped by SIGSTOP, which no program can answer.
func TestPresentStoppedByOthers(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	for range 3 {
		h.must(h.cmd.Process.Signal(syscall.SIGSTOP))
		h.stopped("ptwalk")
		h.must(unix.IoctlSetTermios(int(h.slave.Fd()), unix.TCSETS, &h.before)) // as a shell does
		h.must(h.cmd.Process.Signal(syscall.SIGCONT))
		h.sees("fork()", "= ?")
	}
	h.press("\r", "wait4(", "= ?")
	h.press("q")
	h.ends(0)
}

// TestPresentResized makes the window smaller, and lines follow.
func TestPresentResized(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.resize(60)
	shown := h.press("\r", "PTRACE_GETREGS", "= ?")
	shown += h.press("\r", "PTRACE_SINGLESTEP", "= ?")
	narrow(t, 60, shown)
	h.press("q")
	h.ends(0)
}

// TestPresentNarrow goes through a section at 60 columns.
func TestPresentNarrow(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "1", "--width", "60", "--auto", "0s")
	for done := false; !done; {
		select {
		case piece, open := <-h.pieces:
			h.all.WriteString(strings.ReplaceAll(piece, "\r", ""))
			done = !open
		case err := <-h.exited:
			h.exited <- err
			h.slave.Close()
		}
	}
	narrow(t, 60, h.all.String())
}

// TestPresentNarrowKeys asks and looks around in a window of 60 columns.
func TestPresentNarrowKeys(t *testing.T) {
	h := enter(t, nil, "ptwalk", "present", "3", "--width", "60")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.resize(60)
	shown := h.press("\r", "GETREGS", "= ?")
	for _, keys := range []string{"l", ":regs\r", ":status\r", ":maps\r", ":mem rsp 20\r", ":dis rip 3\r", ":peekuser 8*RIP\r", ":cont\r", ":siginfo\r"} {
		shown += h.press(keys+"?", "quit\n")
	}
	shown += h.press("b", "REPLAY   tracer  wait4(")
	shown += h.press("x", "does nothing")
	narrow(t, 60, shown)
	h.press("q")
	h.ends(0)
}

func narrow(t *testing.T, limit int, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); len(line) > limit {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
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
			h := enter(t, nil, "ptwalk", "present", "4")
			h.sees("our answer")
			for _, section := range []string{"2", "3", "4", "5"} {
				h.press("n", "-- "+section+"  ")
			}
			for range 3 { // the third program is a dynamic one
				h.sees("fork()", "= ?")
				h.press("\r", "A loop", "= ?")
				h.press("\r")
			}
			shown := h.press("?", "n, r and q work meanwhile")
			shown += h.press(key, shows...)
			if shows != nil {
				h.press("q")
			}
			if key == "\x03" {
				h.ends(130)
			} else {
				h.ends(0)
			}
			if shown += h.rest(); strings.Contains(shown, "  count   ") {
				t.Errorf("the loop has ended first:\n%s", shown)
			}
		})
	}
}

// TestPresentFails lets a step of the live run fail. The recording's section is
// offered, and every line of it says REPLAY.
func TestPresentFails(t *testing.T) {
	h := enter(t, []string{refuse + "=2"}, "ptwalk", "present", "3")
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	h.press("\r", "PTRACE_SINGLESTEP", "= ?")
	h.press("\r", "PTRACE_SINGLESTEP", "-1 EPERM", "This step has failed", "Enter: the recording of this section")
	h.press("\r", "\nREPLAY of a run on Linux", "REPLAY -- 1  One step", "REPLAY   tracer  fork()", "= ?")
	h.press("\r", "REPLAY   tracer  fork()", "REPLAY   tracer  wait4(", "= ?")
	h.press(":regs\r", "This is a recording", "= ?")
	h.press("n", "-- 2  The first four", "fork()", "= ?")
	h.press("q", "ptwalk: ")
	h.ends(3)
}

// TestPresentRefused presents where ptrace is refused from the start.
func TestPresentRefused(t *testing.T) {
	h := enter(t, []string{refuse + "=1"}, "ptwalk", "present", "2", "--auto", "0s")
	h.sees("This step has failed", "PT-SECCOMP", "REPLAY   tracer  fork()", "REPLAY   tracer  ptrace(PTRACE_PEEKUSER", "-- 2  ")
	h.ends(3)
}

// TestPresentByItself plays with --auto, and writes a speaker's notes.
func TestPresentByItself(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes")
	h := enter(t, nil, "ptwalk", "present", "--auto", "1ms", "2", "--notes", file)
	h.sees("fork()", "= ?", "wait4(", "= ?", "Answer:")
	h.ends(0)
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

// TestReplayKeys has the presenter's keys in a replay.
func TestReplayKeys(t *testing.T) {
	h := enter(t, []string{refuse + "=1"}, "ptwalk", "replay", "3")
	h.sees("REPLAY of a run on Linux", "-- 1  One step", "fork()", "= ?")
	h.press("\r", "TRACEME", "wait4(", "= ?")
	h.press("b", "REPLAY   tracer  fork()")
	h.press("\r", "wait4(", "= ?")
	h.press("l", "singlestep.go:", ">")
	h.press(":regs\r", "This is a recording: there is no tracee to ask.")
	h.press("r", "-- 1  One step", "= ?")
	h.press("n", "REPLAY of a run", "-- 2  The first four", "= ?")
	h.press("?", "next section")
	h.press("q")
	h.ends(0)
}

// TestReplayAsks answers a question of a recording.
func TestReplayAsks(t *testing.T) {
	h := enter(t, nil, "ptwalk", "replay", "4")
	h.sees("press a, b or c.")
	h.press("\r", "This waits for an answer")
	h.press("a", "fork()", "= ?")
	h.press("\r", "A loop of requests begins", "= ?")
	h.press("\r", "(7 times)", "You said a) 6.", "Answer: b) 7.")
	h.press("q")
	h.ends(0)
}
