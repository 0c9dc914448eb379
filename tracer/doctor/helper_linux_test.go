package doctor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"ptwalk/internal/seccomptest"
	"ptwalk/tracer/procfs"
)

// The tests need processes of every kind, and tracers of every kind. Both are
// this test binary, started again with the variable that says which one to be.
const helperVariable = "PTWALK_DOCTOR_HELPER"

func init() {
	if os.Getenv(helperVariable) != "" {
		runtime.LockOSThread() // main stays on the first thread of the process
	}
}

func TestMain(m *testing.M) {
	helper := strings.Fields(os.Getenv(helperVariable))
	if len(helper) == 0 {
		os.Exit(m.Run())
	}
	for _, part := range helper {
		name, value, _ := strings.Cut(part, "=")
		n, _ := strconv.Atoi(value)
		parts[name](n)
	}
	fmt.Println(os.Getpid())
	io.Copy(io.Discard, os.Stdin) // a target lives until the test lets go
}

// parts are what a helper can be told to do, one after the other.
var parts = map[string]func(int){
	"group":        func(id int) { must(syscall.Setresgid(id, id, id)) },
	"drop-groups":  func(int) { must(syscall.Setgroups(nil)) },
	"user":         func(id int) { must(syscall.Setresuid(id, id, id)) },
	"real-user":    func(id int) { must(syscall.Setresuid(id, 0, 0)) },
	"dumpable":     func(n int) { must(unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(n), 0, 0, 0)) },
	"drop-caps":    func(int) { dropCap() },
	"name":         func(int) { must(unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&hostile[0])), 0, 0, 0)) },
	"filter":       func(answer int) { must(seccomptest.Answer(unix.SYS_PTRACE, seccomptest.Fails(syscall.Errno(answer)))) },
	"lose-leader":  func(int) { loseLeader() },
	"hold-tracee":  func(int) { holdTracee() },
	"seize":        seizeAndExplain,
	"traceme":      func(int) { tracemeAndExplain() },
	"follow-forks": func(int) { followForks() },
}

// helperEnv is the whole environment of a helper. The race detector would make
// each sleep for a second before it exits.
func helperEnv(does []string) []string {
	return []string{helperVariable + "=" + strings.Join(does, " "), "GORACE=atexit_sleep_ms=0"}
}

var hostile = []byte("a) R (b\n\x1b[2J\x00")

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "helper:", err)
		os.Exit(1)
	}
}

// dropCap takes CAP_SYS_PTRACE from this thread.
func dropCap() {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	must(unix.Capget(&header, &data[0]))
	data[0].Effective &^= uint32(procfs.CapSysPtrace)
	data[0].Permitted &^= uint32(procfs.CapSysPtrace)
	must(unix.Capset(&header, &data[0]))
}

// loseLeader ends the first thread of this process; the others stay.
func loseLeader() {
	go func() {
		fmt.Println(os.Getpid())
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	syscall.Syscall(unix.SYS_EXIT, 0, 0, 0)
}

// holdTracee starts a child that this process traces, and says its pid.
func holdTracee() {
	pid := startTraced(nil)
	fmt.Println(pid)
	io.Copy(io.Discard, os.Stdin)
	syscall.Kill(pid, syscall.SIGKILL)
	syscall.Wait4(pid, nil, 0, nil)
	os.Exit(0)
}

// startTraced starts a helper as a tracee of this thread and waits for the stop
// at its execve.
func startTraced(does []string) int {
	env := helperEnv(does)
	pid, err := syscall.ForkExec("/proc/self/exe", []string{os.Args[0]}, &syscall.ProcAttr{
		Env: env, Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	must(err)
	var ws syscall.WaitStatus
	_, err = syscall.Wait4(pid, &ws, 0, nil)
	must(err)
	return pid
}

// answer is what a tracer was told, by the kernel and by the doctor before and
// after it asked the kernel.
type answer struct {
	Errno         syscall.Errno
	Before, After Diagnosis
	Foreseen      bool // there was a diagnosis before
	Explained     bool // and after
}

// ask makes a real PTRACE_SEIZE.
func ask(pid int) answer {
	var a answer
	a.Before, a.Foreseen = Pid(pid, 0)
	_, _, a.Errno = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(pid), 0, 0, 0, 0)
	if a.Errno != 0 {
		a.After, a.Explained = Pid(pid, a.Errno)
	}
	return a
}

func seizeAndExplain(pid int) {
	must(json.NewEncoder(os.Stdout).Encode(ask(pid)))
	os.Exit(0) // whom it did seize is free again
}

func tracemeAndExplain() {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = helperEnv([]string{"dumpable=1"})
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL}
	err := cmd.Start()
	var a answer
	if err != nil {
		a.Errno, _ = err.(*os.PathError).Err.(syscall.Errno)
		a.After, a.Explained = Self(a.Errno), true
	}
	must(json.NewEncoder(os.Stdout).Encode(a))
	os.Exit(0)
}

// followForks runs the helper "traceme" as strace -f would: traced, and its
// children too.
func followForks() {
	pid := startTraced([]string{"traceme"})
	must(unix.PtraceSetOptions(pid, unix.PTRACE_O_EXITKILL|unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_TRACEFORK|
		unix.PTRACE_O_TRACEVFORK|unix.PTRACE_O_TRACEEXEC))
	must(unix.PtraceCont(pid, 0))
	for {
		var ws syscall.WaitStatus
		tid, err := syscall.Wait4(-1, &ws, unix.WALL, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || tid == pid && (ws.Exited() || ws.Signaled()) {
			os.Exit(0)
		}
		if ws.Stopped() {
			signal := ws.StopSignal()
			if signal == syscall.SIGTRAP || signal == syscall.SIGSTOP {
				signal = 0
			}
			unix.PtraceCont(tid, int(signal))
		}
	}
}

// helper is a running helper process.
type helper struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

// start starts a helper and ends it after the test.
func start(t *testing.T, sys *syscall.SysProcAttr, does ...string) *helper {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = helperEnv(does)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = sys
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		if sys != nil {
			t.Skipf("this machine does not give us a user namespace: %v", err)
		}
		t.Fatal(err)
	}
	deadline := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
		deadline.Stop()
	})
	return &helper{cmd, bufio.NewReader(out)}
}

// pid is the number that a target says when it is ready.
func (h *helper) pid(t *testing.T) int {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the helper said %q, %v", line, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// answer is what a tracer was told.
func (h *helper) answer(t *testing.T) answer {
	t.Helper()
	var a answer
	if err := json.NewDecoder(h.out).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}
