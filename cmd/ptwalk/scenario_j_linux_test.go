package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
)

// The Go runtime, seen from outside.

func TestJ04BusyRuntime(t *testing.T) {
	needsPtrace(t)
	k := startTickers(t)
	for _, lesson := range []string{"1", "2", "3", "5"} {
		session(t, []string{"env", "GOGC=1", "ptwalk", lesson, "--plain"}).wants(t, 0, "")
	}
	for range 5 {
		session(t, []string{"env", "GOGC=1", "ptwalk", "attach", k.String()}).wants(t, 0, "")
		k.runs()
	}
	k.unharmed()
}

// Signals to the whole group, while programs are started in it again and again.
func TestJ05SignalsAtTheStart(t *testing.T) {
	needsPtrace(t)
	r := seeded(t)
	hello := file(t, "hello64", asm.Hello64.Bytes(), 0o755)
	for range 60 {
		command := []string{"ptwalk count " + hello, "ptwalk step " + hello, "ptwalk 1"}[r.IntN(3)]
		j := start(t, words(command), func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} })
		time.Sleep(anyMoment(r) / 2)
		for range 3 {
			syscall.Kill(-j.cmd.Process.Pid, syscall.SIGINT)
		}
		e := j.end()
		e.leftNothing(t)
		if e.Status != 0 && e.Status != 1 && e.Status != 130 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
	}
}

// A program that reads from the terminal gets what is typed.
func TestJ06ReadingFromTheTerminal(t *testing.T) {
	needsPtrace(t)
	for _, command := range []string{"ptwalk step --limit 1", "ptwalk step --limit 500"} {
		p := openPty(t)
		j := start(t, append(words(command), "sh", "-c", "echo ready; read line; echo got $line"), p.on)
		p.shows("ready")
		p.types("hello\n")
		p.shows("got hello")
		e := j.end()
		e.leftNothing(t)
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, p.shown())
		}
		p.unchanged()
	}
}

func TestJ08OneProcessor(t *testing.T) {
	needsPtrace(t)
	needs(t, "taskset")
	again := compile(t, "again")
	for _, way := range []string{"env GOMAXPROCS=1", "taskset -c " + firstCPU(t)} {
		for _, command := range []string{"ptwalk 1", "ptwalk 3", "ptwalk 5"} {
			session(t, words(way+" "+command)).wants(t, 0, "")
		}
		for _, tool := range tools {
			exits(t, way+" "+tool, 9, again, "x")
		}
	}
}

// firstCPU is a CPU that this process may use.
func firstCPU(t *testing.T) string {
	t.Helper()
	var n int
	_, err := fmt.Sscan(statusOf(os.Getpid(), "Cpus_allowed_list"), &n)
	must(t, err)
	return fmt.Sprint(n)
}

// The environment of the program is ours, and no variable of the Go runtime is
// added or taken away.
func TestJ09Environment(t *testing.T) {
	needsPtrace(t)
	program := compile(t, "copy") + " /proc/self/environ"
	for _, setting := range []string{"env -i", "env -i A=1 GODEBUG=x=1 GOTRACEBACK=all PATH=/bin B="} {
		native := session(t, words(setting+" "+program))
		exe, err := exec.LookPath("ptwalk")
		must(t, err)
		traced := session(t, words(setting+" "+exe+" count -o /dev/null "+program))
		if traced.Status != 0 || traced.Stdout != native.Stdout {
			t.Errorf("%s: status %d, the environment is %q, want %q", setting, traced.Status, traced.Stdout, native.Stdout)
		}
	}
}
