package present

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
	"ptwalk/lessons"
)

// TestPresentResized makes the window smaller, and lines follow.
func TestPresentResized(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Resize(60)
	shown := h.Press("\r", "PTRACE_GETREGS", "= ?")
	shown += h.Press("\r", "press a, b or c.")
	shown += h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	cmdtest.Narrow(t, 60, shown)
	h.Press("q")
	h.Ends(0)
}

// TestPresentNarrow goes through a section at 60 columns.
func TestPresentNarrow(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "1", "--width", "60", "--auto", "0s")
	h.Ends(0)
	h.Rest()
	cmdtest.Narrow(t, 60, h.Shown())
}

// TestPresentNarrowKeys asks and looks around in a window of 60 columns.
func TestPresentNarrowKeys(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "--width", "60")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Resize(60)
	shown := h.Press("\r", "GETREGS", "= ?")
	for _, keys := range []string{"l", ":regs\r", ":status\r", ":maps\r", ":mem rsp 20\r", ":dis rip 3\r", ":peekuser 8*RIP\r", ":cont\r", ":siginfo\r"} {
		shown += h.Press(keys+"h", "quit\n")
	}
	shown += h.Press("b", "REPLAY   tracer  wait4(")
	shown += h.Press("x", "does nothing")
	cmdtest.Narrow(t, 60, shown)
	h.Press("q")
	h.Ends(0)
}

// TestPresentFitsTheWidth looks at memory and at long lines of source at 80
// columns: none is wider, and none is cut.
func TestPresentFitsTheWidth(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?") // only now it has stopped for certain
	shown := h.Press(":mem rsp 64\r", "process_vm_readv(", "= 64", "memory  0x7f", "= ?")
	shown += h.Press(":mem rip 40\r", "process_vm_readv(", "= 40", "memory  0x401000", "= ?")
	cmdtest.Narrow(t, 80, shown)
	h.Press("q")
	h.Ends(0)
}

// TestPresentSourceIsWhole shows the lines of source around each stop of a
// section: at 44 columns they are folded, and no word of them is missing.
func TestPresentSourceIsWhole(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3", "--width", "44")
	h.Sees("= ?")
	shown := h.Press("lh", "quit\n")
	cmdtest.Narrow(t, 44, shown)
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
	h := ptytest.Start(t, []string{"ACCESSIBLE=1"}, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	shown := h.Press("h", "Enter: make the request happen; Space, Right, PageDown too\n", "q: quit\n")
	shown += h.Press("l", "singlestep.go:", ", here: ")
	shown += h.Press(":mem rsp 64\r", "process_vm_readv(", "\n  memory at 0x7f", "= ?")
	shown += h.Press("b", "REPLAY   tracer: wait4(")
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "REPLAY "))
		if strings.Contains(line, "  ") {
			t.Errorf("a column of spaces: %q", line)
		}
	}
	cmdtest.Narrow(t, 80, shown)
	h.Press("q")
	h.Ends(0)
}

// TestDumbTerminal sees nothing on a dumb terminal that it would not understand.
func TestDumbTerminal(t *testing.T) {
	h := ptytest.Start(t, []string{"TERM=dumb", "LC_ALL=C.UTF-8", "NO_COLOR="}, "ptwalk", "present", "3")
	shown := h.Sees("= ?")
	shown += h.Press("s", "press a, b or c.")
	shown += h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	shown += h.Press("h", "quit\n")
	shown += h.Press("b", "REPLAY")
	shown += h.Press(":mem rsp 64\r", "memory")
	cmdtest.ASCII(t, shown)
	h.Press("q")
	h.Ends(0)
}
