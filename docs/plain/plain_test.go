//go:build linux

package plain_test

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// deadline is for one run of one program. Each needs a few milliseconds.
const deadline = 60 * time.Second

var names = []string{"01-traceme", "02-peekuser", "03-singlestep", "04-count", "05-attach"}

// TestGo and TestC state the same facts: the programs shall not differ.
func TestGo(t *testing.T) { facts(t, buildGo(t)) }
func TestC(t *testing.T)  { facts(t, buildC(t)) }

// TestGoAndCPrintTheSame compares line for line. Nothing in these outputs varies: the
// bundled programs lie at fixed addresses, and no process ID is printed.
func TestGoAndCPrintTheSame(t *testing.T) {
	goDir, cDir := buildGo(t), buildC(t)
	for _, name := range names[:4] {
		for _, target := range []string{"hello64", "hello32", "crash", "handler", "int80in64", "repss"} {
			t.Run(name+"/"+target, func(t *testing.T) {
				needs(t, target)
				inGo := run(t, goDir, name, target)
				inC := run(t, cDir, name, target)
				if inGo != inC {
					t.Errorf("in Go:\n%v\nin C:\n%v", inGo, inC)
				}
			})
		}
	}
}

// facts tests the five programs in dir.
func facts(t *testing.T, dir string) {
	t.Run("01-traceme", func(t *testing.T) {
		got := run(t, dir, "01-traceme").lines(t, 4)
		entry := entryOf(t, "hello64")
		equal(t, got[0], "wait status 0x0000057f: stopped by signal 5; SIGTRAP is 5")
		equal(t, got[1], fmt.Sprintf("si_code 0, rip 0x%x", entry))
		equal(t, got[2], "Hello from the tracee")
		equal(t, got[3], "wait status 0x00000100: exited with status 1")
	})
	t.Run("01-traceme of a program that is killed", func(t *testing.T) {
		got := run(t, dir, "01-traceme", "crash").lines(t, 3)
		equal(t, end(t, got[2]), "killed by signal 11")
	})
	t.Run("02-peekuser", func(t *testing.T) {
		for target, number := range map[string]int{"hello64": 59, "hello32": 11} {
			t.Run(target, func(t *testing.T) {
				needs(t, target)
				got := run(t, dir, "02-peekuser", target).lines(t, 4)
				equal(t, got[0], fmt.Sprintf("offset 120: system call %d", number))
				equal(t, got[1], "offset 60: errno 5; EIO is 5")
				equal(t, got[3], "wait status 0x00000100: exited with status 1")
			})
		}
	})
	t.Run("03-singlestep", func(t *testing.T) { sevenStops(t, run(t, dir, "03-singlestep").lines(t, 9)) })
	t.Run("04-count", func(t *testing.T) {
		for target, want := range map[string]struct {
			stops, instructions int
			end                 string
		}{
			"hello64": {7, 7, "exited with status 1"},
			"hello32": {7, 7, "exited with status 1"},
			// execve, the step over xor, SIGSEGV. The mov that faults is not executed.
			"crash": {3, 1, "killed by signal 11"},
			// execve, three signals, three handlers that begin: none is an instruction.
			// One instruction, the exit call, has no stop.
			"handler": {63, 57, "exited with status 3"},
		} {
			t.Run(target, func(t *testing.T) {
				needs(t, target)
				got := run(t, dir, "04-count", target).all()
				got = got[len(got)-3:]
				equal(t, got[0], fmt.Sprintf("stops %d", want.stops))
				equal(t, got[1], fmt.Sprintf("instructions %d", want.instructions))
				equal(t, end(t, got[2]), want.end)
			})
		}
	})
	t.Run("04-count passes arguments on, and an execve is not the program's SIGTRAP", func(t *testing.T) {
		// Without an argument volunteer execs itself with one: an event stop, which is
		// not an instruction.
		for argument, more := range map[string]int{"": 1, "again": 0} {
			got := runAt(t, dir, "04-count", append([]string{target("volunteer")}, strings.Fields(argument)...)...).lines(t, 4)
			var stops, instructions int
			scan(t, got[1], "stops %d", &stops)
			scan(t, got[2], "instructions %d", &instructions)
			if stops != instructions+more || got[0] != "The volunteer runs on" {
				t.Errorf("volunteer %s: %q", argument, got)
			}
			equal(t, got[3], "wait status 0x00000000: exited with status 0")
		}
	})
	t.Run("05-attach its own ticker", func(t *testing.T) {
		got := run(t, dir, "05-attach").lines(t, 4)
		a := attached(t, got[:3])
		if !a.lives() {
			t.Errorf("the ticker is not as it was: %+v", a)
		}
		equal(t, got[3], "wait status 0x00000009: killed by signal 9")
		if err := syscall.Kill(a.pid, 0); err != syscall.ESRCH {
			t.Errorf("process %d is left: %v", a.pid, err)
		}
	})
	t.Run("05-attach a running process", func(t *testing.T) {
		ticker := startTicker(t)
		ticks(t, ticker.Pid) // it has left execve behind
		a := attached(t, runAt(t, dir, "05-attach", fmt.Sprint(ticker.Pid)).lines(t, 3))
		if a.pid != ticker.Pid || !a.lives() || a.status != 0x80057f {
			t.Errorf("pid %d: %+v", ticker.Pid, a)
		}
		// ORIG_RAX: nanosleep; restart_syscall, if an attach has interrupted it
		// before; or -1, if it was counting and not in a system call.
		if a.origRAX != unix.SYS_NANOSLEEP && a.origRAX != unix.SYS_RESTART_SYSCALL && a.origRAX != -1 {
			t.Errorf("it is in system call %d", a.origRAX)
		}
		ticks(t, ticker.Pid) // it goes on
		// It has lived until now only if our SIGKILL is what ends it.
		endsBy(t, ticker, syscall.SIGKILL)
	})
	t.Run("05-attach a stopped process", func(t *testing.T) {
		ticker := startTicker(t)
		if err := ticker.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		var ws unix.WaitStatus
		if _, err := unix.Wait4(ticker.Pid, &ws, unix.WUNTRACED, nil); err != nil || !ws.Stopped() {
			t.Fatalf("wait status %#x, %v", ws, err)
		}
		a := attached(t, runAt(t, dir, "05-attach", fmt.Sprint(ticker.Pid)).lines(t, 3))
		want := "T (stopped), TracerPid 0"
		if a.before != want || a.after != want || a.status != 0x80137f {
			t.Errorf("%+v", a)
		}
		endsBy(t, ticker, syscall.SIGKILL)
	})
	t.Run("a missing program is one sentence", func(t *testing.T) {
		for _, name := range names[:4] {
			r := runAt(t, dir, name, "no/such/program")
			want := name + ": cannot run no/such/program under ptrace: no such file or directory\n"
			// The C library begins its error texts with a capital letter, Go does not.
			if r.status != 1 || r.stdout != "" || !strings.EqualFold(r.stderr, want) {
				t.Errorf("%v\nwant %s", r, want)
			}
		}
	})
	t.Run("a PID that is none is one sentence", func(t *testing.T) {
		for _, word := range []string{"12abc", "0", "-1", "4294967297", ""} {
			r := runAt(t, dir, "05-attach", word)
			if r.status != 1 || r.stdout != "" || r.stderr != "05-attach: "+word+" is not a process ID\n" {
				t.Errorf("%q: %v", word, r)
			}
		}
	})
	t.Run("nothing is left of a tracer that is killed", func(t *testing.T) { killedTracer(t, dir) })
}

