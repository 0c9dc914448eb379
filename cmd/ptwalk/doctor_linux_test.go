package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

// What the doctor finds where something is refused. Each refusal is a real one:
// a filter, a tracer, a mount. That Yama refuses is made up: its file by "be",
// its answers by a filter.

// diagnosed runs ptwalk doctor --json as somebody whom "be" can be.
func diagnosed(t *testing.T, status int, command ...string) doctor.Report {
	t.Helper()
	e := session(t, append(command, "ptwalk", "doctor", "--json"))
	e.wants(t, status, "")
	var r doctor.Report
	must(t, json.Unmarshal([]byte(e.Stdout), &r))
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

// all says of five lessons the same.
func all(works doctor.Works) map[string]doctor.Works {
	return map[string]doctor.Works{"1": works, "2": works, "3": works, "4": works, "5": works}
}

func number(nr int) string { return fmt.Sprint(nr) }

func TestDoctorNamesTheCause(t *testing.T) {
	needsPtrace(t)
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
		{"Yama 2", "yama=2 " + nobody + " likeyama", true, 3, map[string]string{"traceme": "PT-YAMA-2", "seize": "PT-YAMA-2"}, "EPERM", all(doctor.Not), "CAP_SYS_PTRACE"},
		{"Yama 3", "yama=3 likeyama", true, 3, map[string]string{"traceme": "PT-YAMA-3", "seize": "PT-YAMA-3"}, "EPERM", all(doctor.Not), "root included"},
		{"no capability, and none is needed", "nocap=19", true, 0, nil, "", ready.Requirements, ""},
		{"a folder that is noexec", "noexec=1", true, 0, one("temp", "PT-NOEXEC"), "EACCES", ready.Requirements, "noexec"},
		{"a folder that may not be written", nobody, true, 0, one("temp", "PT-KERNEL"), "EACCES", ready.Requirements, "may not be written by nobody"},
		{"a folder that is not there", "notemp", false, 0, one("temp", "PT-KERNEL"), "ENOENT", ready.Requirements, "does not exist"},
		{"memfds are noexec", "memfd=2", true, 0, one("memfd", "PT-NOEXEC"), "EACCES", ready.Requirements, "memfd_noexec"},
	} {
		t.Run(c.about, func(t *testing.T) {
			if c.root {
				needsRoot(t)
				forAll(t, "ptwalk")
			}
			if c.codes["32-bit"] != "" {
				needsIA32(t)
			}
			r := diagnosed(t, c.status, append(append([]string{"be"}, words(c.who)...), "--")...)
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
	needsPtrace(t)
	needs(t, "strace")
	r := diagnosed(t, 3, words("strace -f -qq -o /dev/null -e signal=none -e trace=none")...)
	if c := checkOf(t, r, "traceme"); c.Code != "PT-TRACED" || c.Errno != "EPERM" || !strings.Contains(c.Why, "strace (") {
		t.Errorf("%+v", c)
	}
	if !strings.HasPrefix(r.Machine.Tracer, "strace (") {
		t.Errorf("the tracer is %q", r.Machine.Tracer)
	}
	// Whose children are not traced may trace them.
	diagnosed(t, 0, words("strace -qq -o /dev/null -e signal=none -e trace=none")...)
}

// A lesson that is refused says what the doctor says of it, and then how it can
// be shown.
func TestLessonsUnderATracerSayWhatTheDoctorSays(t *testing.T) {
	needsPtrace(t)
	needs(t, "strace")
	strace := words("strace -f -qq -o /dev/null -e signal=none -e trace=none")
	pids := regexp.MustCompile(`\([0-9]+\)`)
	for _, n := range []int{1, 5} {
		r := diagnosed(t, 3, strace...)
		c := checkOf(t, r, map[int]string{1: "traceme", 5: "attach"}[n])
		e := session(t, append(slices.Clone(strace), "ptwalk", number(n), "--plain"))
		e.wants(t, 3, "[PT-TRACED]")
		want := fmt.Sprintf("ptwalk: %s %s [%s]\nWithout ptrace it can still be shown: ptwalk replay %d\n", c.Why, c.Fix, c.Code, n)
		got := strings.ReplaceAll(e.Stderr, "\n", " ")
		if want = strings.ReplaceAll(want, "\n", " "); pids.ReplaceAllString(got, "") != pids.ReplaceAllString(want, "") {
			t.Errorf("lesson %d says\n%s\nand the doctor\n%s", n, got, want)
		}
		if c.Fix != "Run ptwalk without it." || !strings.HasSuffix(e.Stderr, fmt.Sprintf("[PT-TRACED]\nWithout ptrace it can still be shown: ptwalk replay %d\n", n)) {
			t.Errorf("%q\n%s", c.Fix, e.Stderr)
		}
	}
}

// What the doctor foretells of a lesson comes to pass, whichever of the lesson's
// requests is refused.
func TestDoctorForetellsTheLessons(t *testing.T) {
	needsPtrace(t)
	refusals := map[string][]int{"eperm=" + number(unix.SYS_PROCESS_VM_READV): {2, 3, 4, 5}, "kill=" + number(unix.SYS_PTRACE): {1, 5}, "no32=1": {2}}
	for n := range 5 {
		e := session(t, []string{"ptwalk", "replay", number(n + 1), "--json"})
		made := map[string]bool{}
		for _, found := range regexp.MustCompile(`"request":"(PTRACE_\w+)"`).FindAllStringSubmatch(e.Stdout, -1) {
			made[found[1]] = true
		}
		for name := range made {
			request, ok := names.RequestByName(name)
			if !ok {
				t.Fatalf("lesson %d makes a request %s", n+1, name)
			}
			who := "request=" + number(int(request.Number))
			refusals[who] = append(refusals[who], n+1)
		}
	}
	// The recording of lesson 2 is of a kernel that runs 32-bit programs.
	cont := "request=" + number(unix.PTRACE_CONT)
	refusals[cont] = append(refusals[cont], 2)
	var quick []string
	if _, err := os.Stat("/bin/true"); err == nil && isRoot(t) {
		quick = []string{"short"}
	}
	for who, lessons := range refusals {
		as := append(append([]string{"be"}, append(quick, words(who)...)...), "--", "ptwalk")
		t.Run(who, func(t *testing.T) { foretells(t, as, lessons) })
	}
}

// foretells compares what the doctor says of some lessons with how they end. as
// is ptwalk with something refused.
func foretells(t *testing.T, as []string, lessons []int) {
	t.Parallel()
	var r doctor.Report
	must(t, json.Unmarshal([]byte(session(t, append(slices.Clone(as), "doctor", "--json")).Stdout), &r))
	for _, n := range lessons {
		e := session(t, append(slices.Clone(as), number(n), "--plain"))
		want := 0
		if r.Requirements[number(n)] == doctor.Not {
			want = 3
		}
		if e.Status != want {
			t.Errorf("the doctor says %q of lesson %d, which ends with status %d\n%s", r.Requirements[number(n)], n, e.Status, e.Stderr)
		}
		if e.Status == 3 && !strings.Contains(e.Stderr, fmt.Sprintf("[PT-SECCOMP]\nWithout ptrace it can still be shown: ptwalk replay %d\n", n)) {
			t.Errorf("lesson %d:\n%s", n, e.Stderr)
		}
	}
}

// The text has the codes of the JSON, and fits the screen.
func TestDoctorText(t *testing.T) {
	needsPtrace(t)
	code := regexp.MustCompile(`PT-[A-Z0-9-]+`)
	for _, who := range []string{"dumpable=1", "filter=1", "eperm=" + number(unix.SYS_PERSONALITY), "eperm=" + number(unix.SYS_PROCESS_VM_READV)} {
		as := append(append([]string{"be"}, words(who)...), "--", "ptwalk", "doctor")
		text, object := session(t, as), session(t, append(slices.Clone(as), "--json"))
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
	e := session(t, words("ptwalk doctor"))
	if lines := strings.Count(e.Stdout, "\n"); lines > 25 || !strings.Contains(strings.TrimSpace(e.Stdout)[:40], " lesson") {
		t.Errorf("%d lines, and the verdict comes first:\n%s", lines, e.Stdout)
	}
}

func TestDoctorForOneLesson(t *testing.T) {
	needsPtrace(t)
	for _, word := range []string{"5", "05", "attach", "05-attach"} {
		session(t, []string{"ptwalk", "doctor", "--for", word}).wants(t, 0, "")
	}
	for word, says := range map[string]string{"6": `no lesson "6"`, "all": `no lesson "all"`, "": "lesson"} {
		session(t, []string{"ptwalk", "doctor", "--for", word}).wants(t, 2, says)
	}
	session(t, words("ptwalk doctor 5")).wants(t, 2, "usage: ptwalk doctor")
	// What lesson 1 does not need does not count for it.
	step := "request=" + number(unix.PTRACE_SINGLESTEP)
	session(t, []string{"be", step, "--", "ptwalk", "doctor", "--for", "1"}).wants(t, 0, "")
	session(t, []string{"be", step, "--", "ptwalk", "doctor", "--for", "3"}).wants(t, 3, "")
}

func TestDoctorIsInterrupted(t *testing.T) {
	needsPtrace(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		j := start(t, words("ptwalk doctor"))
		await(t, "it has begun", func() bool { return len(childrenOf(j.pid)) > 0 || statusOf(j.pid, "State") == "" })
		j.signal(sig)
		if e := j.end(); e.Status != 128+int(sig) && e.Status != 0 {
			t.Errorf("%v: status %d", sig, e.Status)
		} else {
			e.leftNothing(t)
		}
	}
}

// A domain of Landlock may not trace what is outside it. /proc shows none of
// that, so the module is a suspect and no more.
func TestAttachFromALandlockDomain(t *testing.T) {
	needsAttach(t)
	k := subjected(t, "stay")
	e := session(t, []string{"be", "landlock", "--", "ptwalk", "attach", k.String()})
	if e.Status == 99 {
		t.Skip("this kernel has no Landlock")
	}
	e.refuses(t, "PT-LSM", "EPERM", k.String())
	k.untouched(t)
}
