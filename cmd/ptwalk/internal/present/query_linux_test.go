package present

import (
	"testing"

	"ptwalk/internal/ptytest"
)

// TestPresentQuestions asks the kernel at a stop.
func TestPresentQuestions(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("= ?")
	h.Press(":regs\r", "There is no tracee here yet.")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	for _, q := range []struct {
		ask   string
		shows []string
	}{
		{"peekuser 8*RIP", []string{"ptrace(PTRACE_PEEKUSER, ", "8*RIP, NULL)", "= 0x401000"}},
		{"peekuser orig_rax", []string{"8*ORIG_RAX, NULL)", "= 59"}},
		{"peekuser 3", []string{"3, NULL)", "= -1 EIO", "not a multiple of 8"}},
		{"peekuser", []string{"It is asked so: peekuser"}},
		{"peekuser 4*ORIG_RAX", []string{"60, NULL)", "= -1 EIO", "not a multiple of 8"}},
		{"peekuser x*RIP", []string{"no offset"}},
		{"regs", []string{"PTRACE_GETREGS", "= 0", "r15", "rip 0x401000"}},
		{"regs rip", []string{"PTRACE_GETREGS", "= 0", "rip 0x401000"}},
		{"regs nonsense", []string{`There is no register "nonsense"`}},
		{"mem rsp 16", []string{"process_vm_readv(", "= 16", "memory  0x7ff"}},
		{"mem 0x401000 7", []string{"process_vm_readv(", "= 7", "bf 01 00 00 00 ba 16"}},
		{"mem message", []string{"Hello"}},
		{"mem 8", []string{"= -1 EFAULT", "not mapped in the other process"}},
		{"mem rsp 0", []string{"a number from 1 to 1024"}},
		{"mem nowhere", []string{"no register, no symbol"}},
		{"peekdata _start", []string{"ptrace(PTRACE_PEEKDATA, ", "0x401000, NULL)"}},
		{"peekdata 8", []string{"= -1 EIO", "not mapped in the tracee"}},
		{"dis rip 2", []string{"_start:", "mov edi, 0x1", "mov edx, 0x16"}},
		{"dis rip+5 1", []string{"0x401005", "mov edx, 0x16"}},
		{"status", []string{`"/proc/`, `/status", O_RDONLY`, "State: t (tracing stop)", "TracerPid:", "status all shows all ", " lines, status State one of them."}},
		{"maps", []string{`/maps", O_RDONLY`, "[stack]"}},
		{"siginfo", []string{"PTRACE_GETSIGINFO", "= 0", "SIGTRAP, si_code 0 SI_USER"}},
		{"eventmsg", []string{"PTRACE_GETEVENTMSG"}},
		{"cont", []string{"PTRACE_CONT is refused here: it would move or change"}},
		{"step", []string{"step is refused here"}},
		{"pokeuser 8*RIP 0", []string{"PTRACE_POKEUSER is refused here"}},
		{"PTRACE_DETACH", []string{"PTRACE_DETACH is refused here"}},
		{"setregs", []string{"PTRACE_SETREGS is refused here"}},
		{"wheather", []string{`"wheather" cannot be asked. Possible: peekuser`}},
		{"regx\b\b\bgs\x7f\x15regs rip", []string{"rip 0x401000"}},
	} {
		h.Press(":"+q.ask+"\r", append(q.shows, "PTRACE_GETREGS", "= ?")...)
	}
	h.Press(":\x1b", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= 0", "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentWords explains a word, completes with Tab and finds what was asked before.
func TestPresentWords(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("?EIO\r", "EIO is errno 5", "fork()", "= ?")
	h.Press("?", "    ? ")
	h.Press("\x1b[A\r", "EIO\n", "EIO is errno 5", "fork()", "= ?")
	h.Press(":explain ESRCH\r", "ESRCH is errno 3", "fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press(":ri\t\r", ": rip", "PTRACE_GETREGS", "rip 0x401000", "= ?")
	h.Press(":status State\r", "State: t (tracing stop)", "= ?")
	h.Press(":eventmsg\r", "The message is 0.", "= ?")
	h.Press(":\x1b[A\x1b[A\x1b[A\r", "rip 0x401000", "= ?")
	h.Press("q")
	h.Ends(0)
}

// TestPresentAsksAtAQuestion asks the kernel while a question waits: the tracee is
// stopped there too. While an earlier request is shown, the recording answers before it.
func TestPresentAsksAtAQuestion(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("\r", "press a, b or c.")
	for ask, shows := range map[string][]string{
		"rip":          {"PTRACE_GETREGS", "rip 0x401000"},
		"mem rsp 8":    {"process_vm_readv(", "= 8"},
		"siginfo":      {"PTRACE_GETSIGINFO", "SIGTRAP, si_code 0 SI_USER"},
		"status State": {"State: t (tracing stop)"},
	} {
		h.Press(":"+ask+"\r", append(shows, "press a, b or c.")...)
	}
	h.Press("q")
	h.Ends(0)
}

// TestPresentAsksBehindAQuestion goes back from one.
func TestPresentAsksBehindAQuestion(t *testing.T) {
	const pageUp, end = "\x1b[5~", "\x1b[F"
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press("\r", "press a, b or c.")
	h.Press(pageUp, "1 back of 3", "REPLAY   tracer  ptrace(PTRACE_GETREGS")
	h.Press(":rip\r", "REPLAY   tracer  ptrace(PTRACE_GETREGS", "rip 0x401000")
	h.Press(":peekdata message\r", "NOW, 1 request later", "ptrace(PTRACE_PEEKDATA")
	h.Press(end, "press a, b or c.")
	h.Press("c", "PTRACE_SINGLESTEP", "= ?")
	h.Press("s", "Answer: c) 5.", "kill(", "= ?")
	h.Press("s", "Enter: go on")
	h.Press(":rip\r", "No tracee is stopped here.")
	h.Press(pageUp, "REPLAY")
	h.Press(":peekdata 0x402000\r", "That was not recorded here, and no tracee is stopped now.")
	h.Press("q")
	h.Ends(0)

	h = ptytest.Start(t, nil, "ptwalk", "replay", "3")
	h.Sees("fork()", "= ?")
	h.Press("s", "press a, b or c.")
	h.Press(":rip\r", "PTRACE_GETREGS", "rip 0x401000", "press a, b or c.")
	h.Press(":peekdata 0x402000\r", "This is a recording, and that was not recorded here.")
	h.Press("q")
	h.Ends(0)
}

// TestPresentDropsALine drops what is being typed, by Ctrl-C, and types another line.
func TestPresentDropsALine(t *testing.T) {
	h := ptytest.Start(t, nil, "ptwalk", "present", "3")
	h.Sees("fork()", "= ?")
	h.Press("\r", "wait4(", "= ?")
	h.Press("\r", "PTRACE_GETREGS", "= ?")
	h.Press(":mem nowh", ": mem nowh")
	h.Press("\x03", "^C\n", "    : ")
	h.Press("rip\r", "rip 0x401000", "PTRACE_GETREGS", "= ?")
	h.Press("?ESR", "? ESR")
	h.Press("\x03", "^C\n", "    ? ")
	h.Press("EIO\r", "EIO is errno 5", "PTRACE_GETREGS", "= ?")
	h.Press("\x03")
	h.Ends(130)
}
