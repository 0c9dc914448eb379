package attach

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// The end of the tracer.

func TestE01NormalEnd(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	for _, many := range []bool{false, true} {
		k := cmdtest.Ticker(t)
		if many {
			k = cmdtest.Tickers(t)
		}
		for range 10 {
			cmdtest.Run(t, []string{"ptwalk", "attach", k.String()}).Wants(t, 0, "")
			k.Runs()
		}
		k.Unharmed()
	}
}

// SIGABRT ends the Go runtime as a panic that nobody recovers does, and so does
// a fault of the processor.
func TestE03CrashOfOurs(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Tickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV} {
		for range 12 {
			j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
			time.Sleep(cmdtest.AnyMoment(r))
			j.Signal(sig)
			j.End().Crashed(t)
			k.Runs()
		}
	}
	k.Unharmed()
}

func TestE04KillNineWhileSeized(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Tickers(t)
	for range 40 {
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(cmdtest.AnyMoment(r))
		j.Signal(syscall.SIGKILL)
		j.End().LeftNothing(t)
		k.Runs()
	}
	k.Unharmed()
}

// The target makes a system call every few microseconds.
func TestE05KillNineAmongSystemCalls(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach")
	r := cmdtest.Seeded(t)
	k := cmdtest.Program(t, cmdtest.Compile(t, "busy"))
	for range 40 {
		j := cmdtest.Start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(cmdtest.AnyMoment(r))
		j.Signal(syscall.SIGKILL)
		j.End().LeftNothing(t)
		k.Runs()
	}
	k.Unharmed()
}

// harmless are the requests that attach may make: after none of them does a
// process die or stay stopped because its tracer is killed.
var harmless = map[string]bool{
	"PTRACE_SEIZE": true, "PTRACE_INTERRUPT": true, "PTRACE_DETACH": true, "PTRACE_GETREGSET": true,
	"PTRACE_GETREGS": true, "PTRACE_PEEKUSER": true, "PTRACE_PEEKTEXT": true, "PTRACE_PEEKDATA": true,
	"PTRACE_GETSIGINFO": true, "PTRACE_LISTEN": true, "PTRACE_GET_SYSCALL_INFO": true,
}

// strace is witness of the requests that attach makes: none of them steps, none
// writes to memory or a register, and there is no writing to /proc/PID/mem.
func TestE07NothingIsPlanted(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	k := cmdtest.Tickers(t)
	log := t.TempDir() + "/log"
	cmdtest.Run(t, []string{"strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=ptrace,process_vm_writev,openat",
		"ptwalk", "attach", k.String()}).Wants(t, 0, "")
	text, err := os.ReadFile(log)
	cmdtest.Must(t, err)
	requests := 0
	for line := range strings.Lines(string(text)) {
		_, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		call = strings.TrimSpace(call)
		if args, ok := strings.CutPrefix(call, "ptrace("); ok {
			requests++
			if name, _, _ := strings.Cut(args, ","); !harmless[name] {
				t.Errorf("a request that can do harm: %s", line)
			}
		}
		if strings.HasPrefix(call, "process_vm_writev(") || strings.Contains(call, "/mem\"") && !strings.Contains(call, "O_RDONLY") {
			t.Errorf("attach writes: %s", line)
		}
	}
	if requests < 4*3 {
		t.Errorf("strace saw %d requests, want three a thread at least:\n%s", requests, text)
	}
	k.Unharmed()
}
