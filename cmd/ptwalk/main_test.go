package main

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ptwalk/asm"
)

// programs are what the test binary is, called by these names.
var programs = map[string]func(){
	"ptwalk": func() { os.Exit(run(os.Args[1:])) },
}

// TestMain lets the test binary be ptwalk and its supervisor.
func TestMain(m *testing.M) { testscript.Main(m, programs) }

// TestScripts runs the sessions of testdata/script. Each reads like what a
// person types.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:      "testdata/script",
		Deadline: time.Now().Add(3 * time.Minute),
		Setup: func(env *testscript.Env) error {
			env.Setenv("TMPDIR", env.WorkDir)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				u, err := user.Current()
				return err == nil && u.Uid == "0", nil
			case "ia32":
				return hasIA32(), nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status":  cmdStatus,
			"narrow":  cmdNarrow,
			"sleeper": cmdSleeper,
		},
	})
}

// cmdStatus runs a command and compares its exit status: status 2 ptwalk 9.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = strconv.Itoa(exit.ExitCode())
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// cmdSleeper starts a process that sleeps and sets $pid to its number. It is
// killed at the end of the script, stopped or not: sleeper
func cmdSleeper(ts *testscript.TestScript, neg bool, args []string) {
	sleeper := exec.Command("sleep", "300")
	ts.Check(sleeper.Start())
	ts.Defer(func() {
		sleeper.Process.Kill()
		sleeper.Wait()
	})
	ts.Setenv("pid", strconv.Itoa(sleeper.Process.Pid))
}

// cmdNarrow fails if a line of the last standard output is wider than N columns.
func cmdNarrow(ts *testscript.TestScript, neg bool, args []string) {
	limit, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("usage: narrow N")
	}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if line = strings.TrimSuffix(line, "\n"); len(line) > limit {
			ts.Fatalf("%d columns: %s", len(line), line)
		}
	}
}

// hasIA32 asks the kernel by starting a 32-bit program.
var hasIA32 = sync.OnceValue(asm.Hello32.Runs)

// needsIA32 skips a test that runs a 32-bit program.
func needsIA32(t *testing.T) {
	t.Helper()
	if !hasIA32() {
		t.Skip("this kernel has no IA32 emulation")
	}
}
