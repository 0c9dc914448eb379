//go:build linux && amd64

package plain_test

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

// result is one run of a program.
type result struct {
	stdout, stderr string
	status         int
}

func (r result) all() []string { return strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n") }

// lines returns standard output, which must have n lines.
func (r result) lines(t *testing.T, n int) []string {
	t.Helper()
	lines := r.all()
	if r.status != 0 || r.stderr != "" || len(lines) != n {
		t.Fatalf("want %d lines and status 0: %v", n, r)
	}
	return lines
}

func (r result) String() string {
	return fmt.Sprintf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
}

// run runs a program over bundled ones.
func run(t *testing.T, dir, name string, targets ...string) result {
	t.Helper()
	for i := range targets {
		targets[i] = target(targets[i])
	}
	return runAt(t, dir, name, targets...)
}

// runAt runs a program in the top folder, where the bundled programs are.
func runAt(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	return runIn(t, top, append([]string{filepath.Join(dir, name)}, args...)...)
}

// runIn runs a command line in a folder, and lets it read nothing.
func runIn(t *testing.T, dir string, argv ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := withoutCore(ctx, argv)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("%q: %v, %v\n%s%s", argv, err, ctx.Err(), &stdout, &stderr)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// withoutCore is a command that leaves no core file, whatever kills it or its children.
// Its process is the command's own: the shell becomes it.
func withoutCore(ctx context.Context, argv []string) *exec.Cmd {
	return exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", `ulimit -c 0; exec "$@"`, "sh"}, argv...)...)
}

// top is the top folder of the checkout, seen from this one.
var top, _ = filepath.Abs("../..")

// target is the path of a bundled program.
func target(name string) string { return filepath.Join(top, "asm/bin", name) }

func entryOf(t *testing.T, name string) uint64 {
	file, err := elf.Open(target(name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return file.Entry
}

// end takes a wait status line apart, and returns how the program ended. The core dump
// bit is not compared: the machine decides it.
func end(t *testing.T, line string) string {
	t.Helper()
	head, how, _ := strings.Cut(line, ": ")
	var status uint32
	scan(t, head, "wait status 0x%08x", &status)
	ws := syscall.WaitStatus(status)
	if ws.Exited() && how != fmt.Sprintf("exited with status %d", ws.ExitStatus()) ||
		ws.Signaled() && how != fmt.Sprintf("killed by signal %d", ws.Signal()) || ws.Stopped() {
		t.Errorf("the words do not fit the status: %s", line)
	}
	return how
}

// scan reads values from a line, which must be what format makes of them.
func scan(t *testing.T, line, format string, values ...any) {
	t.Helper()
	n, err := fmt.Sscanf(line, format, values...)
	read := make([]any, len(values))
	for i, value := range values {
		read[i] = reflect.ValueOf(value).Elem().Interface()
	}
	if n != len(values) || err != nil || fmt.Sprintf(format, read...) != line {
		t.Fatalf("%q is not of the form %q: %v", line, format, err)
	}
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
