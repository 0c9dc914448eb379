//go:build linux && amd64

package names_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ptwalk/tracer/names"
	"ptwalk/tracer/x86"
)

// text is what a table says, and of what.
type text struct{ of, says string }

// everyText is all prose of the tables.
func everyText() (all []text) {
	add := func(of string, texts ...string) {
		for _, s := range texts {
			all = append(all, text{of, s})
		}
	}
	for _, r := range names.Requests {
		add(r.Name, r.Sentence, r.Addr, r.Data, r.State)
	}
	for _, o := range names.Options {
		add(o.Name, o.Sentence)
	}
	for _, e := range names.Events {
		add(e.Name, e.Sentence, e.Message)
	}
	for _, s := range names.Stops {
		add(s.Name, s.Sentence, s.Status, s.Next)
	}
	for _, s := range names.Signals {
		add(s.Name, s.Sentence)
	}
	for _, e := range names.Errnos {
		add(e.Name, e.Sentence)
	}
	for _, c := range names.SICodes {
		add(c.Name, c.Sentence)
	}
	for _, m := range names.Macros {
		add(m.Name, m.Sentence)
	}
	for _, t := range names.Terms {
		add(t.Word, t.Text)
	}
	for _, r := range names.Refusals {
		add(r.Request+" "+names.ErrnoName(r.Errno), r.Sentence)
	}
	for _, w := range names.UserArea {
		add(w.Field, w.Sentence)
	}
	for _, r := range names.Registers(names.I386) {
		add(r.Name, r.Sentence)
	}
	if s, ok := names.SignalByWord("SIGRTMIN"); ok {
		add(s.Name, s.Sentence)
	}
	return all
}

// numbers are those of a sentence. A version of Linux, "32-bit" and "kill(2)" are
// told by what stands beside them.
var (
	numbers = regexp.MustCompile(`0x[0-9a-f]+|-?\b[0-9]+\b`)
	beside  = regexp.MustCompile(`(?:Linux|older than|dropped in) [0-9.]*[0-9]|\b(?:32|64)-bit|[a-z_]+\([0-9]\)|x86-64|[iu]_?[a-z0-9_]+\[[0-9]\]|\bDR[0-7]\b|process 1\b|(?:chapter|lesson) [0-9]|-O[0-9]`)
)

