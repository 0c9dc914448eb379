//go:build linux && amd64

package plain_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ptwalk/asm"
)

var tries = flag.Bool("tries", false, "write what the exercises print instead of comparing with it")

// TestTries does the exercises of the chapters: it gives the commands of
// testdata/tries to a shell, in the top folder and with the C programs built, and
// compares what they print with what the solutions show.
func TestTries(t *testing.T) {
	dir := buildC(t)
	// Under nohup SIGHUP is ignored, and would be in the programs, too. What is caught
	// here has its default there.
	if hup := make(chan os.Signal, 1); signal.Ignored(syscall.SIGHUP) {
		signal.Notify(hup, syscall.SIGHUP)
		defer signal.Stop(hup)
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		missing(t, "no gcc: exercises that change a C program are not tried")
	}
	for _, name := range all() {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata/tries", name+".txt")
			want := source(t, file)
			var got strings.Builder
			for _, exercise := range strings.SplitAfter(want, "\n\n") {
				got.WriteString(did(t, dir, exercise))
			}
			if *tries {
				if err := os.WriteFile(file, []byte(got.String()), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("%s (-page +now):\n%s\nIf it is right now: go test ./docs/plain -run Tries -tries, and make docs", file, diff)
			}
		})
	}
}

// did is a piece of such a file with the output of now below each command. A piece
// ends in the blank line before the next command or exercise.
func did(t *testing.T, dir, piece string) string {
	t.Helper()
	if !asm.Hello32.Runs() && (strings.Contains(piece, "hello32") || strings.Contains(piece, "int80in64")) {
		return piece // this kernel has no IA32 emulation
	}
	var out strings.Builder
	for line := range strings.Lines(piece) {
		command, is := strings.CutPrefix(line, "$ ")
		switch {
		case is:
			out.WriteString(line + shell(t, dir, command))
		case strings.HasPrefix(line, "== ") || line == "\n":
			out.WriteString(line)
		}
	}
	return out.String()
}

// shell is what a command prints, both streams together. What it names in /tmp is in
// dir here, and a program that is killed leaves no core file.
func shell(t *testing.T, dir, command string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "ulimit -c 0; "+strings.ReplaceAll(command, "/tmp/", dir+"/"))
	cmd.Dir = top
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	out, _ := cmd.CombinedOutput() // how it ended is told by what it printed
	if ctx.Err() != nil {
		t.Fatalf("%s: %v", command, ctx.Err())
	}
	return strings.ReplaceAll(string(out), dir+"/", "/tmp/")
}
