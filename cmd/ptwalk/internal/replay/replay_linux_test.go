package replay

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/internal/become"
	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
	"ptwalk/lessons"
)

// TestReplayWithoutPtrace replays every lesson as an ordinary user, under a
// seccomp filter that refuses ptrace; and sees that the filter does refuse it.
func TestReplayWithoutPtrace(t *testing.T) {
	user := ""
	if become.Capable() {
		user = become.Nobody
	}
	ordinary := func(args ...string) cmdtest.Ending {
		t.Helper()
		return cmdtest.As(t, user+" filter=1", append([]string{"env", "HOME=/nonexistent", "XDG_STATE_HOME=", "ptwalk"}, args...)...)
	}
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			for _, flags := range []string{"--plain", "--json", "--markdown", "--accessible"} {
				e := ordinary("replay", fmt.Sprint(l.Number), flags)
				e.Wants(t, 0, "")
				if flags == "--plain" && strings.Count(e.Stdout, "\nREPLAY of a run on Linux") != len(l.Sections)+1 { // the last one is what you can do now
					t.Errorf("not every section begins with REPLAY:\n%s", e.Stdout)
				}
			}
			e := ordinary(fmt.Sprint(l.Number), "--plain")
			e.Wants(t, 3, "[PT-SECCOMP]")
			e.Wants(t, 3, fmt.Sprintf("ptwalk replay %d", l.Number))
		})
	}
}

// TestReplayRefusesFiles gives it what is no recording: one sentence that names
// the line, and no more of it is read than a line may have.
func TestReplayRefusesFiles(t *testing.T) {
	dir := t.TempDir()
	whole := cmdtest.Run(t, []string{"ptwalk", "replay", "1", "--json"}).Stdout
	big := filepath.Join(dir, "big")
	cmdtest.Must(t, os.WriteFile(big, nil, 0o600))
	cmdtest.Must(t, os.Truncate(big, 1<<30))
	for _, tt := range []struct{ name, text, says string }{
		{"empty", "", "the file is empty"},
		{"half", whole[:len(whole)/2], fmt.Sprintf("line %d is the last and is cut off", strings.Count(whole[:len(whole)/2], "\n")+1)},
		{"lines", whole[:strings.LastIndex(strings.TrimSpace(whole), "\n")+1], fmt.Sprintf("line %d is the last", strings.Count(whole, "\n")-1)},
		{"newer", strings.Replace(whole, `{"v":1,`, `{"v":2,`, 1), "line 1 has schema version 2, and this ptwalk reads version 1"},
		{"junk", "\x7fELF\x00\x1b[2J\xff\n", "line 1 is not a JSON object"},
		{"torn", strings.Replace(whole, "\n{", "\n{{", 1), "line 2 is not a JSON object"},
		{big, "", "line 1 is longer than"},
		{"/dev/zero", "", "line 1 is longer than"},
		{dir, "", "is a directory"},
	} {
		name := tt.name
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
			cmdtest.Must(t, os.WriteFile(name, []byte(tt.text), 0o600))
		}
		for _, args := range [][]string{{name}, {"-"}} {
			in, err := os.Open(name)
			cmdtest.Must(t, err)
			e := cmdtest.Run(t, append([]string{"ptwalk", "replay"}, args...), cmdtest.Stdin(in))
			in.Close()
			e.Wants(t, 1, tt.says)
			if strings.Count(e.Stderr, "\n") != 1 || e.Stdout != "" || strings.Contains(e.Stderr, "\x1b") {
				t.Errorf("%s: not one sentence:\n%s%s", tt.name, e.Stdout, e.Stderr)
			}
		}
	}
}

// TestReplayKeys has the presenter's keys in a replay.
func TestReplayKeys(t *testing.T) {
	h := ptytest.Start(t, nil, "become", "filter=1", "--", "ptwalk", "replay", "3")
	h.Sees("REPLAY of a run on Linux", "-- 1  One step", "fork()", "= ?")
	h.Press("\r", "TRACEME", "wait4(", "= ?")
	h.Press("b", "REPLAY   tracer  fork()")
	h.Press("\r", "wait4(", "= ?")
	h.Press("l", "singlestep.go:", ">")
	h.Press(":regs\r", "This is a recording, and that was not recorded here.")
	h.Press("r", "-- 1  One step", "= ?")
	h.Press("n", "REPLAY of a run", "-- 2  The first four", "= ?")
	h.Press("?\r", "next section")
	h.Press("q")
	h.Ends(0)
}

// TestReplayAsks answers a question of a recording.
func TestReplayAsks(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "replay", "4")
	h.Sees("press a, b or c.")
	h.Press("\r", "This waits for an answer")
	h.Press("a", "fork()", "= ?")
	h.Press("\r", "A loop of requests begins", "= ?")
	h.Press("\r", "(7 times)", "You said a) 6.", "Answer: b) 7.")
	h.Press("q")
	h.Ends(0)
}

// A terminal that does not know its size has 0 columns: the text has 80.
func TestI02UnknownWidth(t *testing.T) {
	p := ptytest.Open(t)
	cmdtest.Must(t, unix.IoctlSetWinsize(int(p.Master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{}))
	e := cmdtest.Start(t, strings.Fields("ptwalk replay 1 --no-pause --color=never"), p.On).End()
	widest := 0
	for line := range strings.Lines(p.Shown()) {
		widest = max(widest, len(strings.TrimRight(line, "\r\n")))
	}
	if e.Status != 0 || widest <= 60 || widest > 80 {
		t.Errorf("status %d, and the widest line has %d columns, want up to 80", e.Status, widest)
	}
}