// counted is how a number of a sentence is found by C: the number, a part of the
// sentences that have it, and an expression with the libraries' headers.
var counted = []struct{ number, part, c string }{
	{"-38", "holds -38", "-ENOSYS"},
	{"-1", "-1", "ptrace(PTRACE_PEEKUSER, 0, 0, 0)"},
	{"-512", "A result from", ""}, {"-516", "A result from", ""}, // include/linux/errno.h: TestRestarts
	{"8", "multiple of 8", "sizeof(long)"}, {"8", "size of the", "_NSIG / 8"}, {"8", "8 bytes on x86-64", "sizeof(long)"}, {"4", "4 on i386", "sizeof(int)"},
	{"64", "0 to 64", "SIGRTMAX"}, {"64", "1 to 64", "SIGRTMAX"}, {"64", "SIGRTMAX, 64", "SIGRTMAX"},
	{"34", "SIGRTMIN is 34", "SIGRTMIN"}, {"32", "SIGRTMIN, 32", "__SIGRTMIN"},
	{"27", "general registers", "sizeof(struct user_regs_struct) / 8"},
	{"216", "216 bytes", "sizeof(struct user_regs_struct)"},
	{"68", "68 of a 32-bit one", "17 * sizeof(int)"},
	{"512", "512 bytes", "sizeof(struct user_fpregs_struct)"},
	{"2", "2 for the exit", "2"},                        // PTRACE_EVENTMSG_SYSCALL_EXIT, which Macros has
	{"2", "ptrace_scope is 2", ""}, {"3", "2 or 3", ""}, // Yama: TestB11Yama of the doctor
	{"0x80", "0x80", "(W_STOPCODE(SIGTRAP|0x80) ^ W_STOPCODE(SIGTRAP)) >> 8"},
	{"0x80", "int 0x80", "0x80"},
	{"5", "si_code 5", "SIGTRAP"}, {"128", "si_code 128", "SI_KERNEL"}, {"128", "128 + n", "128"},
	{"16", "16 bits", "16"}, {"8", "lower 8 bits", "8"}, {"16", "status>>16", "16"}, {"16", "Bits 31 to 16", "16"}, {"31", "Bits 31 to 16", "31"},
	{"15", "bits 15", "__builtin_clz(W_EXITCODE(0xff, 0)) ^ 31"}, {"8", "bits 15 to 8", "__builtin_ctz(W_EXITCODE(1, 0))"},
	{"7", "bit 7", "__builtin_ctz(WCOREFLAG)"}, {"7", "Bit 7", "__builtin_ctz(WCOREFLAG)"}, {"7", "bits 7 to 0", "7"}, {"6", "bits 6", "6"},
	{"255", "0 to 255", "WEXITSTATUS(W_EXITCODE(-1, 0))"}, {"255", "from 0 to 255", "WEXITSTATUS(W_EXITCODE(-1, 0))"},
	{"0xffff", "0xffff", "__W_CONTINUED"}, {"0x7f", "0x7f", "W_STOPCODE(0)"},
	{"0x00", "0x00 in bits", "0"}, {"0x2a00", "exit(42)", "W_EXITCODE(42, 0)"}, {"42", "exit(42)", "42"},
	{"0x0009", "SIGKILL", "SIGKILL"}, {"0x008b", "SIGSEGV with core", "SIGSEGV|WCOREFLAG"},
	{"0x057f", "0x057f", "W_STOPCODE(SIGTRAP)"}, {"0x857f", "0x857f", "W_STOPCODE(SIGTRAP|0x80)"}, {"0x137f", "0x137f", "W_STOPCODE(SIGSTOP)"},
	{"0x1057f", "0x1057f", "PTRACE_EVENT_FORK << 16 | W_STOPCODE(SIGTRAP)"}, {"0x2057f", "0x2057f", "PTRACE_EVENT_VFORK << 16 | W_STOPCODE(SIGTRAP)"},
	{"0x3057f", "0x3057f", "PTRACE_EVENT_CLONE << 16 | W_STOPCODE(SIGTRAP)"}, {"0x4057f", "0x4057f", "PTRACE_EVENT_EXEC << 16 | W_STOPCODE(SIGTRAP)"},
	{"0x5057f", "0x5057f", "PTRACE_EVENT_VFORK_DONE << 16 | W_STOPCODE(SIGTRAP)"}, {"0x6057f", "0x6057f", "PTRACE_EVENT_EXIT << 16 | W_STOPCODE(SIGTRAP)"},
	{"0x7057f", "0x7057f", "PTRACE_EVENT_SECCOMP << 16 | W_STOPCODE(SIGTRAP)"}, {"0x80057f", "0x80057f", "PTRACE_EVENT_STOP << 16 | W_STOPCODE(SIGTRAP)"},
	{"0x80137f", "0x80137f", "PTRACE_EVENT_STOP << 16 | W_STOPCODE(SIGSTOP)"},
	{"-4095", "-4095", ""}, // include/linux/err.h, MAX_ERRNO
	{"0x33", "0x33", fmt.Sprint(x86.UserCS64)}, {"0x23", "0x23", fmt.Sprint(x86.UserCS32)},
	{"8", "Bit 8", fmt.Sprintf("__builtin_ctz(%d)", x86.TF)},
	{"0xcc", "0xcc", fmt.Sprint(x86.Int3)}, {"0xf1", "0xf1", ""}, // the processor's manual
	{"128", "128 bytes below rsp", ""},            // the ABI of x86-64, "The Stack Frame"
	{"0xffffffffff600000", "three old calls", ""}, // TestF07VsyscallPage of the tracer
	{"5", "/proc/self/fd/5", ""},                  // an example
	{"-38", "-38 in rax", "-ENOSYS"}, {"2", "SIGTRAP with si_code 2", "TRAP_TRACE"}, {"4", "SIGTRAP with si_code 4", "TRAP_HWBKPT"},
	{"3", "bits 0 to 3", "__builtin_ctz(DR_TRAP3)"}, {"14", "bit 14", "__builtin_ctz(DR_STEP)"},
	{"16", "bits 17 and 16", "DR_CONTROL_SHIFT"}, {"17", "bits 17 and 16", "DR_CONTROL_SHIFT + 1"}, {"3", "3 any access", "DR_RW_READ"},
	{"18", "bits 19 and 18", "DR_CONTROL_SHIFT + 2"}, {"19", "bits 19 and 18", "DR_CONTROL_SHIFT + 3"},
	{"2", "2 eight", "DR_LEN_8 >> 2"}, {"3", "3 four", "DR_LEN_4 >> 2"}, {"16", "Bit 16", "__builtin_ctz(X86_EFLAGS_RF)"},
	{"4096", "4096 bytes", "PAGE_SIZE"}, {"48", "48 bits", ""}, {"63", "bits 63 to 47", ""}, {"47", "bits 63 to 47", ""}, // the processor's manual
	{"0x0102", "0x0102", "1 << 8 | 2"}, {"02", "02 01", "*(char *)(short[]){0x0102}"}, {"01", "02 01", "((char *)(short[]){0x0102})[1]"},
	{"16", "column", ""}, {"8", "8 bytes below", "sizeof(void *)"}, {"8", "8 bytes above", "sizeof(void *)"}, // the ABI of x86-64
	{"20", "20 bytes", ""}, {"-20", "DW_OP_fbreg -20", ""}, {"20", "DW_OP_fbreg -20", ""}, // SHA-1; an example
	{"7", "7 bits", ""}, // DWARF 5, 7.6
	{"32", "cmov of 32", "32"}, {"32", "Of 32 bits", "32"}, {"16", "of 16 and 8", "16"}, {"8", "of 16 and 8", "8"}, {"16", "of 16", "16"}, {"16", "16 bytes", "128 / 8"},
	{"8", "rsp plus 8", "sizeof(void *)"}, {"15", "1 to 15 bytes", ""}, // the processor's manual
	{"0xc000003e", "0xc000003e", "AUDIT_ARCH_X86_64"}, {"0x40000003", "0x40000003", "AUDIT_ARCH_I386"},
	{"2", "2 bytes", "sizeof(short)"}, {"4", "4 bytes", "sizeof(int)"}, {"8", "8 bytes that", "sizeof(long)"},
}

