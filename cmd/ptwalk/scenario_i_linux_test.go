package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
)

// Output and command line.

// printing are commands that print, one of each kind.
func printing(t *testing.T) []string {
	t.Helper()
	k := startTicker(t)
	return []string{
		"ptwalk", "ptwalk help", "ptwalk version", "ptwalk man", "ptwalk completion bash", "ptwalk doctor", "ptwalk doctor --json",
		"ptwalk explain 0x57f", "ptwalk 1", "ptwalk 2 --json", "ptwalk 5 --markdown", "ptwalk attach " + k.String(), "ptwalk attach --json " + k.String(),
		"ptwalk step --limit 5 " + file(t, "hello64", asm.Hello64.Bytes(), 0o755),
	}
}

func TestI01OutputIsFullOrClosed(t *testing.T) {
	needsPtrace(t)
	for _, command := range printing(t) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		must(t, err)
		e := session(t, words(command), stdout(full))
		full.Close()
		if e.Status == 0 || !strings.Contains(e.Stderr, "no space left") {
			t.Errorf("%s > /dev/full: status %d\n%s", command, e.Status, e.Stderr)
		}
		e.oneSentence(t)

		read, write, err := os.Pipe()
		must(t, err)
		read.Close()
		e = session(t, words(command), stdout(write))
		write.Close()
		if e.Status == 0 || strings.Contains(e.Stderr, "goroutine") {
			t.Errorf("%s to a closed pipe: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
	// The report of count goes to standard error.
	e := session(t, []string{"sh", "-c", "exec ptwalk count -o /dev/full " + file(t, "hello64", asm.Hello64.Bytes(), 0o755)})
	e.wants(t, 125, "no space left")
}

// A pipe that nobody reads: Ctrl-C leaves within a second.
func TestI01SlowPipe(t *testing.T) {
	needsPtrace(t)
	for _, command := range printing(t) {
		if !strings.Contains(command, "attach") && !strings.HasPrefix(command, "ptwalk 1") && !strings.HasPrefix(command, "ptwalk 2") {
			continue
		}
		read, write, err := os.Pipe()
		must(t, err)
		fill(t, write)
		j := start(t, words(command), stdout(write))
		await(t, "ptwalk waits for the pipe", func() bool { return waitsIn(j.pid, "pipe") })
		sent := time.Now()
		j.signal(2)
		e := j.end()
		read.Close()
		write.Close()
		if took := time.Since(sent); took > soon || e.Status != 130 {
			t.Errorf("%s: status %d after %v, want 130 within a second", command, e.Status, took)
		}
		for _, child := range e.Alive {
			t.Errorf("%s left %s", command, child)
		}
	}
}

// Without a terminal there is no escape sequence and no pause. Within 40 columns
// and on a dumb terminal nothing breaks.
func TestI02Terminals(t *testing.T) {
	needsPtrace(t)
	for _, lesson := range []string{"1", "2", "3", "5"} {
		e := session(t, []string{"ptwalk", lesson})
		e.wants(t, 0, "")
		if strings.Contains(e.Stdout, "\x1b") || strings.Contains(e.Stdout, "your answer") {
			t.Errorf("lesson %s in a pipe has an escape or a question", lesson)
		}
		e = session(t, []string{"ptwalk", lesson, "--width", "40"})
		e.wants(t, 0, "")
	}
	for _, setting := range []string{"TERM=dumb", "NO_COLOR=1", "TERM=xterm COLUMNS=20"} {
		p := openPty(t)
		j := start(t, append(append([]string{"env"}, words(setting)...), "ptwalk", "1", "--no-pause"), p.on)
		e := j.end()
		e.leftNothing(t)
		color, wanted := strings.Contains(p.shown(), "\x1b"), strings.Contains(setting, "xterm")
		if e.Status != 0 || color && !wanted {
			t.Errorf("%s: status %d, escapes %v", setting, e.Status, color)
		}
		p.unchanged()
	}
}

// A terminal that does not know its size has 0 columns: the text has 80.
func TestI02UnknownWidth(t *testing.T) {
	p := openPty(t)
	must(t, unix.IoctlSetWinsize(int(p.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{}))
	e := start(t, words("ptwalk replay 1 --no-pause --color=never"), p.on).end()
	widest := 0
	for line := range strings.Lines(p.shown()) {
		widest = max(widest, len(strings.TrimRight(line, "\r\n")))
	}
	if e.Status != 0 || widest <= 60 || widest > 80 {
		t.Errorf("status %d, and the widest line has %d columns, want up to 80", e.Status, widest)
	}
}

// The program and we write to the same pipe: the lines stay whole.
func TestI03LinesStayWhole(t *testing.T) {
	needsPtrace(t)
	e := session(t, []string{"sh", "-c", "exec ptwalk step --plain --limit 60 sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i of the program; done' 2>&1"})
	e.wants(t, 0, "")
	n := 0
	for line := range strings.Lines(e.Stdout) {
		if strings.Contains(line, "of the program") {
			if n++; !strings.HasPrefix(line, "line ") || !strings.HasSuffix(line, " of the program\n") {
				t.Errorf("a line is mixed: %q", line)
			}
		}
	}
	if n != 9 {
		t.Errorf("%d lines of the program, want 9:\n%s", n, e.Stdout)
	}
}

func TestI05CommandLines(t *testing.T) {
	again := compile(t, "again")
	for _, c := range []struct {
		command string
		status  int
	}{
		{"ptwalk --help", 0}, {"ptwalk -h", 0}, {"ptwalk 3 --help", 0}, {"ptwalk count --help", 0}, {"ptwalk step -h", 0},
		{"ptwalk attach -h", 0}, {"ptwalk doctor -h", 0}, {"ptwalk explain -h", 0},
		{"ptwalk 6", 2}, {"ptwalk nothing", 2}, {"ptwalk 1 --nothing", 2}, {"ptwalk --width 39 1", 2}, {"ptwalk 1 --width x", 2},
		{"ptwalk attach 1 2", 2}, {"ptwalk attach -- -5", 2}, {"ptwalk attach 12abc", 2}, {"ptwalk attach 0", 2},
		{"ptwalk count --nothing true", 2}, {"ptwalk step --limit x true", 2},
		{"ptwalk explain", 2}, {"ptwalk version x", 2}, {"ptwalk doctor --for 9", 2},
		{"ptwalk count -- " + again + " -x", 9}, {"ptwalk step --limit 1 -- " + again + " --", 9}, {"ptwalk step --limit 1 " + again + " --help", 9},
	} {
		e := session(t, words(c.command))
		if e.Status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.command, e.Status, c.status, e.Stderr)
		}
		if c.status == 2 && (strings.Count(e.Stderr, "\n") != 2 || e.Stdout != "") {
			t.Errorf("%s: want one sentence and one line of usage:\n%s%s", c.command, e.Stdout, e.Stderr)
		}
		if c.status == 0 && (e.Stdout == "" || e.Stderr != "") {
			t.Errorf("%s: want help on standard output alone", c.command)
		}
	}
}

// The name of a process is anybody's text, and may hold anything.
func TestI06HostileName(t *testing.T) {
	needsPtrace(t)
	k := startProgram(t, compile(t, "named"))
	for _, form := range []string{"--plain", "--json", "--markdown", "--accessible"} {
		e := session(t, []string{"ptwalk", "attach", form, k.String()})
		e.wants(t, 0, "")
		if i := strings.IndexFunc(e.Stdout, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }); i >= 0 {
			t.Errorf("%s has control character %q: %q", form, e.Stdout[i], e.Stdout[max(0, i-40):min(len(e.Stdout), i+40)])
		}
		if !strings.Contains(e.Stdout, "a) R (") {
			t.Errorf("%s does not show the name:\n%s", form, e.Stdout)
		}
	}
	k.unharmed()

	hostile := filepath.Join(t.TempDir(), "a) R (\n\x1b[2Jb")
	must(t, os.WriteFile(hostile, asm.Hello64.Bytes(), 0o755))
	for _, tool := range append(tools, "ptwalk count --json") {
		e := session(t, append(words(tool), hostile))
		if e.Status != 1 || strings.Contains(e.Stderr+e.Stdout, "\x1b") {
			t.Errorf("%s: status %d, or an escape on the terminal: %q", tool, e.Status, e.Stderr)
		}
	}
	cannot(t, 127, "not found", "/nonexistent/\x1b[2J")
}

