//go:build linux && amd64

package names_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ptwalk/tracer/names"
)

// printedByC compiles a C program whose main has these lines, runs it, and returns
// the lines that it prints.
func printedByC(t *testing.T, includes string, lines []string) []string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc: the headers of C cannot be read here")
	}
	program := filepath.Join(t.TempDir(), "numbers")
	compile := exec.Command(gcc, "-w", "-x", "c", "-o", program, "-")
	compile.Stdin = strings.NewReader("#define _GNU_SOURCE\n" + includes + "\nint main(void)\n{\n" + strings.Join(lines, "\n") + "\nreturn 0;\n}\n")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// kernelHeaders are those that the kernel gives to programs, without the C library's.
const kernelHeaders = `#include <stdio.h>
#include <linux/ptrace.h>
#include <asm/ptrace-abi.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/prctl.h>
#include <asm/resource.h>
#include <linux/wait.h>
#include <linux/sched.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/elf.h>
#include <linux/capability.h>
#include <linux/auxvec.h>
#include <asm/auxvec.h>
#include <linux/mman.h>
#include <linux/audit.h>
#define NT_FPREGSET NT_PRFPREG
#define O_ASYNC FASYNC
#define PTRACE_PEEKUSER PTRACE_PEEKUSR
#define PTRACE_POKEUSER PTRACE_POKEUSR
#define WSTOPPED WUNTRACED`

// libraryHeaders are those of the C library for what the kernel's do not have.
const libraryHeaders = `#include <stdio.h>
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>`

// ofTheKernel are names that no header gives to programs: the kernel's own, and what
// no macro names.
var ofTheKernel = map[string]bool{
	"ERESTARTSYS": true, "ERESTARTNOINTR": true, "ERESTARTNOHAND": true, "ENOIOCTLCMD": true, "ERESTART_RESTARTBLOCK": true,
	"SI_ASYNCNL": true, "ADDR_NO_RANDOMIZE": true,
	"TRAP_PERF": true, "SEGV_CPERR": true, "SEGV_MTEAERR": true, "SEGV_MTESERR": true, // of newer headers
	"PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG": true, "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG": true, "PTRACE_SET_SYSCALL_INFO": true,
}

// TestNumbersOfTheHeaders holds each number that has a name against the kernel's
// headers of this machine.
func TestNumbersOfTheHeaders(t *testing.T) {
	want := map[string]int64{}
	for _, r := range names.Requests {
		want[r.Name] = int64(r.Number)
	}
	for _, o := range names.Options {
		want[o.Name] = int64(o.Bit)
	}
	for _, e := range names.Events {
		want[e.Name] = int64(e.Number)
	}
	for _, s := range names.Signals {
		want[s.Name] = int64(s.Number)
	}
	for _, e := range names.Errnos {
		want[e.Name] = int64(e.Number)
	}
	for _, c := range names.SICodes {
		want[c.Name] = int64(c.Code) // SIGTRAP|PTRACE_EVENT_EXEC<<8 is an expression of C
	}
	for _, m := range names.Macros {
		if m.Of == "" && m.Header != ofDWARF {
			want[m.Name] = m.Value
		}
	}
	checked := 0
	for _, includes := range []string{kernelHeaders, libraryHeaders} {
		for name, header := range valuesInC(t, includes, want) {
			if uint32(header) != uint32(want[name]) {
				t.Errorf("%s is %d, the headers say %d", name, want[name], header)
			}
			delete(want, name)
			checked++
		}
	}
	for name := range want {
		if !ofTheKernel[name] {
			t.Errorf("%s is in none of the headers", name)
		}
	}
	if checked < 400 {
		t.Errorf("%d numbers were compared, which shows little", checked)
	}
}