// TestNumbersOfTheSentences holds each number of a sentence against C, so that none
// can be typed that nobody has looked up. 0 and 1 are too common for that.
func TestNumbersOfTheSentences(t *testing.T) {
	const includes = `#include <stdio.h>
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <sys/personality.h>
#include <asm/debugreg.h>
#include <linux/audit.h>
#include <asm/processor-flags.h>
#define W_EXITCODE __W_EXITCODE
#define W_STOPCODE __W_STOPCODE
#define WCOREFLAG __WCOREFLAG
#ifndef __SIGRTMIN
#define __SIGRTMIN 32
#endif`
	used := make([]bool, len(counted))
	for _, s := range everyText() {
		says := beside.ReplaceAllString(s.says, "")
		for _, n := range numbers.FindAllString(says, -1) {
			found := n == "0" || n == "1"
			for i, c := range counted {
				if c.number == n && strings.Contains(s.says, c.part) {
					found, used[i] = true, true
				}
			}
			if !found {
				t.Errorf("%s: nobody has looked up %s: %q", s.of, n, s.says)
			}
		}
	}
	lines := []string{`printf("%lld %lld\n", 0x40000LL, (long long)ADDR_NO_RANDOMIZE);`}
	for i, c := range counted {
		if !used[i] {
			t.Errorf("no sentence has %s with %q", c.number, c.part)
		}
		if c.c != "" {
			lines = append(lines, fmt.Sprintf(`printf("%%lld %%lld %s\n", (long long)%s, (long long)(%s));`, strings.ReplaceAll(c.part, "%", "%%"), c.number, c.c))
		}
	}
	for _, line := range printedByC(t, includes, lines) {
		part := strings.SplitN(line, " ", 3)
		if part[0] != part[1] {
			t.Errorf("C says %s and not %s: %s", part[1], part[0], line)
		}
	}
}