// sevenStops checks the output of 03-singlestep for hello64 against the ELF file.
func sevenStops(t *testing.T, got []string) {
	file, err := elf.Open(target("hello64"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text := file.Section(".text")
	code, err := text.Data()
	if err != nil {
		t.Fatal(err)
	}
	// The text appears while the fifth instruction is stepped.
	equal(t, got[5], "Hello from the tracee")
	stops := append(append([]string{}, got[:5]...), got[6:8]...)
	codes := []int{0, 2, 2, 2, 2, 1, 2}
	rip := file.Entry
	for i, line := range stops {
		fields := strings.SplitN(line, ", bytes ", 2)
		if len(fields) != 2 {
			t.Fatalf("no bytes in %q", line)
		}
		var n, signal, code_ int
		var at uint64
		scan(t, fields[0], "stop %d: rip 0x%x, signal %d, si_code %d", &n, &at, &signal, &code_)
		if n != i+1 || signal != 5 || code_ != codes[i] || at < rip || at >= text.Addr+text.Size {
			t.Errorf("stop %d: %s", i+1, line)
		}
		rip = at + 1 // the next one is behind it
		word, err := hex.DecodeString(strings.ReplaceAll(fields[1], " ", ""))
		want := code[at-text.Addr:]
		if len(want) > 8 {
			want = want[:8]
		}
		if err != nil || len(word) != 8 || !bytes.HasPrefix(word, want) {
			t.Errorf("%s: the file has % x", line, want)
		}
	}
	equal(t, got[8], "wait status 0x00000100: exited with status 1")
}

// attachment is what 05-attach prints.
type attachment struct {
	pid           int
	before, after string
	status        uint32
	rip           uint64
	origRAX       int64
}

// lives reports whether the process was running before and after, without a tracer.
func (a attachment) lives() bool {
	running := func(state string) bool {
		return state == "S (sleeping), TracerPid 0" || state == "R (running), TracerPid 0"
	}
	return running(a.before) && running(a.after)
}

// attached reads the three lines about the process.
func attached(t *testing.T, lines []string) (a attachment) {
	t.Helper()
	var again int
	head, before, _ := strings.Cut(lines[0], ", state before: ")
	scan(t, head, "process %d", &a.pid)
	scan(t, lines[1], "wait status 0x%08x, rip 0x%x, ORIG_RAX %d", &a.status, &a.rip, &a.origRAX)
	head, after, _ := strings.Cut(lines[2], ", state after: ")
	scan(t, head, "process %d", &again)
	if again != a.pid || a.rip == 0 {
		t.Errorf("two processes, or no rip: %q", lines)
	}
	a.before, a.after = before, after
	return a
}

// killedTracer kills 03-singlestep while it steps a program that has no end.
func killedTracer(t *testing.T, dir string) {
	cmd := exec.Command(filepath.Join(dir, "03-singlestep"), target("ticker"))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	// Its first line says that the tracee is there. Then the pipe fills up, and it waits.
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	child := childOf(t, cmd.Process.Pid)
	// A pidfd becomes readable when its process has ended.
	fd, err := unix.PidfdOpen(child, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(poll, int(deadline.Milliseconds()))
	for err == unix.EINTR {
		n, err = unix.Poll(poll, int(deadline.Milliseconds()))
	}
	if n != 1 || err != nil {
		unix.Kill(child, unix.SIGKILL)
		t.Errorf("the tracee %d lives on: %d, %v", child, n, err)
	}
}

// childOf finds the only child of a process, by field 4 of /proc/PID/stat.
func childOf(t *testing.T, parent int) int {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may be gone: then it is not the one
		_, tail, ok := strings.Cut(string(text), ") ")
		var state string
		var pid, ppid int
		if ok && len(strings.Fields(tail)) > 1 {
			fmt.Sscan(string(text), &pid)
			fmt.Sscan(tail, &state, &ppid)
		}
		if pid != 0 && ppid == parent {
			return pid
		}
	}
	t.Fatalf("process %d has no child", parent)
	return 0
}

// startTicker starts the ticker, which is killed at the end of the test at the latest.
func startTicker(t *testing.T) *os.Process {
	t.Helper()
	ticker, err := os.StartProcess(target("ticker"), []string{"ticker"}, &os.ProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ticker.Kill() // an error means that the test has reaped it
		ticker.Wait()
	})
	return ticker
}

// ticks waits until the counter of a ticker has changed.
func ticks(t *testing.T, pid int) {
	t.Helper()
	file, err := elf.Open(target("ticker"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(symbols, func(s elf.Symbol) bool { return s.Name == "counter" })
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if i < 0 || err != nil {
		t.Fatal(i, err)
	}
	defer memory.Close()
	var first, now [8]byte
	if _, err := memory.ReadAt(first[:], int64(symbols[i].Value)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(deadline); ; time.Sleep(time.Millisecond) {
		if _, err := memory.ReadAt(now[:], int64(symbols[i].Value)); err != nil {
			t.Fatal(err)
		}
		if now != first {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("process %d does not tick", pid)
		}
	}
}

// endsBy sends the signal, and checks that this is what the process ends by.
func endsBy(t *testing.T, process *os.Process, signal syscall.Signal) {
	t.Helper()
	if err := process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	state, err := process.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if ws := state.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != signal {
		t.Errorf("it has ended by itself: %v", state)
	}
}

// result is one run of a program.
type result struct {
	stdout, stderr string
	status         int
}

func (r result) all() []string { return strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n") }

// lines returns standard output, which must have n lines.
func (r result) lines(t *testing.T, n int) []string {
	t.Helper()
	lines := r.all()
	if r.status != 0 || r.stderr != "" || len(lines) != n {
		t.Fatalf("want %d lines and status 0: %v", n, r)
	}
	return lines
}

func (r result) String() string {
	return fmt.Sprintf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
}

// run runs a program over bundled ones.
func run(t *testing.T, dir, name string, targets ...string) result {
	t.Helper()
	for i := range targets {
		targets[i] = target(targets[i])
	}
	return runAt(t, dir, name, targets...)
}

// runAt runs a program in the top folder, where the bundled programs are. Core files
// are switched off: crash would leave one there.
func runAt(t *testing.T, dir, name string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var stdout, stderr bytes.Buffer
	script := append([]string{"-c", `ulimit -c 0; exec "$@"`, "sh", filepath.Join(dir, name)}, args...)
	cmd := exec.CommandContext(ctx, "/bin/sh", script...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = top, &stdout, &stderr
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %q: %v, %v", name, args, err, ctx.Err())
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// top is the top folder of the checkout, seen from this one.
var top, _ = filepath.Abs("../..")

// target is the path of a bundled program.
func target(name string) string { return filepath.Join(top, "asm/bin", name) }

func entryOf(t *testing.T, name string) uint64 {
	file, err := elf.Open(target(name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return file.Entry
}

// end takes a wait status line apart, and returns how the program ended. The core dump
// bit is not compared: the machine decides it.
func end(t *testing.T, line string) string {
	t.Helper()
	head, how, _ := strings.Cut(line, ": ")
	var status uint32
	scan(t, head, "wait status 0x%08x", &status)
	ws := syscall.WaitStatus(status)
	if ws.Exited() && how != fmt.Sprintf("exited with status %d", ws.ExitStatus()) ||
		ws.Signaled() && how != fmt.Sprintf("killed by signal %d", ws.Signal()) || ws.Stopped() {
		t.Errorf("the words do not fit the status: %s", line)
	}
	return how
}

// scan reads values from a line, which must be what format makes of them.
func scan(t *testing.T, line, format string, values ...any) {
	t.Helper()
	n, err := fmt.Sscanf(line, format, values...)
	read := make([]any, len(values))
	for i, value := range values {
		read[i] = reflect.ValueOf(value).Elem().Interface()
	}
	if n != len(values) || err != nil || fmt.Sprintf(format, read...) != line {
		t.Fatalf("%q is not of the form %q: %v", line, format, err)
	}
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// buildGo builds the Go programs into a folder of the test.
func buildGo(t *testing.T) string {
	t.Helper()
	needsPtrace(t)
	dir := t.TempDir()
	for _, name := range names {
		compile(t, "go", "build", "-o", filepath.Join(dir, name), "./"+name)
	}
	return dir
}

// buildC builds the C programs, with the flags that README.md names.
func buildC(t *testing.T) string {
	t.Helper()
	needsPtrace(t)
	compiler := ""
	for _, name := range []string{"cc", "gcc"} {
		if path, err := exec.LookPath(name); err == nil {
			compiler = path
		}
	}
	if compiler == "" {
		missing(t, "no gcc and no cc: the C programs are not tested")
	}
	dir := t.TempDir()
	for _, name := range names {
		compile(t, compiler, "-O1", "-Wall", "-Wextra", "-o", filepath.Join(dir, name), "c/"+name+".c")
	}
	return dir
}

// compile runs a compiler, which must have nothing to say.
func compile(t *testing.T, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil || len(out) != 0 {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// missing skips what this machine cannot show. In CI it must be there.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// needs skips a 32-bit program where the kernel runs none.
func needs(t *testing.T, name string) {
	t.Helper()
	if name != "hello32" && name != "int80in64" {
		return
	}
	if err := exec.Command(target("hello32")).Run(); errors.Is(err, syscall.ENOEXEC) {
		t.Skip("this kernel runs no 32-bit programs (no IA32 emulation): ", err)
	}
}

// needsPtrace skips where the machine refuses PTRACE_TRACEME, or has no x86-64 registers.
func needsPtrace(t *testing.T) {
	t.Helper()
	if runtime.GOARCH != "amd64" {
		t.Skip("the plain programs read x86-64 registers; this is ", runtime.GOARCH)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, err := syscall.ForkExec(target("hello64"), []string{"hello64"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err == syscall.EPERM || err == syscall.ENOSYS {
		missing(t, "this machine refuses PTRACE_TRACEME: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	// Killed at its exec stop, and reaped. A wait may still report that stop first.
	unix.Kill(pid, unix.SIGKILL)
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(pid, &ws, unix.WALL, nil)
		if err != nil && err != unix.EINTR {
			t.Fatal(err)
		}
		if err == nil && !ws.Stopped() {
			return
		}
	}
}