// valuesInC are the values of those names that these headers define. A name such as
// SIGTRAP|PTRACE_EVENT_EXEC<<8 is an expression of C.
func valuesInC(t *testing.T, includes string, of map[string]int64) map[string]int64 {
	t.Helper()
	var lines []string
	for name := range of {
		macro, _, _ := strings.Cut(strings.TrimPrefix(name, "SIGTRAP|"), "<<")
		if strings.HasPrefix(macro, "0x") {
			macro = "SIGTRAP"
		}
		macro, _, _ = strings.Cut(macro, "|")
		lines = append(lines, fmt.Sprintf("#ifdef %s\nprintf(\"%%s %%lld\\n\", \"%s\", (long long)(%s));\n#endif", macro, name, name))
	}
	values := map[string]int64{}
	for _, line := range printedByC(t, includes, lines) {
		name, value, _ := strings.Cut(line, " ")
		values[name] = number(value)
	}
	return values
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// TestUserAreaOfTheHeaders holds the USER area against <sys/user.h> and <sys/reg.h>.
func TestUserAreaOfTheHeaders(t *testing.T) {
	const includes = "#include <stdio.h>\n#include <stddef.h>\n#include <sys/user.h>\n#include <sys/reg.h>"
	var lines []string
	for _, w := range names.UserArea {
		field := w.Field
		switch {
		case w.Name != "":
			lines = append(lines, fmt.Sprintf("printf(\"%%s %%d %d\\n\", \"%s\", 8 * %s);", w.Offset, w.Name, w.Name))
			field = "regs." + field
		case strings.HasPrefix(field, "i387."), field == "reserved", field == "error_code", field == "fault_address":
			continue // names of ours for parts of other fields, or the kernel's alone
		}
		lines = append(lines, fmt.Sprintf("printf(\"%%s %%zu %d\\n\", \"%s\", offsetof(struct user, %s));", w.Offset, field, field))
	}
	for _, line := range printedByC(t, includes, lines) {
		part := strings.Fields(line)
		if len(part) != 3 || part[1] != part[2] {
			t.Errorf("%s: the header says %s, the table %s", part[0], part[1], part[2])
		}
	}
	if len(lines) < 60 {
		t.Errorf("%d offsets were compared, which shows little", len(lines))
	}
}

// TestTextsOfTheLibrary: strerror(3) and strsignal(3) say what the tables say.
func TestTextsOfTheLibrary(t *testing.T) {
	var lines, want []string
	for _, e := range names.Errnos {
		if e.Number <= 133 {
			lines = append(lines, fmt.Sprintf("puts(strerror(%d)); puts(strerrorname_np(%d));", e.Number, e.Number))
			want = append(want, e.Text, e.Name)
		}
	}
	for _, s := range names.Signals {
		lines = append(lines, fmt.Sprintf("puts(strsignal(%d));", s.Number))
		want = append(want, s.Text)
	}
	got := printedByC(t, "#include <stdio.h>\n#include <string.h>", lines)
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] && !(got[i] == "ENOTSUP" && want[i] == "EOPNOTSUPP") {
			t.Errorf("the library says %q, the table %q", got[i], want[i])
		}
	}
}

// TestSyscallsOfTheHeaders: each system call of the headers has its number in the
// tables, and theirs is that of the headers, if they have one.
func TestSyscallsOfTheHeaders(t *testing.T) {
	for _, arch := range names.Archs {
		header := map[names.Arch]string{names.X8664: "<asm/unistd_64.h>", names.I386: "<asm/unistd_32.h>"}[arch]
		var lines []string
		for nr := range int64(1000) {
			if name := names.SyscallName(arch, nr); name != "" {
				lines = append(lines, fmt.Sprintf("#ifdef __NR_%s\nprintf(\"%s %%d %d\\n\", __NR_%s);\n#endif", name, name, nr, name))
			}
		}
		got := printedByC(t, "#include <stdio.h>\n#include "+header, lines)
		for _, line := range got {
			if part := strings.Fields(line); part[1] != part[2] {
				t.Errorf("%s: %s is %s, the headers say %s", arch, part[0], part[2], part[1])
			}
		}
		if len(got) < 330 {
			t.Errorf("%s: %d system calls were compared, which shows little", arch, len(got))
		}
	}
}
