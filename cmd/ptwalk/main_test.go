package main

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be ptwalk: for the scripts under
// testdata/script, and for runPtwalk.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ptwalk": func() { os.Exit(run(os.Args[1:])) },
	})
}

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
			"status": cmdStatus,
			"narrow": cmdNarrow,
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
		got = itoa(exit.ExitCode())
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// cmdNarrow fails if a line of the last standard output is wider than N columns.
func cmdNarrow(ts *testscript.TestScript, neg bool, args []string) {
	limit := 0
	for _, r := range args[0] {
		limit = 10*limit + int(r-'0')
	}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if line = strings.TrimSuffix(line, "\n"); len(line) > limit {
			ts.Fatalf("%d columns: %s", len(line), line)
		}
	}
}

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// hasIA32 asks the kernel by starting a 32-bit program.
func hasIA32() bool {
	_, err := os.Stat("/proc/sys/abi/vsyscall32")
	return err == nil
}
