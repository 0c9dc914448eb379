package program

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
)

// What a program inherits.

// inherited are the files of /proc that tell what a program got from its parent.
const inherited = " /proc/self/status /proc/self/limits /proc/self/personality /proc/self/cgroup" +
	" /proc/self/fdinfo/3 /proc/self/fdinfo/4 /proc/self/fdinfo/5 /proc/self/fdinfo/6 /proc/self/fdinfo/7 /proc/self/fdinfo/8"

// ownLines of /proc/PID/status are another's in each process, or tell of the
// tracer or of the program's own use.
var ownLines = regexp.MustCompile(`(?m)^(Pid|Tgid|Ngid|PPid|TracerPid|NStgid|NSpid|Vm\w+|Rss\w+|HugetlbPages|State|\w*ctxt_switches|Cpus_allowed\w*|SigQ|NSpgid|NSsid|ino):.*\n`)

func TestA14Inherited(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	program := cmdtest.Compile(t, "copy") + inherited
	for _, setting := range []string{"", "trap '' HUP INT; umask 027; ulimit -s 4096; cd /;"} {
		native := cmdtest.Run(t, []string{"sh", "-c", setting + "exec " + program})
		want := ownLines.ReplaceAllString(native.Stdout, "")
		for _, tool := range []string{"ptwalk count -o /dev/null", "ptwalk count -f -o /dev/null", "ptwalk step --limit 1"} {
			j := cmdtest.Start(t, []string{"sh", "-c", setting + "exec " + tool + " " + program})
			traced := j.End()
			traced.LeftNothing(t)
			if !strings.Contains(traced.Stdout, fmt.Sprintf("\nNSpgid:\t%d\n", j.PID)) {
				t.Errorf("%s: the program is in another process group than ptwalk:\n%s", tool, traced.Stdout)
			}
			got := ownLines.ReplaceAllString(traced.Stdout, "")
			got, _, _ = strings.Cut(got, "\nThese were the first") // step's own line
			if native.Status != traced.Status || !strings.Contains(got, want) {
				t.Errorf("%s %s: status %d, want %d (-native +traced):\n%s", setting, tool, traced.Status, native.Status, cmp.Diff(want, got))
			}
		}
	}
}

// What the runtime has ignored before us is read from a symbol of the program, which
// an installed ptwalk has.
func TestA14IgnoredSignals(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	program := cmdtest.Compile(t, "ignored")
	for _, setting := range []string{"", "trap '' PIPE;", "trap '' QUIT TERM USR1 ALRM TSTP 35;"} {
		native := cmdtest.Run(t, []string{"sh", "-c", setting + "exec " + program})
		for _, tool := range []string{" count -o /dev/null ", " count --engine=step -o /dev/null ", " step --limit 1 "} {
			traced := cmdtest.Run(t, []string{"sh", "-c", setting + "exec ptwalk" + tool + program})
			if !strings.Contains(traced.Stdout, native.Stdout) {
				t.Errorf("%s%s:\n%s\nnatively\n%s", setting, tool, traced.Stdout, native.Stdout)
			}
		}
	}
}

// We hold no end of the program's pipes: when it closes its own, they are closed.
func TestA16PipesOfTheProgram(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	closer := cmdtest.Compile(t, "closer")
	for _, tool := range tools {
		// The writer has SIGPIPE although the reader lives on.
		e := cmdtest.Run(t, []string{"sh", "-c", "{ yes; echo done >$TMPDIR/done; } | " + tool + " " + closer + " $TMPDIR/done; status=$?; rm $TMPDIR/done; exit $status"})
		if e.Status != 0 {
			t.Errorf("%s holds the standard input of its program: status %d\n%s", tool, e.Status, e.Stderr)
		}
	}
}

// A program that reads from the terminal gets what is typed.
func TestJ06ReadingFromTheTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, command := range []string{"ptwalk step --limit 1", "ptwalk step --limit 500"} {
		p := ptytest.Open(t)
		j := cmdtest.Start(t, append(strings.Fields(command), "sh", "-c", "echo ready; read line; echo got $line"), p.On)
		p.Sees("ready")
		p.Press("hello\n")
		p.Sees("got hello")
		e := j.End()
		e.LeftNothing(t)
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, p.Shown())
		}
		p.Unchanged()
	}
}

// The environment of the program is ours, and no variable of the Go runtime is
// added or taken away.
func TestJ09Environment(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	program := cmdtest.Compile(t, "copy") + " /proc/self/environ"
	for _, setting := range []string{"env -i", "env -i A=1 GODEBUG=x=1 GOTRACEBACK=all PATH=/bin B="} {
		native := cmdtest.Run(t, strings.Fields(setting+" "+program))
		exe, err := exec.LookPath("ptwalk")
		cmdtest.Must(t, err)
		traced := cmdtest.Run(t, strings.Fields(setting+" "+exe+" count -o /dev/null "+program))
		if traced.Status != 0 || traced.Stdout != native.Stdout {
			t.Errorf("%s: status %d, the environment is %q, want %q", setting, traced.Status, traced.Stdout, native.Stdout)
		}
	}
}
