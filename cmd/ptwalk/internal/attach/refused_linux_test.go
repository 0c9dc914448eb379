package attach

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"ptwalk/internal/become"
	"ptwalk/internal/cmdtest"
)

// Why attaching is refused. The doctor's own tests ask the kernel for each cause and
// compare; these are what a person sees.

func TestB03Thread(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	k := cmdtest.Tickers(t)
	for _, tid := range cmdtest.OtherThreads(k.PID) {
		cmdtest.Run(t, []string{"ptwalk", "attach", strconv.Itoa(tid)}).
			Refuses(t, "PT-THREAD", fmt.Sprintf("ptwalk attach %d", k.PID), cmdtest.Status(k.PID, "Name"))
	}
	k.Unharmed()
}

func TestB04Zombie(t *testing.T) {
	zombie := cmdtest.Become(t, "stay")
	zombie.Kill()
	cmdtest.Await(t, "it is a zombie", func() bool { return strings.HasPrefix(cmdtest.Status(zombie.PID, "State"), "Z") })
	cmdtest.Run(t, []string{"ptwalk", "attach", zombie.String()}).Refuses(t, "PT-ZOMBIE", fmt.Sprintf("(%d)", os.Getpid()))
}

func TestB05KernelThread(t *testing.T) {
	if cmdtest.Status(2, "Name") != "kthreadd" {
		t.Skip("this PID namespace has no thread of the kernel")
	}
	cmdtest.Run(t, strings.Fields("ptwalk attach 2")).Refuses(t, "PT-KTHREAD", "kthreadd (2)")
}

func TestB06HasATracer(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "strace")
	strace := cmdtest.Start(t, strings.Fields("strace -qq -o /dev/null sleep 300"))
	pid := 0
	cmdtest.Await(t, "strace has its tracee", func() bool {
		for _, child := range cmdtest.Children(strace.PID) {
			if cmdtest.Status(child, "TracerPid") == strconv.Itoa(strace.PID) && cmdtest.Status(child, "Name") == "sleep" {
				pid = child
			}
		}
		return pid != 0
	})
	cmdtest.Run(t, []string{"ptwalk", "attach", strconv.Itoa(pid)}).Refuses(t, "PT-TRACED", fmt.Sprintf("strace (%d)", strace.PID))
	syscall.Kill(pid, syscall.SIGKILL)
	strace.End()
}

// One thread of several has a tracer: the others are looked at, and it is named.
func TestB06AThreadHasATracer(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	k := cmdtest.Tickers(t)
	tid := cmdtest.OtherThreads(k.PID)[0]
	strace := cmdtest.Start(t, strings.Fields(fmt.Sprintf("strace -qq -o /dev/null -p %d", tid)))
	tracer := strconv.Itoa(strace.PID)
	cmdtest.Await(t, "strace has the thread", func() bool { return cmdtest.Status(tid, "TracerPid") == tracer })
	e := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
	e.Wants(t, 0, "")
	for _, want := range []string{"not attached to: traced by " + tracer, fmt.Sprintf("Threads: %d.", len(cmdtest.Tasks(k.PID)))} {
		if !strings.Contains(e.Stdout, want) {
			t.Errorf("%q is missing:\n%s", want, e.Stdout)
		}
	}
	strace.Signal(syscall.SIGTERM)
	strace.End()
	k.Unharmed()
}

func TestB10NotDumpable(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	who := become.Nobody
	if os.Getuid() != 0 {
		who = ""
	} else {
		cmdtest.Needs(t, "ptrace", "root") // whom the flag does not stop
	}
	k := cmdtest.Become(t, who+" dumpable=0 stay")
	cmdtest.As(t, who, "ptwalk", "attach", k.String()).Refuses(t, "PT-NODUMP", fmt.Sprintf("Process %d is not dumpable", k.PID))
	k.Untouched()
}

