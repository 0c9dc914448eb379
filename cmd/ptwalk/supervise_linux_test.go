package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The scenario tests run ptwalk under a supervisor: a process that becomes the
// parent of whatever ptwalk leaves behind, and tells what that is. Each test is
// named by its row in docs/reliability.md.

// limit is how long a run may take, and how long a test waits for anything.
const limit = 20 * time.Second

// soon is the second within which Ctrl-C ends us, on a machine that has other
// things to do.
const soon = 4 * time.Second

func init() { programs["supervise"] = supervise }

// ending is what the supervisor tells of a run.
type ending struct {
	Status  int      // as a shell has it: 128+n for signal n
	Killed  bool     // by a signal, and not by an exit status
	Zombies []string // children that ptwalk left to be reaped
	Alive   []string // children that ptwalk left running
	Late    []string // those that still ran a second later
	Stdout  string   `json:"-"`
	Stderr  string   `json:"-"`
	Took    time.Duration
}

// supervise runs a command and reports on descriptor 3: first its pid, then its
// ending. What has been left is killed.
func supervise() {
	syscall.CloseOnExec(3)
	// What a terminal sends to all of us is for the command alone.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGHUP)
	report := json.NewEncoder(os.NewFile(3, "report"))
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	path, err := exec.LookPath(os.Args[1])
	if err != nil {
		panic(err)
	}
	pid, err := syscall.ForkExec(path, os.Args[1:], &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}})
	if err != nil {
		panic(err)
	}
	report.Encode(pid)
	var ws syscall.WaitStatus
	for err = syscall.EINTR; err == syscall.EINTR; {
		_, err = syscall.Wait4(pid, &ws, 0, nil)
	}
	e := ending{Status: ws.ExitStatus(), Killed: ws.Signaled()}
	if e.Killed {
		e.Status = 128 + int(ws.Signal())
	}
	for child, err := reapOne(&ws); err == nil && child > 0; child, err = reapOne(&ws) {
		e.Zombies = append(e.Zombies, fmt.Sprintf("%d, status %#x", child, uint32(ws)))
	}
	e.Alive = describeAll(childrenOf(os.Getpid()))
	for begin := time.Now(); time.Since(begin) < time.Second && len(childrenOf(os.Getpid())) > 0; {
		time.Sleep(time.Millisecond)
	}
	e.Late = describeAll(childrenOf(os.Getpid()))
	for _, child := range childrenOf(os.Getpid()) {
		syscall.Kill(child, syscall.SIGKILL)
	}
	report.Encode(e)
}

func reapOne(ws *syscall.WaitStatus) (int, error) {
	return syscall.Wait4(-1, ws, syscall.WNOHANG|syscall.WALL, nil)
}

// childrenOf finds the children of a process that are no zombies.
func childrenOf(parent int) (pids []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if statusOf(pid, "PPid") == strconv.Itoa(parent) && !strings.HasPrefix(statusOf(pid, "State"), "Z") {
			pids = append(pids, pid)
		}
	}
	return pids
}

func describeAll(pids []int) (all []string) {
	for _, pid := range pids {
		all = append(all, describe(pid))
	}
	return all
}

func describe(pid int) string {
	return fmt.Sprintf("%d %s %s", pid, statusOf(pid, "Name"), statusOf(pid, "State"))
}

