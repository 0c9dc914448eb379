package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkCast says what is wrong with an asciinema recording, version 2.
func checkCast(text string) error {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var header struct{ Version, Width, Height int }
	if err := json.Unmarshal([]byte(lines[0]), &header); err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	if header.Version != 2 || header.Width < 40 || header.Height < 1 {
		return fmt.Errorf("the header is %+v", header)
	}
	last, shown := 0.0, ""
	for i, line := range lines[1:] {
		var piece []any
		if err := json.Unmarshal([]byte(line), &piece); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
		if len(piece) != 3 || piece[1] != "o" {
			return fmt.Errorf("line %d is no piece of output: %s", i+2, line)
		}
		at, isTime := piece[0].(float64)
		out, isText := piece[2].(string)
		if !isTime || !isText || out == "" {
			return fmt.Errorf("line %d has no time or no text: %s", i+2, line)
		}
		if at < last {
			return fmt.Errorf("line %d goes back from %v to %v", i+2, last, at)
		}
		last, shown = at, shown+out
	}
	if shown == "" {
		return errors.New("it shows nothing")
	}
	if strings.Contains(shown, "\x00") || !utf8.ValidString(shown) {
		return errors.New("it has a NUL, or is no UTF-8")
	}
	if strings.Count(shown, "\n") != strings.Count(shown, "\r\n") {
		return errors.New("a line ends without CR")
	}
	colours := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for line := range strings.SplitSeq(colours.ReplaceAllString(shown, ""), "\r\n") {
		if n := utf8.RuneCountInString(line) - 2*strings.Count(line, "\b"); n > header.Width {
			return fmt.Errorf("%d columns of %d: %q", n, header.Width, line)
		}
	}
	return nil
}

// TestCasts checks the cast of a lesson, of every replay and of a talk.
func TestCasts(t *testing.T) {
	dir := t.TempDir()
	made := filepath.Join(dir, "made.jsonl")
	long := strings.Repeat("wide \u4e2d\u6587 ", 30)
	must(t, os.WriteFile(made, []byte(`{"v":1,"kind":"lesson","t":9000000,"at":"","number":1,"name":"x","title":"y","kernel":"6.1","machine":"x86_64","version":"devel"}
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
			session(t, append(append([]string{"ptwalk"}, args...), "--cast", cast)).wants(t, 0, "")
			text, err := os.ReadFile(cast)
			must(t, err)
			if err := checkCast(string(text)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCastOfATalk has in it what the keys did.
func TestCastOfATalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "talk")
	h := enter(t, nil, "ptwalk", "present", "3", "--cast", file)
	h.sees("= ?")
	h.press("\r", "wait4(", "= ?")
	h.press("\r", "PTRACE_GETREGS", "= ?")
	h.press(":regx\x7fs rip\r", "rip 0x401000", "= ?")
	h.press("q")
	h.ends(0)
	text, err := os.ReadFile(file)
	must(t, err)
	if err := checkCast(string(text)); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"= ?", "rip 0x401000", `\b \b`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the cast has no %s:\n%s", want, text)
		}
	}
}

// TestCheckCast sees that the check can fail.
func TestCheckCast(t *testing.T) {
	const header = `{"version":2,"width":40,"height":24}` + "\n"
	for _, bad := range []string{
		"", "hello", `{"version":1,"width":40,"height":24}`, header, header + "{}",
		header + `[1,"o","x"]` + "\n" + `[0.5,"o","x"]`, header + `[1,"i","x"]`, header + `[1,"o","\u0000"]`,
		header + `[1,"o","a\n"]`, header + `[1,"o","` + strings.Repeat("x", 41) + `"]`,
	} {
		if checkCast(bad) == nil {
			t.Errorf("nothing is wrong with %q", bad)
		}
	}
}

// TestRecordOfATalk replays a talk in which sections were left and begun again, a
// question stayed open, and the kernel was asked: that is in the record too.
func TestRecordOfATalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "talk")
	h := enter(t, nil, "ptwalk", "present", "3", "--record", file)
	h.sees("= ?")
	h.press("s", "PTRACE_SINGLESTEP", "= ?")
	h.press("r", "-- 1  ", "= ?")
	h.press("s", "PTRACE_SINGLESTEP", "= ?")
	h.press(":regs\r", "r15", "= ?")
	h.press("b", "REPLAY")
	h.press("n", "-- 2  ", "= ?")
	h.press("n", "-- 3  ", "= ?")
	h.press("s", "press a, b or c")
	h.press("n", "-- 4  ", "= ?")
	h.press("q")
	h.ends(0)
	for _, flag := range []string{"--plain", "--json", "--markdown", "--accessible"} {
		e := session(t, []string{"ptwalk", "replay", file, flag})
		e.wants(t, 0, "")
		if !strings.Contains(e.Stdout, "When does the line of text appear?") || !strings.Contains(e.Stdout, "r15") {
			t.Errorf("the replay of the talk:\n%s", e.Stdout)
		}
	}
	h = enter(t, nil, "ptwalk", "replay", file)
	h.sees("-- 1  ", "= ?")
	h.press("n", "-- 1  ", "= ?")
	h.press("n", "-- 2  ")
	h.press("n", "-- 3  ", "= ?")
	h.press("s", "press a, b or c")
	h.press("a", "kill(", "= ?")
	h.press("n", "-- 4  ")
	h.press("q")
	h.ends(0)
}

// TestDumbTerminal sees nothing on a dumb terminal that it would not understand.
func TestDumbTerminal(t *testing.T) {
	h := enter(t, []string{"TERM=dumb", "LC_ALL=C.UTF-8", "NO_COLOR="}, "ptwalk", "present", "3")
	shown := h.sees("= ?")
	shown += h.press("s", "PTRACE_SINGLESTEP", "= ?")
	shown += h.press("?", "quit\n")
	shown += h.press("b", "REPLAY")
	shown += h.press(":mem rsp 64\r", "memory")
	ascii(t, shown)
	h.press("q")
	h.ends(0)
}
