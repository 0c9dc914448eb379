package attach

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/internal/cmdtest"
)

// Processes that end, execute another program, and start threads while we attach.

// The process is killed before each of the three requests, while strace holds
// that request back.
func TestB15EndsWhileWeAttach(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	for when := 1; when <= 3; when++ {
		k := cmdtest.Tickers(t)
		log := cmdtest.File(t, "log", nil, 0o644)
		j := cmdtest.Start(t, []string{"strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=ptrace",
			"-e", fmt.Sprintf("inject=ptrace:delay_enter=500000:when=%d", when), "ptwalk", "attach", k.String()})
		cmdtest.Await(t, "the request is held back", func() bool {
			text, _ := os.ReadFile(log)
			return strings.Count(string(text), "ptrace(") >= when // an option is a PTRACE_ too
		})
		k.EndsBy(syscall.SIGKILL)
		e := j.End()
		e.LeftNothing(t)
		e.Wants(t, 4, "[PT-NOPID]")
		e.OneSentence(t)
		if when > 1 && !strings.Contains(strings.ReplaceAll(e.Stderr, "\n", " "), "killed by SIGKILL (wait status 0x00000009)") {
			t.Errorf("its wait status is not told: %s", e.Stderr)
		}
	}
}

func TestB16ThreadsComeAndGo(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Become(t, "churn")
	for range 10 {
		cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}).Wants(t, 0, "")
		k.Untouched()
	}
}

// A thread of the process has a tracer that does not wait for it, so that the
// execve of another thread cannot come to its end.
func TestB17InsideExecve(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	for _, leave := range []syscall.Signal{0, syscall.SIGINT} {
		holder := exec.Command("holdexec")
		out, err := holder.StdoutPipe()
		cmdtest.Must(t, err)
		cmdtest.Must(t, holder.Start())
		var pid int
		_, err = fmt.Fscan(out, &pid)
		cmdtest.Must(t, err)
		t.Cleanup(func() {
			syscall.Kill(pid, syscall.SIGKILL)
			holder.Process.Kill()
			holder.Wait()
		})
		cmdtest.Await(t, "execve waits", func() bool { return strings.HasPrefix(cmdtest.Status(pid, "State"), "D") })
		j := cmdtest.Start(t, []string{"ptwalk", "attach", strconv.Itoa(pid)})
		if leave != 0 {
			cmdtest.Await(t, "we have asked", func() bool { return len(cmdtest.Tasks(j.PID)) > 2 })
			j.Signal(leave)
			begin := time.Now()
			cmdtest.Await(t, "we have ended", func() bool { state := cmdtest.Status(j.PID, "State"); return state == "" || state[0] == 'Z' })
			if took := time.Since(begin); took > cmdtest.Soon {
				t.Errorf("%v ended us after %v", leave, took)
			}
		}
		e := j.End()
		e.LeftNothing(t)
		if leave == 0 {
			e.Wants(t, 1, "execve")
		} else {
			e.Wants(t, 130, "")
		}
		holder.Process.Kill() // now execve goes on
		holder.Wait()
		cmdtest.Await(t, "the program runs", func() bool { return cmdtest.Status(pid, "Name") == "sleep" })
	}
}

// holdExec starts a process, begins to trace a thread of it that is not the
// first, and has it call execve. It never waits for that thread: so execve
// cannot end, until this process does.
func holdExec() {
	runtime.LockOSThread()
	cmd := exec.Command("become", "patient", "--", "sleep", "300")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		panic(err)
	}
	pid := cmd.Process.Pid
	for len(cmdtest.Tasks(pid)) < 2 {
		runtime.Gosched()
	}
	if _, _, errno := syscall.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(cmdtest.Tasks(pid)[1]), 0, 0, 0, 0); errno != 0 {
		panic(errno)
	}
	in.Close()
	fmt.Println(pid)
	for {
		unix.Pause()
	}
}

// The process is killed at a random moment of the attach.
func TestE12TargetDiesMeanwhile(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	for range 25 {
		k := cmdtest.Tickers(t)
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(cmdtest.AnyMoment(r) / 2)
		k.EndsBy(syscall.SIGKILL)
		e := j.End()
		e.LeftNothing(t)
		switch e.Status {
		case 0:
		case 3: // it has ended, and this test has not yet waited for it
			e.Wants(t, 3, "[PT-ZOMBIE]")
			e.OneSentence(t)
		default:
			e.Wants(t, 4, "[PT-NOPID]")
			e.OneSentence(t)
		}
	}
}

// generation is the N of a process that does "again".
func generation(pid int) (n int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	fmt.Sscanf(string(text), "become\x00again=%d", &n)
	return n
}

func TestH05AttachToHundredsOfThreads(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Become(t, "crowd=300")
	cmdtest.Await(t, "the threads are there", func() bool { return len(cmdtest.Tasks(k.PID)) > 300 })
	for range 3 {
		e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
		e.Wants(t, 0, "")
		if n := len(cmdtest.Tasks(k.PID)); !strings.Contains(e.Stdout, fmt.Sprintf("Threads: %d.", n)) {
			t.Errorf("not all %d threads are shown:\n%.300s", n, e.Stdout)
		}
		k.Untouched()
	}
}

// We read the memory of a process of many threads that calls execve all the time.
func TestH09ExecveMeanwhile(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Become(t, "again=1")
	for range 25 {
		before := generation(k.PID)
		e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
		if e.Status != 0 {
			e.Wants(t, 4, "[PT-NOPID]")
			e.OneSentence(t)
		}
		if e.Took > 10*time.Second {
			t.Errorf("attach took %v", e.Took)
		}
		cmdtest.Await(t, "it executes itself again", func() bool { return generation(k.PID) > before+1 })
		if tracer := cmdtest.Status(k.PID, "TracerPid"); tracer != "0" {
			t.Errorf("process %s has the tracer %q", cmdtest.Describe(k.PID), tracer)
		}
	}
}

// A thread calls execve after we have attached to others and before we attach to
// it. The kernel makes it wait until the dead are reaped, and makes us wait for it.
func TestH09ExecveBetweenTwoThreads(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	for range 10 {
		k := cmdtest.Become(t, "leaves=200")
		e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
		e.Wants(t, 0, "")
		if e.Took > 10*time.Second {
			t.Errorf("attach took %v", e.Took)
		}
		k.Untouched()
	}
}
