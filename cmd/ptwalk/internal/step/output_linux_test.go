package step

import (
	"encoding/json"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// told reads the lines of step --json: each is an event. It returns what the
// program has written, and the kinds of the events in order.
func told(t *testing.T, lines string) (text string, kinds []string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		var e struct{ Kind, Stream, Text string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Kind == "" {
			t.Fatalf("no event: %.200q", line)
		}
		kinds = append(kinds, e.Kind)
		if e.Kind == "output" {
			if e.Stream != "stdout" {
				t.Errorf("output to %q", e.Stream)
			}
			text += e.Text
		}
	}
	return text, kinds
}

// What the program writes comes as events, however much it is, whether it is
// stepped or runs, and never as a line of its own.
func TestStepJSONTellsOutput(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	flood := cmdtest.Compile(t, "flood")
	want := strings.Repeat("\x00", 300000) + `{"v":1,"kind":"end","exit":0}`
	for _, limit := range []string{"1", "0"} {
		e := cmdtest.Run(t, []string{"ptwalk", "step", "--json", "--limit", limit, flood})
		text, kinds := told(t, e.Stdout)
		ends := strings.Count(strings.Join(kinds, " "), "end")
		if e.Status != 6 || text != want || ends != 1 || kinds[len(kinds)-1] != "end" {
			t.Errorf("--limit %s: status %d, %d bytes, want %d; %d ends", limit, e.Status, len(text), len(want), ends)
		}
	}

	// Characters stay whole wherever the pipe cuts them.
	e := cmdtest.Run(t, []string{"sh", "-c", "exec ptwalk step --json --limit 1 sh -c 'printf x; yes \xe2\x82\xac | head -c 400000; exit 3'"})
	text, _ := told(t, e.Stdout)
	if e.Status != 3 || text != "x"+strings.Repeat("\u20ac\n", 100000) {
		t.Errorf("status %d, %d bytes, begins %.20q", e.Status, len(text), text)
	}

	e = cmdtest.Run(t, []string{"ptwalk", "step", "--markdown", "--limit", "1", "sh", "-c", "echo '```'; exit 2"})
	if e.Status != 2 || !strings.Contains(e.Stdout, "\n  tracee  | ```\n") {
		t.Errorf("status %d, the output is not told in the page:\n%s", e.Status, e.Stdout)
	}
}

// Without a limit every instruction has its row.
func TestStepLimitZeroIsNoLimit(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	hello := cmdtest.File(t, "hello64", asm.Hello64.Bytes(), 0o755)
	e := cmdtest.Run(t, []string{"ptwalk", "step", "--json", "--limit", "0", hello})
	_, kinds := told(t, e.Stdout)
	all := " " + strings.Join(kinds, " ") + " "
	if n := strings.Count(all, " instruction "); e.Status != 1 || n != 7 || strings.Contains(all, " note ") {
		t.Errorf("status %d, %d rows, want 7 and no word on a rest", e.Status, n)
	}
}

// A child of the program's keeps the pipe open, writes on, and is not waited for.
func TestStepJSONLeavesAChildOfTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Start(t, []string{"ptwalk", "step", "--json", "--limit", "1", "sh", "-c", "{ yes & sleep 60 & } ; echo out >&2; sleep 0.2; exit 4"}).End()
	if text, _ := told(t, e.Stdout); e.Status != 4 || e.Took > 10*time.Second || !strings.HasPrefix(text, "y\ny\n") {
		t.Errorf("status %d after %v, output %.20q", e.Status, e.Took, text)
	}
	if e.Stderr != "out\n" {
		t.Errorf("standard error is %q", e.Stderr)
	}
}

// A reader that goes away ends the program, as it would natively.
func TestStepJSONReaderIsGone(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	j := cmdtest.Start(t, []string{"ptwalk", "step", "--json", "--limit", "1", "yes"}, cmdtest.Stdout(write))
	write.Close()
	read.Read(make([]byte, 4096))
	read.Close()
	e := j.End()
	e.LeftNothing(t)
	if e.Status != 128+int(syscall.SIGPIPE) || e.Stderr != "" {
		t.Errorf("status %d, want 141, without a word\n%s", e.Status, e.Stderr)
	}
}

// What ends the program before its end is told, and that it runs on is not.
func TestStepTellsAnEarlyEnd(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, c := range []struct {
		flags, program string
		when           string // it is shown when the signal is sent
		send           syscall.Signal
		status         int
		stderr         string
	}{
		{"--timeout 500ms", "exec sleep 60", "", 0, 124, "ptwalk: partial: the time is over\n"},
		{"--width 60", "echo ready; exec sleep 60", "ready", syscall.SIGINT, 130, "ptwalk: partial: interrupted by SIGINT\n"},
		{"--plain", "echo ready; exec sleep 60", "ready", syscall.SIGTERM, 143, "ptwalk: partial: interrupted by SIGTERM\n"},
		{"--plain", "trap '' INT; echo ready; exec sleep 60", "ready", syscall.SIGINT, 130, "ptwalk: partial: interrupted by SIGINT\n"},
	} {
		e := interrupted(t, append(strings.Fields("ptwalk step --limit 2 "+c.flags), "sh", "-c", c.program), c.when, c.send)
		if e.Status != c.status || e.Stderr != c.stderr || strings.Contains(e.Stdout, "runs on") {
			t.Errorf("%s %q: status %d, want %d; %q, want %q\n%s", c.flags, c.program, e.Status, c.status, e.Stderr, c.stderr, e.Stdout)
		}
	}
}

// A program that has a handler ends by itself, unless it comes to it too late.
func TestStepLeavesTheEndToTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	once := cmdtest.Compile(t, "once") // exits with 41 on SIGINT
	for begin := time.Now(); time.Since(begin) < cmdtest.Limit; {
		e := interrupted(t, []string{"ptwalk", "step", "--limit", "2", once}, "ready", syscall.SIGINT)
		if e.Status == 41 && e.Stderr == "" {
			return
		}
		e.Wants(t, 130, "partial: interrupted by SIGINT")
	}
	t.Error("it has never ended by itself")
}

// interrupted sends a signal to a command when its output has a text.
func interrupted(t *testing.T, args []string, when string, sig syscall.Signal) cmdtest.Ending {
	t.Helper()
	out, write, err := os.Pipe()
	cmdtest.Must(t, err)
	defer out.Close()
	j := cmdtest.Start(t, args, cmdtest.Stdout(write))
	write.Close()
	text := ""
	buf := make([]byte, 4096)
	for n := 1; n > 0; {
		n, _ = out.Read(buf)
		text += string(buf[:n])
		if sig != 0 && strings.Contains(text, when) {
			j.Signal(sig)
			sig = 0
		}
	}
	e := j.End()
	e.LeftNothing(t)
	e.Stdout = text
	return e
}

// The program and we write to the same pipe: the lines stay whole.
func TestI03LinesStayWhole(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	e := cmdtest.Run(t, []string{"sh", "-c", "exec ptwalk step --plain --limit 60 sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i of the program; done' 2>&1"})
	e.Wants(t, 0, "")
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
