package replay

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/lessons"
)

// TestFilesThatCannotBeWritten names them before anything is run, or when no more
// fits.
func TestFilesThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	for _, flag := range []string{"--record", "--cast"} {
		for _, command := range []string{"2", "replay 2"} {
			run := func(file string) cmdtest.Ending {
				return cmdtest.Run(t, append(append([]string{"ptwalk"}, strings.Fields(command)...), "--plain", flag, file))
			}
			e := run("/dev/full")
			e.Wants(t, 1, `cannot write "/dev/full": no space left on device`)
			e.OneSentence(t)
			for _, file := range []string{dir, filepath.Join(dir, "no", "such")} {
				e := run(file)
				e.Wants(t, 1, file)
				e.OneSentence(t)
				if e.Stdout != "" {
					t.Errorf("it was run:\n%s", e.Stdout)
				}
			}
		}
	}
	cmdtest.Run(t, []string{"ptwalk", "2", "--record", dir + "/x", "--cast", dir + "/x"}).Wants(t, 2, "is named twice")
}

// TestRecordOfAReplay is the recording once more.
func TestRecordOfAReplay(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	for n := 1; n <= len(lessons.All); n++ {
		cmdtest.Run(t, []string{"ptwalk", "replay", fmt.Sprint(n), "--record", one}).Wants(t, 0, "")
		cmdtest.Run(t, []string{"ptwalk", "replay", one, "--record", two}).Wants(t, 0, "")
		first := cmdtest.Run(t, []string{"ptwalk", "replay", fmt.Sprint(n), "--json"}).Stdout
		for _, file := range []string{one, two} {
			text, err := os.ReadFile(file)
			cmdtest.Must(t, err)
			if string(text) != first {
				t.Errorf("lesson %d: the record of the replay is another: %s", n, firstDifference(first, string(text)))
			}
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n%s\n%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// TestCasts checks the cast of a lesson, of every replay and of a talk.
func TestCasts(t *testing.T) {
	dir := t.TempDir()
	made := filepath.Join(dir, "made.jsonl")
	long := strings.Repeat("wide \u4e2d\u6587 ", 30)
	cmdtest.Must(t, os.WriteFile(made, []byte(`{"v":1,"kind":"lesson","t":9000000,"at":"","number":1,"name":"x","title":"y","kernel":"6.1","machine":"x86_64","version":"devel"}
{"v":1,"kind":"say","t":-9223372036854775808,"at":"","text":"    `+strings.ReplaceAll(long, " ", "_")+`"}
{"v":1,"kind":"output","t":9223372036854775807,"at":"","stream":"stdout","text":"a\u0000b\u001b[2Jc\r\n`+long+`"}
{"v":1,"kind":"end","t":1,"at":"","exit":0}
`), 0o600))
	for i, args := range [][]string{
		{"replay", "1"}, {"replay", "2", "--width", "60"}, {"replay", "3", "--color=always"}, {"replay", "4", "--accessible"},
		{"replay", "5", "--markdown"}, {"replay", "5", "--json"}, {"replay", made}, {"replay", made, "--width", "40", "--color=always"},
		{"2", "--plain"}, {"1", "2", "--json", "--width", "50"}, {"present", "2", "--auto", "0s"}, {"replay", "3", "--auto", "0s", "--color=always"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			cast := filepath.Join(dir, fmt.Sprint(i))
			cmdtest.Run(t, append(append([]string{"ptwalk"}, args...), "--cast", cast)).Wants(t, 0, "")
			text, err := os.ReadFile(cast)
			cmdtest.Must(t, err)
			if err := cmdtest.CheckCast(string(text)); err != nil {
				t.Error(err)
			}
		})
	}
}
