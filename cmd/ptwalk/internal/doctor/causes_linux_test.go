package doctor

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/internal/become"
	"ptwalk/internal/cmdtest"
	"ptwalk/lessons"
	"ptwalk/tracer/doctor"
)

// What the doctor finds where something is refused. Each refusal is a real one: a
// filter, a tracer, a mount. That Yama refuses is made up: its file by become, its
// answers by a filter.

// diagnosed runs ptwalk doctor --json as somebody whom "become" can be.
func diagnosed(t *testing.T, status int, command ...string) doctor.Report {
	t.Helper()
	e := cmdtest.Run(t, append(command, "ptwalk", "doctor", "--json"))
	e.Wants(t, status, "")
	var r doctor.Report
	cmdtest.Must(t, json.Unmarshal([]byte(e.Stdout), &r))
	if r.Schema != doctor.Schema {
		t.Errorf("the schema is %q", r.Schema)
	}
	for _, c := range r.Checks {
		well := c.Result == doctor.OK
		if well != (c.Code == "PT-OK") || well && (c.Errno != "" || c.Fix != "") || c.Why == "" || c.Request == "" {
			t.Errorf("%+v", c)
		}
	}
	return r
}

// checkOf is one check of a report.
func checkOf(t *testing.T, r doctor.Report, name string) doctor.Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no check %q", name)
	return doctor.Check{}
}

// all says the same of each lesson.
func all(works doctor.Works) map[string]doctor.Works {
	say := map[string]doctor.Works{}
	for _, l := range lessons.All {
		say[number(l.Number)] = works
	}
	return say
}

func number(nr int) string { return fmt.Sprint(nr) }

func TestDoctorNamesTheCause(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	ready := diagnosed(t, 0)
	one := func(name, code string) map[string]string { return map[string]string{name: code} }
	for _, c := range []struct {
		about   string
		who     string
		root    bool
		status  int
		codes   map[string]string // of the checks that matter, by name
		errno   string            // of each of them
		lessons map[string]doctor.Works
		says    string
	}{
		{"a filter answers EPERM", "filter=1", false, 3, map[string]string{"traceme": "PT-SECCOMP", "attach": "PT-SECCOMP", "attach-other": "PT-SECCOMP"}, "EPERM", all(doctor.Not), "seccomp"},
		{"a filter answers ENOSYS", "filter=38", false, 3, map[string]string{"traceme": "PT-SECCOMP", "getregs": "PT-SECCOMP"}, "ENOSYS", all(doctor.Not), "seccomp"},
		{"a filter answers EACCES", "filter=13", false, 3, map[string]string{"traceme": "PT-SECCOMP", "getregs": "PT-SECCOMP"}, "EACCES", all(doctor.Not), "seccomp"},
		{"a filter kills", "kill=" + number(unix.SYS_PTRACE), false, 3, one("traceme", "PT-SECCOMP"), "", all(doctor.Not), "SIGSYS"},
		{"personality", "eperm=" + number(unix.SYS_PERSONALITY), false, 0, one("personality", "PT-SECCOMP"), "EPERM", ready.Requirements, "personality"},
		{"memfd_create", "eperm=" + number(unix.SYS_MEMFD_CREATE), false, 0, one("memfd", "PT-SECCOMP"), "EPERM", ready.Requirements, "memfd_create"},
		{"process_vm_readv", "eperm=" + number(unix.SYS_PROCESS_VM_READV), false, 0, one("vm-read", "PT-SECCOMP"), "EPERM", nil, "process_vm_readv"},
		{"PTRACE_GETREGS alone", "request=" + number(unix.PTRACE_GETREGS), false, 0, one("getregs", "PT-SECCOMP"), "EPERM", nil, "seccomp"},
		{"PTRACE_SINGLESTEP alone", "request=" + number(unix.PTRACE_SINGLESTEP), false, 0, one("singlestep", "PT-SECCOMP"), "EPERM", nil, "seccomp"},
		{"PTRACE_POKEUSER alone", "request=" + number(unix.PTRACE_POKEUSR), false, 0, one("pokeuser", "PT-SECCOMP"), "EPERM", nil, "seccomp"},
		{"32-bit programs are killed", "no32=1", false, 0, one("32-bit", "PT-SECCOMP"), "", nil, "SIGSYS"},
		{"no Yama", "proc", true, 0, nil, "", ready.Requirements, ""},
		{"Yama 0", "yama=0", true, 0, nil, "", ready.Requirements, ""},
		{"Yama 2", "yama=2 " + become.Nobody + " likeyama", true, 3, map[string]string{"traceme": "PT-YAMA-2", "seize": "PT-YAMA-2"}, "EPERM", all(doctor.Not), "CAP_SYS_PTRACE"},
		{"Yama 3", "yama=3 likeyama", true, 3, map[string]string{"traceme": "PT-YAMA-3", "seize": "PT-YAMA-3"}, "EPERM", all(doctor.Not), "root included"},
		{"no capability, and none is needed", "nocap=19", true, 0, nil, "", ready.Requirements, ""},
		{"a folder that is noexec", "noexec=1", true, 0, one("temp", "PT-NOEXEC"), "EACCES", ready.Requirements, "noexec"},
		{"a folder that may not be written", become.Nobody, true, 0, one("temp", "PT-KERNEL"), "EACCES", ready.Requirements, "may not be written by nobody"},
		{"a folder that is not there", "notemp", false, 0, one("temp", "PT-KERNEL"), "ENOENT", ready.Requirements, "does not exist"},
		{"memfds are noexec", "memfd=2", true, 0, one("memfd", "PT-NOEXEC"), "EACCES", ready.Requirements, "memfd_noexec"},
	} {
		t.Run(c.about, func(t *testing.T) {
			if c.root {
				cmdtest.Needs(t, "ptrace", "root")
			}
			if c.codes["32-bit"] != "" {
				cmdtest.Needs(t, "ia32")
			}
			r := diagnosed(t, c.status, append(append([]string{"become"}, strings.Fields(c.who)...), "--")...)
			for name, code := range c.codes {
				if got := checkOf(t, r, name); got.Code != code || got.Errno != c.errno || !strings.Contains(got.Why, c.says) {
					t.Errorf("%+v, want %s with %q that says %q", got, code, c.errno, c.says)
				}
			}
			for _, check := range r.Checks {
				if len(c.codes) == 0 && check.Code != checkOf(t, ready, check.Name).Code {
					t.Errorf("%+v", check)
				}
			}
			if c.lessons != nil && !maps.Equal(r.Requirements, c.lessons) {
				t.Errorf("lessons %v, want %v", r.Requirements, c.lessons)
			}
			if r.OK == slices.Contains(slices.Collect(maps.Values(r.Requirements)), doctor.Not) {
				t.Errorf("ok is %v with %v", r.OK, r.Requirements)
			}
			if r.Machine.Yama == nil || strings.Contains(c.who, "proc") {
				for _, check := range r.Checks {
					if strings.Contains(check.Fix+check.Why, "sysctl") || strings.Contains(check.Why, "Yama") {
						t.Errorf("without Yama: %+v", check)
					}
				}
			}
		})
	}
}

