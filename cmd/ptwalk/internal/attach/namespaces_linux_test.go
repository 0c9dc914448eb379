package attach

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"ptwalk/internal/cmdtest"
)

// A process of another PID namespace has the number that we know it by.
func TestB22AnotherPIDNamespace(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root", "unshare")
	outer := cmdtest.Start(t, strings.Fields("unshare -fp --mount-proc sleep 300"))
	pid := 0
	cmdtest.Await(t, "the namespace is there", func() bool {
		for _, child := range cmdtest.Children(outer.PID) {
			if cmdtest.Status(child, "Name") == "sleep" {
				pid = child
			}
		}
		return pid != 0
	})
	e := cmdtest.Run(t, []string{"ptwalk", "attach", strconv.Itoa(pid)})
	e.Wants(t, 0, "")
	if !strings.Contains(e.Stdout, fmt.Sprintf("Process %d is \"sleep\"", pid)) {
		t.Errorf("want process %d:\n%s", pid, e.Stdout)
	}
	syscall.Kill(pid, syscall.SIGKILL)
	outer.End()
}

// /proc shows another PID namespace than ours, or is not there: numbers mean other
// processes there, and nothing is said of those.
func TestB22ProcIsNotOurs(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root", "unshare")
	for _, run := range [][]string{
		strings.Fields("unshare -fp ptwalk attach 1"),
		strings.Fields("unshare -fp ptwalk 1 --plain"),
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk attach 1"},
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk 1 --plain"},
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk 5 --plain"},
	} {
		e := cmdtest.Run(t, run)
		e.Wants(t, 3, "mount -t proc proc /proc [PT-KERNEL]\n")
		e.OneSentence(t)
	}
	cmdtest.Run(t, strings.Fields("unshare -fp ptwalk doctor --for 1")).Wants(t, 3, "")
}

// Between the look at /proc and PTRACE_SEIZE the process ends, and another one
// gets its number: that one is not told as if it were the first.
func TestB22NumberIsUsedAgain(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root", "strace", "unshare")
	if _, err := os.Stat("/proc/sys/kernel/ns_last_pid"); err != nil {
		t.Skip("this kernel does not let anybody choose the next number")
	}
	log := cmdtest.File(t, "log", nil, 0o644)
	e := cmdtest.Run(t, []string{"unshare", "-fp", "--mount-proc", "reuse", log})
	e.Wants(t, 4, "has ended while we attached to it")
	e.OneSentence(t)
	if e.Stdout != "the other one is unharmed\n" {
		t.Errorf("standard output: %q", e.Stdout)
	}
}

// reuse is the first process of a PID namespace. It ends with the status of
// ptwalk.
func reuse() {
	sleeper := func() *exec.Cmd {
		cmd := exec.Command("sleep", "300")
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		return cmd
	}
	end := func(cmd *exec.Cmd) { cmd.Process.Kill(); cmd.Wait() }
	one := sleeper()
	pid := one.Process.Pid
	attach := exec.Command("strace", "-f", "-qq", "-o", os.Args[1], "-e", "signal=none", "-e", "trace=ptrace",
		"-e", "inject=ptrace:delay_enter=1000000:when=1", "ptwalk", "attach", strconv.Itoa(pid))
	attach.Stdout, attach.Stderr = os.Stderr, os.Stderr
	if err := attach.Start(); err != nil {
		panic(err)
	}
	for asked := false; !asked; {
		text, _ := os.ReadFile(os.Args[1])
		asked = strings.Contains(string(text), "PTRACE_SEIZE")
	}
	end(one)
	other := sleeper()
	for range 100 {
		if other.Process.Pid == pid {
			break
		}
		end(other)
		os.WriteFile("/proc/sys/kernel/ns_last_pid", []byte(strconv.Itoa(pid-1)), 0o644)
		other = sleeper()
	}
	if other.Process.Pid != pid {
		panic("the number was not given again")
	}
	attach.Wait()
	if state := cmdtest.Status(pid, "State"); strings.HasPrefix(state, "S") && cmdtest.Status(pid, "TracerPid") == "0" {
		fmt.Println("the other one is unharmed")
	}
	os.Exit(attach.ProcessState.ExitCode())
}

// Numbers of seven digits stay in their columns.
func TestI04LongNumbers(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root", "unshare")
	script := "echo 4194290 >/proc/sys/kernel/ns_last_pid || exit 77; sleep 300 </dev/null >/dev/null & ptwalk attach --color=never $!; status=$?; kill $!; exit $status"
	e := cmdtest.Run(t, []string{"env", "COLUMNS=80", "unshare", "--fork", "--pid", "--mount-proc", "sh", "-c", script})
	if e.Status == 77 {
		t.Skipf("the numbers of processes end below 4194290 here: %s", e.Stderr)
	}
	if e.Status != 0 {
		t.Fatalf("status %d\n%s", e.Status, e.Stderr)
	}
	row := regexp.MustCompile(`(?m)^  thread   name .*\n  (\d{7})  "`)
	if !row.MatchString(e.Stdout) || !strings.Contains(e.Stdout, "Process 41942") {
		t.Errorf("want a table whose column is seven digits wide:\n%s", e.Stdout)
	}
	for line := range strings.Lines(e.Stdout) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}
