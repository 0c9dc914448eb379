package lessons_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ptwalk/asm"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

var golden = flag.Bool("golden", false, "write the goldens instead of comparing with them")

// repair is the command that brings the goldens up to date.
const repair = "make golden"

// attempts is how often a run may differ from its golden. Lesson 5 stops a
// process that runs by itself, and may meet it in one of the few moments in
// which it does not sleep.
const attempts = 4

// TestGolden runs each lesson and compares its plain text, with threads,
// changing addresses and counts spelled by what they are.
func TestGolden(t *testing.T) {
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			file := filepath.Join(lessons.ID(l), "testdata", goldenOf(l))
			if *golden {
				os.MkdirAll(filepath.Dir(file), 0o777)
				if err := os.WriteFile(file, play(t, l), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; %s writes it", err, repair)
			}
			var diff string
			for range attempts {
				if diff = cmp.Diff(comparable(want), comparable(play(t, l))); diff == "" {
					return
				}
			}
			t.Fatalf("the lesson does not print its golden %s (-golden +now):\n%s\nIf the change is meant: %s", file, diff, repair)
		})
	}
}

// bar is a bar behind a count, whose length is another on each machine.
var bar = regexp.MustCompile(`(?m)(COUNT +)#+$`)

// flags are the flags at the exec stop. Older kernels do not show bit 1 there.
var flags = regexp.MustCompile(`(144  eflags +)0x200 `)

// loaded is how long /bin/true takes: where it is a static program, another answer is
// right.
var loaded = regexp.MustCompile(`(?s)Answer: [bc]\) (more than 50,000|1,000 to 50,000)\. .*?\n  program `)

func comparable(text []byte) string {
	text = loaded.ReplaceAll(text, []byte("Answer: FACT\n  program "))
	return string(flags.ReplaceAll(bar.ReplaceAll(text, []byte("${1}#")), []byte("${1}0x202 ")))
}

// goldenOf is the golden of a lesson on this machine. Lesson 2 tells less where
// the kernel has no IA32 emulation, and lesson 6 where a request is younger than it.
func goldenOf(l *stage.Lesson) string {
	switch {
	case l.Number == 2 && !asm.Hello32.Runs():
		return "golden-without-ia32.txt"
	case l.Number == 6 && !setsSyscallInfo():
		return "golden-before-6.16.txt"
	case l.Number == 11 && !since(5, 13): // and its PTRACE_GET_RSEQ_CONFIGURATION
		return "golden-before-5.13.txt"
	}
	return "golden.txt"
}

// play runs a lesson and returns its text in the stable spelling.
func play(t *testing.T, l *stage.Lesson) []byte {
	t.Helper()
	var out bytes.Buffer
	run(t, l, render.NewText(&out, render.Style{Width: 80, Spell: event.NewStable()}))
	return out.Bytes()
}

// run runs a lesson with a deadline.
func run(t *testing.T, l *stage.Lesson, sinks ...event.Sink) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- stage.Walk([]*stage.Lesson{l}, stage.Options{Sinks: sinks}) }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the lesson has not ended within two minutes")
	}
}