func TestDoctorUnderATracer(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "strace")
	r := diagnosed(t, 3, strings.Fields("strace -f -qq -o /dev/null -e signal=none -e trace=none")...)
	if c := checkOf(t, r, "traceme"); c.Code != "PT-TRACED" || c.Errno != "EPERM" || !strings.Contains(c.Why, "strace (") {
		t.Errorf("%+v", c)
	}
	if !strings.HasPrefix(r.Machine.Tracer, "strace (") {
		t.Errorf("the tracer is %q", r.Machine.Tracer)
	}
	// Whose children are not traced may trace them.
	diagnosed(t, 0, strings.Fields("strace -qq -o /dev/null -e signal=none -e trace=none")...)
}

// The text has the codes of the JSON, and fits the screen.
func TestDoctorText(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	code := regexp.MustCompile(`PT-[A-Z0-9-]+`)
	for _, who := range []string{"dumpable=1", "filter=1", "eperm=" + number(unix.SYS_PERSONALITY), "eperm=" + number(unix.SYS_PROCESS_VM_READV)} {
		as := append(append([]string{"become"}, strings.Fields(who)...), "--", "ptwalk", "doctor")
		text, object := cmdtest.Run(t, as), cmdtest.Run(t, append(slices.Clone(as), "--json"))
		in := func(s string) []string {
			codes := slices.DeleteFunc(code.FindAllString(s, -1), func(c string) bool { return c == "PT-OK" })
			slices.Sort(codes)
			return slices.Compact(codes)
		}
		if a, b := in(text.Stdout), in(object.Stdout); !slices.Equal(a, b) || text.Status != object.Status {
			t.Errorf("%s: text %q and %d, JSON %q and %d", who, a, text.Status, b, object.Status)
		}
		for line := range strings.Lines(text.Stdout) {
			if len(strings.TrimSuffix(line, "\n")) > 80 {
				t.Errorf("%s: %d columns: %s", who, len(line)-1, line)
			}
		}
	}
	e := cmdtest.Run(t, strings.Fields("ptwalk doctor"))
	if lines := strings.Count(e.Stdout, "\n"); lines > 25 || !strings.Contains(strings.TrimSpace(e.Stdout)[:40], " lesson") {
		t.Errorf("%d lines, and the verdict comes first:\n%s", lines, e.Stdout)
	}
}

func TestDoctorIsInterrupted(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		j := cmdtest.Start(t, strings.Fields("ptwalk doctor"))
		cmdtest.Await(t, "it has begun", func() bool { return len(cmdtest.Children(j.PID)) > 0 || cmdtest.Status(j.PID, "State") == "" })
		j.Signal(sig)
		if e := j.End(); e.Status != 128+int(sig) && e.Status != 0 {
			t.Errorf("%v: status %d", sig, e.Status)
		} else {
			e.LeftNothing(t)
		}
	}
}