// statusOf is a field of /proc/PID/status.
func statusOf(pid int, field string) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && name == field {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// job is a run of ptwalk, or of a command that runs it.
type job struct {
	t       *testing.T
	cmd     *exec.Cmd
	pid     int // of the command
	reports *json.Decoder
	out     bytes.Buffer
	err     bytes.Buffer
	temp    string
	began   time.Time
}

// start starts a command under the supervisor. Before it starts, the options may
// change its descriptors, environment or credentials. It is killed at the end of
// the test at the latest.
func start(t *testing.T, args []string, options ...func(*exec.Cmd)) *job {
	t.Helper()
	j := &job{t: t, temp: t.TempDir(), began: time.Now()}
	j.cmd = exec.Command("supervise", args...)
	j.cmd.Env = append(os.Environ(), "TMPDIR="+j.temp)
	j.cmd.Stdout, j.cmd.Stderr = &j.out, &j.err
	j.cmd.WaitDelay = time.Second
	read, write, err := os.Pipe()
	must(t, err)
	j.cmd.ExtraFiles = []*os.File{write}
	for _, option := range options {
		option(j.cmd)
	}
	must(t, j.cmd.Start())
	write.Close()
	read.SetReadDeadline(time.Now().Add(limit))
	j.reports = json.NewDecoder(read)
	t.Cleanup(func() {
		if j.cmd.ProcessState == nil {
			for _, child := range childrenOf(j.cmd.Process.Pid) {
				syscall.Kill(child, syscall.SIGKILL)
			}
			j.cmd.Process.Kill()
			j.cmd.Wait()
		}
		read.Close()
	})
	if err := j.reports.Decode(&j.pid); err != nil {
		t.Fatalf("the supervisor did not start %q: %v\n%s", args, err, j.err.String())
	}
	return j
}

// signal sends a signal to the command.
func (j *job) signal(sig syscall.Signal) { syscall.Kill(j.pid, sig) }

// end waits for the end of the command.
func (j *job) end() ending {
	j.t.Helper()
	var e ending
	if err := j.reports.Decode(&e); err != nil {
		j.t.Fatalf("%q has not ended: %v\nstdout: %s\nstderr: %s", j.cmd.Args[1:], err, j.out.String(), j.err.String())
	}
	e.Took = time.Since(j.began)
	j.cmd.Wait()
	e.Stdout, e.Stderr = j.out.String(), j.err.String()
	if left, _ := os.ReadDir(j.temp); len(left) > 0 && !e.Killed {
		j.t.Errorf("%q left %v in the temporary folder", j.cmd.Args[1:], left)
	}
	return e
}

// session runs a command to its end. Nothing may stay behind.
func session(t *testing.T, args []string, options ...func(*exec.Cmd)) ending {
	t.Helper()
	e := start(t, args, options...).end()
	e.leftNothing(t)
	return e
}

// leftNothing: no child, no zombie. If we were killed ourselves the kernel kills
// what we started, and its new parent reaps it.
func (e ending) leftNothing(t *testing.T) {
	t.Helper()
	if e.Killed {
		e.crashed(t)
		return
	}
	if len(e.Zombies)+len(e.Alive) > 0 {
		t.Errorf("left behind: zombies %v, alive %v", e.Zombies, e.Alive)
	}
}

// crashed: what we started is dead soon after us.
func (e ending) crashed(t *testing.T) {
	t.Helper()
	if len(e.Late) > 0 {
		t.Errorf("left alive: %v", e.Late)
	}
}

// wants checks the exit status, and a part of what was said on standard error:
// nothing if it is "".
func (e ending) wants(t *testing.T, status int, stderr string) {
	t.Helper()
	if e.Status != status || !strings.Contains(e.Stderr, stderr) || (stderr == "" && e.Stderr != "") {
		t.Errorf("status %d, want %d; standard error has to hold %q:\n%s", e.Status, status, stderr, e.Stderr)
	}
}

// oneSentence: a refusal is one to three lines, without the words that Go has
// for its own errors.
func (e ending) oneSentence(t *testing.T) {
	t.Helper()
	lines := strings.Count(e.Stderr, "\n")
	if lines < 1 || lines > 3 || strings.Contains(e.Stderr, "fork/exec") || strings.Contains(e.Stderr, "goroutine") {
		t.Errorf("no clear message on standard error:\n%s", e.Stderr)
	}
}

// Options of start.

func stdout(f *os.File) func(*exec.Cmd) { return func(c *exec.Cmd) { c.Stdout = f } }
func stdin(r io.Reader) func(*exec.Cmd) { return func(c *exec.Cmd) { c.Stdin = r } }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// await waits until ready, and fails the test after the limit.
func await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	for begin := time.Now(); !ready(); time.Sleep(200 * time.Microsecond) {
		if time.Since(begin) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// needsPtrace skips a test where ptrace is refused, and fails it where CI says that
// it must not be.
func needsPtrace(t *testing.T) {
	t.Helper()
	if why := refused(); why != "" {
		unavailable(t, why)
	}
}

// refused is what the doctor says, once for all tests.
var refused = sync.OnceValue(func() string {
	if out, err := exec.Command("ptwalk", "doctor", "--for", "5").CombinedOutput(); err != nil {
		return "ptrace is refused here: " + string(out)
	}
	return ""
})

// unavailable skips a test for which this machine lacks something.
func unavailable(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("CI is set, and " + why)
	}
	t.Skip("SKIPPED, NOTHING IS TESTED: " + why)
}

// needs skips a test if a program is missing.
func needs(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			unavailable(t, name+" is not installed")
		}
	}
}

func words(line string) []string { return strings.Fields(line) }
