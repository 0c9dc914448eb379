package step

import (
	"regexp"
	"strings"
	"testing"

	"ptwalk/asm"
	"ptwalk/internal/cmdtest"
)

// rowsOf steps a program to its end and returns its rows with one space between
// words, so that no fold stands in the way.
func rowsOf(t *testing.T, status int, program ...string) string {
	t.Helper()
	e := cmdtest.Run(t, append(strings.Fields("ptwalk step --plain --limit 100000"), program...))
	if e.Status != status {
		t.Errorf("%q: status %d, want %d\n%s", program, e.Status, status, e.Stderr)
	}
	return strings.Join(strings.Fields(e.Stdout), " ")
}

// TestStepTellsSignals steps through signals, faults and refused calls. A row whose
// instruction was not executed says so, and why.
func TestStepTellsSignals(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	const at, inst = `(?:\S+: )?(0x[0-9a-f]+) `, `[a-z][^.]*? `
	handler := cmdtest.File(t, "handler", asm.Handler.Bytes(), 0o755)
	crash := cmdtest.File(t, "crash", asm.Crash.Bytes(), 0o755)
	rows, traps := cmdtest.Compile(t, "rows"), cmdtest.Compile(t, "traps")
	delivered := func(sig string) string {
		return at + inst + `Not executed yet: ` + sig + ` is about to be delivered\. `
	}
	begins := func(sig string) string {
		return at + inst + `Not executed yet: the handler of ` + sig + ` begins, at (0x[0-9a-f]+)\. `
	}
	interrupted := `syscall A signal interrupts the system call: rax is -516, ERESTART_RESTARTBLOCK, until the signal has been seen to\. `
	for _, test := range []struct {
		name    string
		status  int
		program []string
		want    string
	}{
		{"a handler", 3, []string{handler}, delivered("SIGUSR1") + begins("SIGUSR1")},
		{"a fault", 139, []string{crash}, `It fails: the kernel makes SIGSEGV of it, SEGV_MAPERR, for the address 0x[0-9a-f]+\. ` +
			at + inst + `Not executed: SIGSEGV ends the program\.$`},
		{"an interrupted call with a handler", 6, []string{rows, "nap"}, interrupted + delivered("SIGALRM") + begins("SIGALRM")},
		{"an interrupted call without one", 7, []string{rows, "child"}, interrupted + delivered("SIGCHLD") +
			at + `syscall The kernel runs system call 219, restart_syscall\. Its result is 0\. `},
		{"exec", 5, []string{rows, "exec"}, `system call 59, execve\. Execution goes on at (0x[0-9a-f]+)\. ` +
			at + inst + `Not executed yet: the system call before it has ended\. `},
		{"SIGSYS", 8, []string{rows, "sys"}, `syscall Not run: a seccomp filter refuses the system call, and the kernel sends SIGSYS\. ` +
			begins("SIGSYS") + at + inst + `Not executed yet: this is the late trap of a system call\. `},
		{"killed by seccomp", 128 + 31, []string{rows, "kill"}, `syscall Not run: a seccomp filter refuses the system call, and SIGSYS ends the program\.$`},
		{"kill(2) by itself", 133, []string{traps, "k"}, `62, kill\. Its result is 0\. ` + delivered("SIGTRAP") + at + inst + `Not executed: SIGTRAP ends the program\.$`},
		{"tgkill(2) by itself", 133, []string{traps, "t"}, `234, tgkill\. Its result is 0\. ` + at + inst + `Not executed: SIGTRAP ends the program\.$`},
		{"a SIGTRAP that looks like a step's", 133, []string{traps, "q"}, `129, rt_sigqueueinfo\. Its result is 0\. ` + delivered("SIGTRAP")},
		{"its own trap flag", 133, []string{traps, "f"}, at + `nop Does nothing\. The program has set the trap flag: SIGTRAP is about to be delivered\. ` +
			at + inst + `Not executed: SIGTRAP ends the program\.$`},
		{"icebp", 133, []string{traps, "d"}, at + `icebp [^.]*debug exception[^.]*a SIGTRAP of it\. ` + at + inst + `Not executed: SIGTRAP ends the program\.$`},
		{"group-stop", 9, []string{rows, "group"}, delivered("SIGSTOP") + at + inst + `Not executed yet: SIGSTOP has stopped the process\. `},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rowsOf(t, test.status, test.program...); !regexp.MustCompile(test.want).MatchString(got) {
				t.Errorf("no rows match\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// TestStepNamesTheHandlersStop: no signal is to be delivered where a handler begins.
func TestStepNamesTheHandlersStop(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	handler := cmdtest.File(t, "handler", asm.Handler.Bytes(), 0o755)
	e := cmdtest.Run(t, append(strings.Fields("ptwalk step --json --limit 100000"), handler))
	infos := strings.Count(e.Stdout, `"signal":"SIGTRAP","code":5,`)
	named := strings.Count(e.Stdout, `"stop":"PTRACE_SINGLESTEP stop"`)
	if infos < 3 || named != infos {
		t.Errorf("%d stops have si_code 5, and %d are called PTRACE_SINGLESTEP stop, want all: the handler runs three times", infos, named)
	}
}

// Rows that execute nothing come to an end, and the program goes on.
func TestStepEndsWithoutProgress(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	rows := rowsOf(t, 6, cmdtest.Compile(t, "traps"), "waiting")
	idle := strings.Count(rows, "SIGRTMIN+8 is about to be delivered.")
	if !strings.HasSuffix(rows, "These 130 rows have executed nothing: there is no progress. The rest is not stepped.") || idle != patience {
		t.Errorf("%d rows of signals, want %d, and a word on them; the end is %.200q", idle, patience, rows[max(0, len(rows)-200):])
	}
}

// The rows from a function on are those that the whole table has from there on: the
// program has been brought there unchanged.
func TestStepFrom(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	handler := cmdtest.File(t, "handler", asm.Handler.Bytes(), 0o755)
	all := rowsOf(t, 3, handler)
	_, want, _ := strings.Cut(all, "count_signal: ")
	if got := rowsOf(t, 3, "--from", "count_signal", handler); want == "" || got != "count_signal: "+want {
		t.Errorf("the rows are\n%s\nwant\n%s", got, want)
	}
}

// A function is named where it begins and where the program comes into it, and not
// on each row of it.
func TestStepNamesFunctions(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	rows := rowsOf(t, 0, cmdtest.File(t, "helloc", asm.HelloC.Bytes(), 0o755))
	for _, want := range []string{
		`^_start: 0x[0-9a-f]+ xor`,
		` main: 0x[0-9a-f]+ `,
		` __libc_start_main\+0x[0-9a-f]+: 0x[0-9a-f]+ `, // a call has returned
	} {
		if !regexp.MustCompile(want).MatchString(rows) {
			t.Errorf("no rows match %s in\n%.2000s", want, rows)
		}
	}
	if n := strings.Count(rows, " main: "); n != 1 {
		t.Errorf("main stands there %d times", n)
	}
}
