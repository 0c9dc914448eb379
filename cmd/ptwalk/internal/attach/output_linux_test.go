package attach

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

func TestE11OutputIsGone(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Tickers(t)

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	cmdtest.Must(t, err)
	defer full.Close()
	e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}, cmdtest.Stdout(full))
	e.Wants(t, 1, "no space left")
	e.OneSentence(t)
	k.Runs()

	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	read.Close()
	defer write.Close()
	cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}, cmdtest.Stdout(write)).Wants(t, 141, "")
	k.Runs()

	// The Go runtime opens /dev/null in the place of a closed descriptor, before
	// anything of ours runs.
	cmdtest.Run(t, []string{"sh", "-c", "exec ptwalk attach " + k.String() + " >&-"}).Wants(t, 0, "")
	k.Unharmed()
}

// The pipe is full and nobody reads: we wait, the process does not.
func TestE14SlowReader(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Tickers(t)
	read, write, err := os.Pipe()
	cmdtest.Must(t, err)
	defer read.Close()
	defer write.Close()
	cmdtest.Fill(t, write)
	j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()}, cmdtest.Stdout(write))
	cmdtest.Await(t, "ptwalk waits for the pipe", func() bool { return cmdtest.WaitsIn(j.PID, "pipe") })
	k.Runs()
	j.Signal(syscall.SIGINT)
	sent := time.Now()
	e := j.End()
	if took := time.Since(sent); took > cmdtest.Soon {
		t.Errorf("Ctrl-C took %v", took)
	}
	e.Wants(t, 130, "")
	e.LeftNothing(t)
	k.Unharmed()
}

// The name of a process is anybody's text, and may hold anything.
func TestI06HostileName(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Program(t, cmdtest.Compile(t, "named"))
	for _, form := range []string{"--plain", "--json", "--markdown", "--accessible"} {
		e := cmdtest.Run(t, []string{"ptwalk", "attach", form, k.String()})
		e.Wants(t, 0, "")
		if i := strings.IndexFunc(e.Stdout, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }); i >= 0 {
			t.Errorf("%s has control character %q: %q", form, e.Stdout[i], e.Stdout[max(0, i-40):min(len(e.Stdout), i+40)])
		}
		if !strings.Contains(e.Stdout, "a) R (") {
			t.Errorf("%s does not show the name:\n%s", form, e.Stdout)
		}
	}
	k.Unharmed()
}