// The value of ptrace_scope is made up, and strace refuses as the kernel would.
func TestB11Yama(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "root", "strace")
	k := cmdtest.Become(t, become.Nobody+" dumpable=1 stay")
	for _, c := range []struct {
		yama, code string
		names      []string
	}{
		{"proc", "PT-LSM|PT-KERNEL", nil},
		{"yama=0", "PT-LSM|PT-KERNEL", nil},
		{"yama=1", "PT-YAMA-1", []string{"ptrace_scope 1", "descendants", "kernel.yama.ptrace_scope=0"}},
		{"yama=2", "PT-YAMA-2", []string{"ptrace_scope 2", "CAP_SYS_PTRACE"}},
		{"yama=3", "PT-YAMA-3", []string{"ptrace_scope 3", "root included"}},
	} {
		e := cmdtest.Run(t, []string{"become", c.yama, "gid=65534", "uid=65534", "--", "strace", "-f", "-qq", "-o", "/dev/null",
			"-e", "signal=none", "-e", "trace=ptrace", "-e", "inject=ptrace:error=EPERM:when=1", "ptwalk", "attach", k.String()})
		code := c.code
		for _, one := range strings.Split(c.code, "|") {
			if strings.Contains(e.Stderr, one) {
				code = one
			}
		}
		e.Refuses(t, code, c.names...)
		if !strings.HasPrefix(code, "PT-YAMA") && strings.Contains(e.Stderr, "sysctl") {
			t.Errorf("with %s a sysctl is advised:\n%s", c.yama, e.Stderr)
		}
	}
	k.Untouched()
}

func TestB14UserNamespace(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "unshare")
	if err := exec.Command("unshare", "-Ur", "true").Run(); err != nil {
		t.Skipf("this machine gives us no user namespace: %v", err)
	}
	k := cmdtest.Become(t, "stay")
	e := cmdtest.Run(t, []string{"unshare", "-Ur", "ptwalk", "attach", k.String()})
	e.Refuses(t, "PT-USERNS", "user namespace", k.String())
	k.Untouched()
}

func TestB23FirstThreadHasEnded(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	k := exec.Command("become", "leave")
	in, err := k.StdinPipe()
	cmdtest.Must(t, err)
	cmdtest.Must(t, k.Start())
	t.Cleanup(func() { in.Close(); k.Process.Kill(); k.Wait() })
	cmdtest.Await(t, "its first thread has ended", func() bool { return strings.HasPrefix(cmdtest.Status(k.Process.Pid, "State"), "Z") })
	cmdtest.Run(t, []string{"ptwalk", "attach", strconv.Itoa(k.Process.Pid)}).
		Refuses(t, "PT-ZOMBIE", "first thread", fmt.Sprintf("(%d)", os.Getpid()))
}

// A refusal leaves nothing that the next attempt would meet.
func TestB24Again(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	k := cmdtest.Tickers(t)
	strace := cmdtest.Start(t, []string{"strace", "-qq", "-f", "-o", "/dev/null", "-e", "trace=none", "-p", k.String()})
	cmdtest.Await(t, "strace has it", func() bool { return cmdtest.Status(k.PID, "TracerPid") == strconv.Itoa(strace.PID) })
	first := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
	first.Refuses(t, "PT-TRACED", fmt.Sprintf("strace (%d)", strace.PID))
	again := cmdtest.Run(t, []string{"ptwalk", "attach", k.String()})
	if again.Stderr != first.Stderr || again.Status != first.Status {
		t.Errorf("first: %s\nthen: %s", first.Stderr, again.Stderr)
	}
	strace.Signal(syscall.SIGTERM)
	strace.End()
	for range 3 {
		cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}).Wants(t, 0, "")
	}
	k.Unharmed()
}

// A domain of Landlock may not trace what is outside it. /proc shows none of
// that, so the module is a suspect and no more.
func TestAttachFromALandlockDomain(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	k := cmdtest.Become(t, "stay")
	e := cmdtest.Run(t, []string{"become", "landlock", "--", "ptwalk", "attach", k.String()})
	if e.Status == 99 {
		t.Skip("this kernel has no Landlock")
	}
	e.Refuses(t, "PT-LSM", "EPERM", k.String())
	k.Untouched()
}