// Numbers of seven digits stay in their columns.
func TestI04LongNumbers(t *testing.T) {
	needsRoot(t)
	needs(t, "unshare")
	script := "echo 4194290 >/proc/sys/kernel/ns_last_pid || exit 77; sleep 300 </dev/null >/dev/null & ptwalk attach --color=never $!; status=$?; kill $!; exit $status"
	e := session(t, []string{"env", "COLUMNS=80", "unshare", "--fork", "--pid", "--mount-proc", "sh", "-c", script})
	if e.Status == 77 {
		t.Skipf("the numbers of processes end below 4194290 here: %s", e.Stderr)
	}
	if e.Status != 0 {
		t.Fatalf("status %d\n%s", e.Status, e.Stderr)
	}
	row := regexp.MustCompile(`(?m)^  thread   name .*\n  (\d{7})  "`)
	if !row.MatchString(e.Stdout) || !strings.Contains(e.Stdout, "Process 41942") {
		t.Errorf("want a table whose column is seven digits wide:\n%s", e.Stdout)
	}
	for line := range strings.Lines(e.Stdout) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}

// Other systems get a program that says what it cannot do. The other machine,
// arm64, is part of make check.
func TestI07OtherSystems(t *testing.T) {
	c := exec.Command("go", "build", "-o", filepath.Join(t.TempDir(), "ptwalk"), ".")
	c.Env = append(os.Environ(), "GOOS=darwin", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
