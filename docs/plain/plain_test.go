//go:build linux && amd64

package plain_test

import (
	"bytes"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// deadline is for one run of one program. Each needs a few milliseconds.
const deadline = 60 * time.Second

// TestGo and TestC state the same facts: the programs shall not differ.
func TestGo(t *testing.T) {
	dir := buildGo(t)
	facts(t, dir)
	survives(t, dir)
}

func TestC(t *testing.T) {
	dir := buildC(t)
	facts(t, dir)
	survives(t, dir)
	comesFirst(t, dir)
}

// TestGoAndCPrintTheSame compares line for line. Nothing in these outputs varies: the
// bundled programs lie at fixed addresses, and no process ID is printed.
func TestGoAndCPrintTheSame(t *testing.T) {
	goDir, cDir := buildGo(t), buildC(t)
	for _, name := range starters() {
		for _, target := range []string{"hello64", "hello32", "crash", "handler", "int80in64", "repss"} {
			t.Run(name+"/"+target, func(t *testing.T) {
				needs(t, target)
				inGo := run(t, goDir, name, target)
				inC := run(t, cDir, name, target)
				if steady(inGo.stdout) != steady(inC.stdout) || inGo.stderr != inC.stderr || inGo.status != inC.status {
					t.Errorf("in Go:\n%v\nin C:\n%v", inGo, inC)
				}
			})
		}
	}
}

// steady is the text without what each run has anew: addresses of the stack, and the
// tracee's own number where it asks for it by getpid, call 39.
func steady(text string) string {
	text = regexp.MustCompile(`0x7f[0-9a-f]{10}`).ReplaceAllString(text, "STACK")
	if asked := regexp.MustCompile(`(?m)^39\(.*\n  = (\d+)$`).FindStringSubmatch(text); asked != nil {
		pid, _ := strconv.Atoi(asked[1])
		text = strings.NewReplacer(fmt.Sprintf("(0x%x,", pid), "(PID,", "  = "+asked[1]+"\n", "  = PID\n").Replace(text)
	}
	return text
}

// facts tests the programs in dir, each for what its lesson says.
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
			words := append([]string{target("volunteer")}, strings.Fields(argument)...)
			got := runAt(t, dir, "04-count", words...).lines(t, 4)
			var stops, instructions int
			scan(t, got[1], "stops %d", &stops)
			scan(t, got[2], "instructions %d", &instructions)
			if stops != instructions+more || got[0] != "The volunteer runs on" {
				t.Errorf("volunteer %s: %q", argument, got)
			}
			equal(t, got[3], "wait status 0x00000000: exited with status 0")
		}
	})
	t.Run("09-watchpoints", func(t *testing.T) {
		balance := symbolOf(t, "ledger", "balance")
		got := runAt(t, dir, "09-watchpoints", fmt.Sprintf("0x%x", balance), target("ledger")).lines(t, 5)
		// opening, deposit, correct and withdraw; transfer is the kernel's write.
		for i, want := range []int{100, 120, 120, 2} {
			var rip, word int
			scan(t, got[i], "written: rip 0x%x, the word is 0x%x", &rip, &word)
			if word != want {
				t.Errorf("write %d: %d, want %d", i+1, word, want)
			}
		}
		equal(t, end(t, got[4]), "exited with status 2")
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
	t.Run("10-signals", func(t *testing.T) {
		for target, want := range map[string]string{
			"told":  "signal 10, si_code 0, from itself; blocked 0x0, waiting 0",
			"deaf":  "signal 10, si_code 0, from itself; blocked 0x0, waiting 0", // it ignores it
			"crash": "signal 11, si_code 1, from the kernel; blocked 0x0, waiting 0",
		} {
			equal(t, run(t, dir, "10-signals", target).all()[0], want)
		}
		// A signal that is blocked makes no stop.
		got := runAt(t, dir, "10-signals", "/usr/bin/env", "--block-signal=USR1", target("told")).lines(t, 1)
		equal(t, got[0], "wait status 0x00000000: exited with status 0")
	})
	t.Run("a missing program is one sentence", func(t *testing.T) {
		for _, name := range starters() {
			for file, why := range map[string]string{
				"no/such/program": "no such file or directory",
				"asm/src":         "permission denied", // a folder
				"go.mod":          "permission denied", // not executable
			} {
				r := runAt(t, dir, name, file)
				want := fmt.Sprintf("%s: cannot run %s under ptrace: %s\n", name, file, why)
				// The C library begins its error texts with a capital letter, Go does not.
				if r.status != 127 || r.stdout != "" || !strings.EqualFold(r.stderr, want) {
					t.Errorf("%v\nwant %s", r, want)
				}
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
	t.Run("a missing ticker is one sentence", func(t *testing.T) {
		r := runIn(t, t.TempDir(), filepath.Join(dir, "05-attach"))
		want := "05-attach: cannot run asm/bin/ticker: no such file or directory\n"
		if r.status != 127 || r.stdout != "" || !strings.EqualFold(r.stderr, want) {
			t.Errorf("%v\nwant %s", r, want)
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
		var n, signal, why int
		var at uint64
		scan(t, fields[0], "stop %d: rip 0x%x, signal %d, si_code %d", &n, &at, &signal, &why)
		if n != i+1 || signal != 5 || why != codes[i] || at < rip || at >= text.Addr+text.Size {
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
