package explain

import (
	"strings"
	"testing"
)

// TestWords has a word of each kind, by its name, its number, and parts of a name.
func TestWords(t *testing.T) {
	for _, tt := range []struct{ words, kind, title, text string }{
		{"0x857f", "status", "0x857f is a wait status: syscall-enter-stop", "system call"},
		{"status 0x0b", "status", "0x000b is a wait status: killed by SIGSEGV", ""},
		{"seize", "request", "PTRACE_SEIZE is request 16902, 0x4206", ""},
		{"request 16", "request", "PTRACE_ATTACH is request 16, 0x10", ""},
		{"sigtrap", "signal", `SIGTRAP is signal 5, "Trace/breakpoint trap"`, ""},
		{"SIGCLD", "signal", `SIGCLD is another name of SIGCHLD, which is signal 17, "Child exited"`, ""},
		{"-38", "errno", `ENOSYS is errno 38, "Function not implemented"`, ""},
		{"TRAP_BRKPT", "code", "TRAP_BRKPT is si_code 1", "PTRACE_GETSIGINFO"},
		{"orig_rax", "register", "orig_rax is a register of x86-64 programs", ""},
		{"syscall execve", "syscall", "execve is system call 59 of x86-64", "orig_rax"},
		{"TRACESYSGOOD", "option", "PTRACE_O_TRACESYSGOOD is bit 0x1 of the options", ""},
		{"event 4", "event", "PTRACE_EVENT_EXEC is event 4", ""},
		{"group-stop", "stop", "group-stop is how wait4 reports it", ""},
		{"[pt-yama-1]", "diagnosis", "PT-YAMA-1 is a diagnosis of ptwalk doctor", ""},
	} {
		pages, err := Words(strings.Fields(tt.words), "")
		if err != nil {
			t.Errorf("%s: %v", tt.words, err)
			continue
		}
		p := pages[0]
		if p.Kind != tt.kind || p.Title != tt.title || !strings.Contains(p.Text, tt.text) {
			t.Errorf("%s: %s: %s. %s\nwant %s: %s. %s", tt.words, p.Kind, p.Title, p.Text, tt.kind, tt.title, tt.text)
		}
		if (p.Status != nil) != (tt.kind == "status") {
			t.Errorf("%s: the status to be drawn is %v", tt.words, p.Status)
		}
	}
}

// TestUnknownWords: the error says what is near, or what can be asked.
func TestUnknownWords(t *testing.T) {
	for words, want := range map[string]string{
		"PTRACE_SIEZE": "near it: PTRACE_SEIZE",
		"trcaee":       "near it: tracee",
		"signl EPERM":  `"signl" is no kind of word, and "signal" is one; the kinds are request, `,
		"request 10":   `there is no request "10"`,
		"status 0x13":  `there is no status "0x13"`, // no SIGSTOP kills
		"status 0xcc":  `there is no status "0xcc"`, // there is no signal 76
		"foo":          "a word may be a request, ",
		"foo bar":      "a word may be a request, ",
	} {
		pages, err := Words(strings.Fields(words), "")
		if err == nil || len(pages) > 0 || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", words, err, want)
		}
	}
}

// TestErrnoOfARequest: an errno has a meaning of its own for many requests.
func TestErrnoOfARequest(t *testing.T) {
	for _, tt := range []struct{ word, request, title, text, err string }{
		{"EIO", "PEEKUSER", "EIO from PTRACE_PEEKUSER", "multiple of 8", ""},
		{"ECHILD", "wait4", "ECHILD from wait4", "", ""},
		{"ERANGE", "CONT", "ERANGE from PTRACE_CONT", "Nothing particular is known", ""},
		{"SIGTRAP", "CONT", "", "", "the word is an errno"},
		{"EIO", "nope", "", "", `there is no request "nope"`},
	} {
		pages, err := Words([]string{tt.word}, tt.request)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%+v: %v", tt, err)
			}
		case err != nil:
			t.Errorf("%+v: %v", tt, err)
		case len(pages) != 1 || pages[0].Title != tt.title || !strings.Contains(pages[0].Text, tt.text):
			t.Errorf("%+v: %+v", tt, pages)
		}
	}
}
