package attach

import (
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Processes that are stopped or frozen, and Ctrl-Z to us.

// A stopped process stays stopped, and its parent is told nothing.
func TestB19StaysStopped(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Tickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP} {
		k.Signal(sig)
		var ws syscall.WaitStatus
		if _, err := syscall.Wait4(k.PID, &ws, syscall.WUNTRACED, nil); err != nil || ws.StopSignal() != sig {
			t.Fatalf("%v: %#x, %v", sig, ws, err)
		}
		for range 3 {
			e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
			e.Wants(t, 0, "")
			if state := cmdtest.Status(k.PID, "State"); state != "T (stopped)" || !strings.Contains(e.Stdout, "State: T (stopped)") {
				t.Errorf("%v: the state is %s\n%s", sig, state, e.Stdout)
			}
		}
		if pid, _ := syscall.Wait4(k.PID, &ws, syscall.WUNTRACED|syscall.WCONTINUED|syscall.WNOHANG, nil); pid != 0 {
			t.Errorf("its parent was told %#x", ws)
		}
		k.Signal(syscall.SIGCONT)
		k.Runs()
	}
	k.Unharmed()
}

// SIGSTOP comes at a random moment of the attach, and is not lost.
func TestB20StopWhileWeAttach(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Tickers(t)
	for range 20 {
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(cmdtest.AnyMoment(r) / 2) // the moment is the test
		k.Signal(syscall.SIGSTOP)
		e := j.End()
		e.LeftNothing(t)
		e.Wants(t, 0, "")
		cmdtest.Await(t, "it is stopped", func() bool { return cmdtest.Status(k.PID, "State") == "T (stopped)" })
		k.Signal(syscall.SIGCONT)
		k.Runs()
	}
	k.Unharmed()
}

// A frozen process may not stop for us: in a group of version 1 it does not. We
// say so in time, and it goes on when it is thawed.
func TestB21Frozen(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root")
	for name, group := range map[string]freezer{
		"version 1": {[]string{"/sys/fs/cgroup/freezer"}, "freezer.state", "FROZEN", "THAWED", "freezer.state", "FROZEN"},
		"version 2": {[]string{"/sys/fs/cgroup/unified", "/sys/fs/cgroup"}, "cgroup.freeze", "1", "0", "cgroup.events", "frozen 1"},
	} {
		t.Run(name, func(t *testing.T) {
			k := cmdtest.Ticker(t)
			thaw := group.freeze(t, k.PID)
			e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
			e.Wants(t, 0, "")
			if !strings.Contains(e.Stdout, "did not stop: D (disk sleep)") && !strings.Contains(e.Stdout, "rip") {
				t.Errorf("neither registers nor the reason why there are none:\n%s", e.Stdout)
			}
			if e.Took > 10*time.Second {
				t.Errorf("it took %v", e.Took)
			}
			thaw()
			k.Unharmed()
		})
	}
}

// freezer is how a version of control groups freezes.
type freezer struct {
	roots                               []string
	file, frozen, thawed, event, within string
}

// freeze puts a process into a control group of its own, and freezes it.
func (f freezer) freeze(t *testing.T, pid int) (thaw func()) {
	t.Helper()
	for _, root := range f.roots {
		dir, err := os.MkdirTemp(root, "ptwalk-test-")
		if err != nil {
			continue
		}
		set := func(text string) error {
			file, err := os.OpenFile(dir+"/"+f.file, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = file.WriteString(text)
			return err
		}
		t.Cleanup(func() {
			set(f.thawed)
			syscall.Kill(pid, syscall.SIGKILL)
			cmdtest.Await(t, "the control group is gone", func() bool { return os.Remove(dir) == nil })
		})
		if os.WriteFile(dir+"/cgroup.procs", []byte(strconv.Itoa(pid)), 0o644) != nil || set(f.frozen) != nil {
			continue
		}
		cmdtest.Await(t, "it is frozen", func() bool {
			text, _ := os.ReadFile(dir + "/" + f.event)
			return strings.Contains(string(text), f.within)
		})
		return func() { cmdtest.Must(t, set(f.thawed)) }
	}
	t.Skip("no such control group can be made here")
	return nil
}

// SIGTSTP to ptwalk at a random moment: it may stop, and the process that it looks
// at may not.
func TestD08CtrlZ(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Tickers(t)
	for range 25 {
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(cmdtest.AnyMoment(r) / 2) // the moment is the test
		j.Signal(syscall.SIGTSTP)
		cmdtest.Await(t, "ptwalk stops or ends", func() bool { return cmdtest.Gone(j.PID) || stopped(j) })
		if stopped(j) {
			k.Runs()
		}
		j.Signal(syscall.SIGCONT)
		e := j.End()
		e.LeftNothing(t)
		if e.Status != 0 {
			t.Errorf("status %d after SIGTSTP and SIGCONT\n%s", e.Status, e.Stderr)
		}
		k.Runs()
	}
	k.Unharmed()
}

func stopped(j *cmdtest.Job) bool { return strings.HasPrefix(cmdtest.Status(j.PID, "State"), "T") }

// SIGTSTP to ptwalk while it waits for a slow reader: it stops, and goes on at
// SIGCONT. In an orphaned process group, where nobody would continue it, it does not
// stop.
func TestD08CtrlZWhileItWrites(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Tickers(t)
	for _, orphaned := range []bool{false, true} {
		read, write, err := os.Pipe()
		cmdtest.Must(t, err)
		cmdtest.Fill(t, write)
		options := []cmdtest.Option{cmdtest.Stdout(write)}
		if orphaned {
			options = append(options, cmdtest.Orphan)
		}
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()}, options...)
		write.Close()
		cmdtest.Await(t, "ptwalk waits for the pipe", func() bool { return cmdtest.WaitsIn(j.PID, "pipe") })
		j.Signal(syscall.SIGTSTP)
		if orphaned {
			cmdtest.Await(t, "SIGTSTP is taken", func() bool { return !cmdtest.Pending(j.PID, syscall.SIGTSTP) })
		} else {
			cmdtest.Await(t, "ptwalk stops", func() bool { return stopped(j) })
			k.Runs()
			j.Signal(syscall.SIGCONT)
		}
		io.Copy(io.Discard, read)
		read.Close()
		e := j.End()
		e.LeftNothing(t)
		if e.Status != 0 {
			t.Errorf("orphaned %v: status %d after SIGTSTP\n%s", orphaned, e.Status, e.Stderr)
		}
		k.Runs()
	}
	k.Unharmed()
}
