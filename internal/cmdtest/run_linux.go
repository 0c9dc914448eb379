package cmdtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/become"
)

// Limit is how long a run may take, and how long a test waits for anything.
const Limit = time.Minute

// Soon is the second within which Ctrl-C ends us, on a machine that has other
// things to do.
const Soon = 4 * time.Second

// Soak is how long TestSoak runs: make soak asks for minutes.
var Soak = flag.Duration("soak", 3*time.Second, "how long TestSoak runs, in all")

// Job is a run of ptwalk, or of a command that runs it.
type Job struct {
	PID int // of the command

	t        testing.TB
	cmd      *exec.Cmd // the supervisor
	reports  *json.Decoder
	out, err bytes.Buffer
	temp     string
	began    time.Time
}

// Option changes a run before it starts: its descriptors, environment or
// credentials.
type Option func(*exec.Cmd)

// Stdout gives the run another standard output than a buffer.
func Stdout(f *os.File) Option { return func(c *exec.Cmd) { c.Stdout = f } }

// Stdin gives the run a standard input.
func Stdin(r io.Reader) Option { return func(c *exec.Cmd) { c.Stdin = r } }

// Quiet gives the run /dev/null as standard output.
func Quiet(c *exec.Cmd) { c.Stdout = nil }

// InRoot runs in the root directory, where every user may be.
func InRoot(c *exec.Cmd) { c.Dir = "/" }

// Orphan gives the run a process group that is orphaned: there the kernel lets no
// SIGTSTP, SIGTTIN and SIGTTOU stop anybody.
func Orphan(c *exec.Cmd) { c.Args[1] = orphaning }

// Start starts a command under the supervisor, in a session of its own. It is killed
// at the end of the test at the latest.
func Start(t testing.TB, args []string, options ...Option) *Job {
	t.Helper()
	j := &Job{t: t, temp: t.TempDir(), began: time.Now()}
	j.cmd = exec.Command("supervise", append([]string{reporting}, args...)...)
	j.cmd.Env = append(os.Environ(), "TMPDIR="+j.temp)
	j.cmd.Stdout, j.cmd.Stderr = &j.out, &j.err
	j.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	j.cmd.WaitDelay = time.Second
	read, write, err := os.Pipe()
	Must(t, err)
	j.cmd.ExtraFiles = []*os.File{write}
	for _, option := range options {
		option(j.cmd)
	}
	Must(t, j.cmd.Start())
	write.Close()
	read.SetReadDeadline(time.Now().Add(Limit))
	j.reports = json.NewDecoder(read)
	t.Cleanup(func() {
		if j.cmd.ProcessState == nil {
			for _, child := range Children(j.cmd.Process.Pid) {
				syscall.Kill(child, syscall.SIGKILL)
			}
			j.cmd.Process.Kill()
			j.cmd.Wait()
		}
		read.Close()
	})
	if err := j.reports.Decode(&j.PID); err != nil {
		t.Fatalf("the supervisor did not start %q: %v\n%s", args, err, j.err.String())
	}
	return j
}

// Run runs a command to its end. Nothing may stay behind.
func Run(t testing.TB, args []string, options ...Option) Ending {
	t.Helper()
	e := Start(t, args, options...).End()
	e.LeftNothing(t)
	return e
}

// As runs a command as somebody, or something, that the program become can be.
func As(t testing.TB, changes string, args ...string) Ending {
	t.Helper()
	return Run(t, append(append([]string{"become"}, strings.Fields(changes)...), append([]string{"--"}, args...)...), InRoot)
}

// AsNobody runs a command as an ordinary user.
func AsNobody(t testing.TB, args ...string) Ending {
	t.Helper()
	return As(t, become.Nobody, args...)
}

// Signal sends a signal to the command.
func (j *Job) Signal(sig syscall.Signal) { syscall.Kill(j.PID, sig) }

// End waits for the end of the command.
func (j *Job) End() Ending {
	j.t.Helper()
	var e Ending
	if err := j.reports.Decode(&e); err != nil {
		j.t.Fatalf("%q has not ended: %v\nit is %s\nstdout: %s\nstderr: %s", j.cmd.Args[2:], err, Describe(j.PID), j.out.String(), j.err.String())
	}
	e.Took = time.Since(j.began)
	j.cmd.Wait()
	e.Stdout, e.Stderr = j.out.String(), j.err.String()
	if left, _ := os.ReadDir(j.temp); len(left) > 0 && !e.Killed {
		j.t.Errorf("%q left %v in the temporary folder", j.cmd.Args[2:], left)
	}
	return e
}

// LeftNothing: no child, no zombie. If we were killed ourselves the kernel kills
// what we started, and its new parent reaps it.
func (e Ending) LeftNothing(t testing.TB) {
	t.Helper()
	if e.Killed {
		e.Crashed(t)
		return
	}
	if len(e.Zombies)+len(e.Alive) > 0 {
		t.Errorf("left behind: zombies %v, alive %v", e.Zombies, e.Alive)
	}
}

// Crashed: what we started is dead soon after us.
func (e Ending) Crashed(t testing.TB) {
	t.Helper()
	if len(e.Late) > 0 {
		t.Errorf("left alive: %v", e.Late)
	}
}

// Wants checks the exit status, and a part of what was said on standard error:
// nothing if it is "".
func (e Ending) Wants(t testing.TB, status int, stderr string) {
	t.Helper()
	if e.Status != status || !strings.Contains(e.Stderr, stderr) || (stderr == "" && e.Stderr != "") {
		t.Errorf("status %d, want %d; standard error has to hold %q:\n%s", e.Status, status, stderr, e.Stderr)
	}
}

// OneSentence: a refusal is one to three lines, without the words that Go has
// for its own errors.
func (e Ending) OneSentence(t testing.TB) {
	t.Helper()
	lines := strings.Count(e.Stderr, "\n")
	if lines < 1 || lines > 3 || strings.Contains(e.Stderr, "fork/exec") || strings.Contains(e.Stderr, "goroutine") {
		t.Errorf("no clear message on standard error:\n%s", e.Stderr)
	}
}

// Refuses checks a refusal: exit status 3, one to three lines, the code at the
// end and no other, all that it has to name, and nothing on standard output.
func (e Ending) Refuses(t testing.TB, code string, names ...string) {
	t.Helper()
	e.Wants(t, 3, "["+code+"]\n")
	e.OneSentence(t)
	text := strings.Join(strings.Fields(e.Stderr), " ")
	for _, name := range names {
		if !strings.Contains(text, name) {
			t.Errorf("%q is not named:\n%s", name, e.Stderr)
		}
	}
	if codes := regexp.MustCompile(`\[PT-[A-Z0-9-]+\]`).FindAllString(text, -1); len(codes) != 1 || e.Stdout != "" {
		t.Errorf("codes %q, want one; standard output %q, want none", codes, e.Stdout)
	}
}

// EndedBy: the run was over, or the signal has ended it. Before we catch signals,
// which is before anything is started or attached to, SIGQUIT makes the Go
// runtime end with status 2 and its stacks.
func (e Ending) EndedBy(sig syscall.Signal) bool {
	early := sig == syscall.SIGQUIT && e.Status == 2 && strings.HasPrefix(e.Stderr, "SIGQUIT: quit")
	return e.Status == 0 || e.Status == 128+int(sig) || early
}
