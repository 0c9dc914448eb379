package cmdtest

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ptwalk/asm"
)

// Scripts runs the sessions of testdata/script in the folder of the test. Each reads
// like what a person types. Beside the commands of testscript there are:
//
//	needs WHAT...         skip the script where this machine lacks something: see Needs
//	status N COMMAND...   the command ends with this status, as a shell has it, and
//	                      leaves no process behind
//	refuses CODE COMMAND...
//	                      the same with status 3, a message of up to three lines that
//	                      ends with the doctor's code, and no output
//	wrong COMMAND...      the command ends with status 2, after one sentence and one line
//	                      of usage, and no output
//	narrow N              no line of the last standard output is wider
//	target NAME...        the bundled program of this name, as a file
//	compile NAME...       a program of the folder src, as a file
//	sleeper               start a process that sleeps; $pid is its number
//	subject CHANGE...     start a process that become has made; $pid is its number
//	untouched             the process $pid has no tracer, and sleeps or runs
//
// The programs pty and become can be called as ptwalk is. [root] and [ia32] are
// conditions, and $CPU is one that this process may use. Further variables are given
// as NAME=VALUE.
func Scripts(t *testing.T, variables ...string) {
	testscript.Run(t, testscript.Params{
		Dir:      "testdata/script",
		Deadline: time.Now().Add(8 * time.Minute),
		Setup: func(env *testscript.Env) error {
			env.Setenv("CPU", FirstCPU())
			env.Vars = append(env.Vars, variables...)
			env.Values["t"] = env.T()
			return os.Chmod(env.WorkDir, 0o755)
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Getuid() == 0, nil
			case "ia32":
				why, _ := lacks(name)
				return why == "", nil
			}
			return false, errors.New("unknown condition " + name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"needs": scriptNeeds, "status": scriptStatus, "refuses": scriptRefuses, "wrong": scriptWrong, "narrow": scriptNarrow,
			"target": scriptTarget, "compile": scriptCompile,
			"sleeper": scriptSleeper, "subject": scriptSubject, "untouched": scriptUntouched,
		},
	})
}

func scriptNeeds(ts *testscript.TestScript, _ bool, args []string) {
	switch why, must := lacks(args...); {
	case must:
		ts.Fatalf("CI is set, and %s", why)
	case why != "":
		ts.Value("t").(testscript.T).Skip("SKIPPED, NOTHING IS TESTED: " + why)
	}
}

func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args...")
	}
	err := ts.Exec("supervise", append([]string{scripted}, args[1:]...)...)
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
	if left, _ := os.ReadDir(ts.Getenv("TMPDIR")); len(left) > 0 {
		ts.Fatalf("%v is left in the temporary folder", left)
	}
}

func scriptRefuses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: refuses code command args...")
	}
	scriptStatus(ts, false, append([]string{"3"}, args[1:]...))
	said := ts.ReadFile("stderr")
	if strings.Count(said, "\n") > 3 || strings.Count(said, "[PT-") != 1 || !strings.HasSuffix(said, "["+args[0]+"]\n") {
		ts.Fatalf("want up to three lines that end with [%s]", args[0])
	}
	if ts.ReadFile("stdout") != "" {
		ts.Fatalf("a refusal has no output")
	}
}

func scriptWrong(ts *testscript.TestScript, neg bool, args []string) {
	scriptStatus(ts, neg, append([]string{"2"}, args...))
	said := ts.ReadFile("stderr")
	if strings.Count(said, "\n") != 2 || !strings.Contains(said, "\nusage: ptwalk ") || ts.ReadFile("stdout") != "" {
		ts.Fatalf("want one sentence, one line of usage, and no output")
	}
}

func scriptNarrow(ts *testscript.TestScript, _ bool, args []string) {
	limit, err := strconv.Atoi(args[0])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if line = strings.TrimSuffix(line, "\n"); len(line) > limit {
			ts.Fatalf("%d columns: %s", len(line), line)
		}
	}
}

func scriptTarget(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		found := false
		for _, target := range asm.Targets {
			if target.Name == name {
				ts.Check(writeFile(ts.MkAbs(name), target.Bytes(), 0o755))
				found = true
			}
		}
		if !found {
			ts.Fatalf("there is no bundled program %q", name)
		}
	}
}

func scriptCompile(ts *testscript.TestScript, _ bool, args []string) {
	scriptNeeds(ts, false, []string{"gcc"})
	for _, name := range args {
		ts.Check(compile(name, ts.MkAbs(name)))
	}
}

func scriptSleeper(ts *testscript.TestScript, _ bool, _ []string) {
	live(ts, exec.Command("sleep", "300"))
}

func scriptSubject(ts *testscript.TestScript, _ bool, args []string) {
	subject := exec.Command("become", args...)
	in, err := subject.StdinPipe()
	ts.Check(err)
	ts.Defer(func() { in.Close() })
	out, err := subject.StdoutPipe()
	ts.Check(err)
	live(ts, subject)
	if _, err := io.ReadFull(out, make([]byte, len("here\n"))); err != nil {
		ts.Fatalf("become %s: %v", strings.Join(args, " "), err)
	}
}

// live starts a process that is killed at the end of the script, stopped or not.
func live(ts *testscript.TestScript, c *exec.Cmd) {
	ts.Check(c.Start())
	ts.Defer(func() {
		c.Process.Kill()
		c.Wait()
	})
	ts.Setenv("pid", strconv.Itoa(c.Process.Pid))
}

func scriptUntouched(ts *testscript.TestScript, _ bool, _ []string) {
	pid, err := strconv.Atoi(ts.Getenv("pid"))
	ts.Check(err)
	if tracer := Status(pid, "TracerPid"); tracer != "0" {
		ts.Fatalf("process %s has the tracer %q", Describe(pid), tracer)
	}
	for begin := time.Now(); !livesOn(pid); time.Sleep(time.Millisecond) {
		if time.Since(begin) > Limit {
			ts.Fatalf("process %s is not as it was", Describe(pid))
		}
	}
}
