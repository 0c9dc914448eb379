package doctor

import (
	"strings"
	"syscall"
	"testing"

	"ptwalk/tracer/procfs"
)

func ids(real, effective, saved, fs int) procfs.IDs {
	return procfs.IDs{Real: real, Effective: effective, Saved: saved, FS: fs}
}

// mapping is a uid_map of one line.
func mapping(inside, outside, count int) []procfs.IDRange {
	return []procfs.IDRange{{Inside: inside, Outside: outside, Count: count}}
}

// plain are the facts about two processes of one ordinary user, on a machine
// that forbids nothing: ptwalk is 100, the target 4211 is a cat.
func plain() facts {
	user := ids(1000, 1000, 1000, 1000)
	alice := id{1000, "alice"}
	return facts{
		Self: selfFacts{
			Status: procfs.Status{Name: "ptwalk", State: 'R', Tgid: 100, Pid: 100, PPid: 90, UID: user, GID: user},
			UID:    alice, GID: alice, InitNS: true, Yama: procfs.Unknown, Arch: "amd64",
			UIDMap: mapping(0, 0, 4294967295), LSMs: []string{"lockdown", "capability", "landlock", "yama"},
		},
		Pid: 4211, There: true, Owner: alice, Access: accessGranted, Mem: &owner{1000, 1000},
		Status:  &procfs.Status{Name: "cat", State: 'S', Tgid: 4211, Pid: 4211, PPid: 90, UID: user, GID: user},
		Process: task{4211, "cat"}, Parent: task{90, "sh"}, UID: []id{alice, alice, alice}, GID: []id{alice, alice, alice},
	}
}

var root = id{0, "root"}

// Changes to the plain facts, put together by the tables below.
type change func(*facts)

func errno(e syscall.Errno) change { return func(f *facts) { f.Errno = e } }
func yama(n int) change            { return func(f *facts) { f.Self.Yama = n } }
func denied(f *facts)              { f.Access, f.Errno = accessDenied, syscall.EPERM }
func child(f *facts)               { f.Descendant = true }
func inUserNS(f *facts)            { f.Self.InitNS, f.Self.UIDMap = false, mapping(0, 1000, 1) }

// asRoot makes us root, with or without its capabilities.
func asRoot(c procfs.Caps) change {
	return func(f *facts) {
		f.Self.Status.UID, f.Self.Status.GID, f.Self.UID, f.Self.GID = procfs.IDs{}, procfs.IDs{}, root, root
		f.Self.Status.CapEff, f.Self.Status.CapPrm = c, c
	}
}

// ofRoot makes the target root's.
func ofRoot(f *facts) {
	f.Status.UID, f.Status.GID, f.Status.CapPrm = procfs.IDs{}, procfs.IDs{}, 0x1ffffffffff
	f.UID, f.GID, f.Owner, f.Mem = []id{root, root, root}, []id{root, root, root}, root, &owner{}
	f.Access = accessDenied
}

func noStatus(f *facts) { f.Status = nil }

func filter(answer syscall.Errno) change {
	return func(f *facts) { f.Self.Status.Seccomp, f.Self.Probe = 2, answer }
}

func TestPidNamesTheCause(t *testing.T) {
	const eperm, allCaps = syscall.EPERM, procfs.Caps(0x1ffffffffff)
	for _, c := range []struct {
		about   string
		changes []change
		code    string // "" for no diagnosis
		says    string
	}{
		{"nothing forbids it", nil, "", ""},
		{"nothing shows, and the kernel refuses", []change{errno(eperm)}, "PT-LSM", "landlock"},
		{"no module that could", []change{errno(eperm), func(f *facts) { f.Self.LSMs = []string{"capability"} }}, "PT-KERNEL", "EPERM"},
		{"no list of modules", []change{errno(eperm), func(f *facts) { f.Self.LSMs = nil }}, "PT-LSM", "/sys/kernel/security/lsm"},
		{"an errno of no known cause", []change{errno(syscall.EINVAL)}, "PT-KERNEL", "EINVAL"},

		{"gone", []change{func(f *facts) { f.There, f.Kill = false, syscall.ESRCH }}, "PT-NOPID", "no process 4211"},
		{"/proc of another pid namespace", []change{errno(syscall.ESRCH), func(f *facts) { f.Kill = syscall.ESRCH }}, "PT-NOPID", "pid namespace"},
		{"hidepid=2", []change{noStatus, func(f *facts) { f.There, f.Kill = false, eperm }}, "PT-OWNER", "hidepid"},
		{"hidepid=1", []change{ofRoot, noStatus, func(f *facts) { f.Kill = eperm }}, "PT-OWNER", "root (0)"},
		{"ptwalk itself", []change{func(f *facts) { f.Pid, f.Status.Tgid = 100, 100 }}, "PT-SELF", "itself"},
		{"a thread of ptwalk", []change{func(f *facts) { f.Status.Tgid = 100 }}, "PT-SELF", "process 100"},
		{"a thread", []change{func(f *facts) { f.Status.Tgid, f.Process = 4200, task{4200, "cat"} }}, "PT-THREAD", "Name the process: 4200"},
		{"a thread whose first is a zombie", []change{func(f *facts) { f.Status.Tgid, f.Process, f.Leader = 4200, task{4200, "cat"}, 'Z' }}, "PT-THREAD", "first thread has ended and is a zombie"},
		{"dying", []change{func(f *facts) { f.Status.State = 'X' }}, "PT-NOPID", "no process 4211"},
		{"zombie", []change{func(f *facts) { f.Status.State = 'Z' }}, "PT-ZOMBIE", "sh (90)"},
		{"zombie with a thread", []change{func(f *facts) { f.Status.State, f.Living = 'Z', []int{4212} }}, "PT-ZOMBIE", "thread 4212 lives on"},
		{"zombie with threads", []change{func(f *facts) { f.Status.State, f.Living = 'Z', []int{4212, 4213, 4214, 4215} }},
			"PT-ZOMBIE", "threads 4212, 4213, 4214 and 1 more live on"},
		{"kernel thread", []change{ofRoot, func(f *facts) { f.Status.Kthread = 1 }}, "PT-KTHREAD", "cat (4211)"},
		{"kernel thread before Linux 6.10", []change{ofRoot, func(f *facts) { f.Status.Kthread, f.Flags = procfs.Unknown, 0x208040 }}, "PT-KTHREAD", "kernel"},
		{"traced", []change{ofRoot, func(f *facts) { f.Status.TracerPid, f.Tracer = 77, task{77, "gdb"} }}, "PT-TRACED", "gdb (77)"},
		{"traced by us", []change{func(f *facts) { f.Status.TracerPid, f.Tracer = 101, task{100, "ptwalk"} }}, "PT-TRACED", "by ptwalk itself"},

		{"our child, traced by who traces us", []change{child, func(f *facts) {
			f.Status.TracerPid, f.Tracer, f.Self.Tracer = 77, task{77, "strace"}, task{77, "strace"}
		}}, "PT-TRACED", "ptwalk is itself traced by strace (77)"},
		{"not our child, traced by who traces us", []change{func(f *facts) {
			f.Status.TracerPid, f.Tracer, f.Self.Tracer = 77, task{77, "strace"}, task{77, "strace"}
		}}, "PT-TRACED", "Let strace (77) detach"},

		{"seccomp with EPERM", []change{ofRoot, filter(eperm)}, "PT-SECCOMP", "seccomp"},
		{"seccomp with ENOSYS", []change{errno(syscall.ENOSYS), filter(syscall.ENOSYS)}, "PT-SECCOMP", "seccomp"},
		{"seccomp that lets ptrace through", []change{filter(syscall.ESRCH)}, "", ""},
		{"no seccomp and ENOSYS", []change{func(f *facts) { f.Errno, f.Self.Probe = syscall.ENOSYS, syscall.ENOSYS }}, "PT-EMULATED", "emulator"},
		{"qemu-user in a container", []change{filter(syscall.ENOSYS), func(f *facts) { f.Self.Emulator = "qemu-user" }}, "PT-EMULATED", "qemu-user"},

		{"another owner", []change{ofRoot}, "PT-OWNER", "root (0), and ptwalk runs as alice (1000)"},
		{"another owner, we are root without the capability", []change{asRoot(0), denied}, "PT-OWNER", "CAP_SYS_PTRACE"},
		{"another owner, we are root", []change{asRoot(allCaps)}, "", ""},
		{"another owner, our user namespace", []change{func(f *facts) { f.Status.UID = ids(100999, 100999, 100999, 100999) }}, "", ""},
		{"set-user-ID", []change{denied, func(f *facts) {
			f.Status.UID, f.UID = ids(1000, 0, 0, 0), []id{{1000, "alice"}, root, root}
		}}, "PT-SETID", "alice (1000) and root (0)"},
		{"set-user-ID that has lowered itself", []change{denied, func(f *facts) {
			f.Status.UID, f.UID = ids(1000, 1000, 0, 1000), []id{{1000, "alice"}, {1000, "alice"}, root}
		}}, "PT-SETID", "alice (1000) and root (0)"},
		{"set-group-ID", []change{denied, func(f *facts) {
			f.Status.GID, f.GID = ids(1000, 5, 5, 5), []id{{1000, "alice"}, {5, "tty"}, {5, "tty"}}
		}}, "PT-SETID", "two group ids, as a set-group-ID program does: alice (1000) and tty (5)"},
		{"another group", []change{denied, func(f *facts) {
			f.Status.GID, f.GID = ids(100, 100, 100, 100), []id{{100, "users"}, {100, "users"}, {100, "users"}}
		}}, "PT-GROUP", "users (100)"},
		{"not dumpable", []change{denied, func(f *facts) { f.Mem = &owner{} }}, "PT-NODUMP", "not dumpable"},
		{"not dumpable, but we may", []change{asRoot(procfs.CapSysPtrace), func(f *facts) { f.Mem = &owner{} }}, "", ""},
		{"root without CAP_SYS_PTRACE", []change{asRoot(allCaps &^ procfs.CapSysPtrace), ofRoot, denied}, "PT-CAP", "CAP_SYS_PTRACE"},
		{"the same root without CAP_SYS_PTRACE", []change{asRoot(0), ofRoot, func(f *facts) { f.Access = accessGranted }}, "", ""},
		{"a capability more than ours", []change{denied, func(f *facts) { f.Status.CapPrm = 1 << 10 }}, "PT-CAP", "CAP_NET_BIND_SERVICE"},

		{"root of a user namespace", []change{asRoot(allCaps), ofRoot, denied, inUserNS}, "PT-USERNS", "namespace"},
		{"root of a user namespace, another owner", []change{asRoot(allCaps), denied, inUserNS}, "PT-USERNS", "namespace"},
		{"nobody of a user namespace", []change{denied, inUserNS}, "PT-USERNS", "namespace"},
		{"a stranger to the user namespace", []change{ofRoot, inUserNS, func(f *facts) {
			f.Self.UIDMap, f.Status.UID = mapping(1000, 1000, 1), ids(65534, 65534, 65534, 65534)
		}}, "PT-USERNS", "does not exist"},
		{"inside one user namespace", []change{asRoot(allCaps), inUserNS}, "", ""},

		{"Yama 0", []change{yama(0)}, "", ""},
		{"Yama 1, before asking", []change{yama(1)}, "", ""},
		{"Yama 1, not ours", []change{yama(1), errno(eperm)}, "PT-YAMA-1", "descendants"},
		{"Yama 1, our child", []change{yama(1), child}, "", ""},
		{"Yama 1, our child, refused", []change{yama(1), child, errno(eperm)}, "PT-LSM", "landlock"},
		{"Yama 1, root", []change{yama(1), asRoot(allCaps), errno(eperm)}, "PT-LSM", "landlock"},
		{"Yama 1, another owner", []change{yama(1), ofRoot, errno(eperm)}, "PT-OWNER", "root (0)"},
		{"Yama 2", []change{yama(2), child}, "PT-YAMA-2", "CAP_SYS_PTRACE"},
		{"Yama 2, root", []change{yama(2), asRoot(allCaps)}, "", ""},
		{"Yama 3, root", []change{yama(3), asRoot(allCaps), child}, "PT-YAMA-3", "boot"},
	} {
		f := plain()
		for _, change := range c.changes {
			change(&f)
		}
		d, ok := decide(f)
		if ok != (c.code != "") || d.Code != c.code {
			t.Errorf("%s: %q (%s), want %q", c.about, d.Code, d.Why, c.code)
			continue
		}
		if ok {
			checkForm(t, d)
		}
		if text := strings.ReplaceAll(d.String(), "\n", " "); ok && !strings.Contains(text, c.says) {
			t.Errorf("%s: %q does not say %q", c.about, text, c.says)
		}
	}
}

func TestSelfNamesTheCause(t *testing.T) {
	const eperm = syscall.EPERM
	for _, c := range []struct {
		about   string
		errno   syscall.Errno
		changes []change
		code    string
		says    string
	}{
		{"nothing forbids it", 0, nil, "PT-OK", ""},
		{"traced", eperm, []change{func(f *facts) { f.Self.Tracer = task{77, "strace"} }}, "PT-TRACED", "strace (77)"},
		{"traced, and its tracer answers for the kernel", syscall.ENOSYS, []change{func(f *facts) {
			f.Self.Tracer, f.Self.Probe = task{77, "strace"}, syscall.ENOSYS
		}}, "PT-TRACED", "strace (77)"},
		{"seccomp", eperm, []change{filter(eperm)}, "PT-SECCOMP", "seccomp"},
		{"seccomp with ENOSYS", syscall.ENOSYS, []change{filter(syscall.ENOSYS)}, "PT-SECCOMP", "seccomp"},
		{"Yama 1 allows it", eperm, []change{yama(1)}, "PT-LSM", "landlock"},
		{"Yama 2", eperm, []change{yama(2)}, "PT-YAMA-2", "CAP_SYS_PTRACE"},
		{"Yama 2, root", 0, []change{yama(2), asRoot(procfs.CapSysPtrace)}, "PT-OK", ""},
		{"Yama 3, root", eperm, []change{yama(3), asRoot(procfs.CapSysPtrace)}, "PT-YAMA-3", "root included"},
		{"qemu-user", syscall.ENOSYS, []change{func(f *facts) { f.Self.Emulator, f.Self.Probe = "qemu-user", syscall.ENOSYS }}, "PT-EMULATED", "qemu-user"},
		{"an emulator without a mark", syscall.ENOSYS, nil, "PT-EMULATED", "emulator"},
		{"Rosetta, EIO of GETREGS", syscall.EIO, []change{func(f *facts) { f.Self.Emulator = "Rosetta" }}, "PT-EMULATED", "Rosetta"},
		{"EIO of GETREGS on x86", syscall.EIO, nil, "PT-EMULATED", "emulator"},
		{"EIO of GETREGS on arm64", syscall.EIO, []change{func(f *facts) { f.Self.Arch = "arm64" }}, "PT-KERNEL", "EIO"},
		{"a module", eperm, nil, "PT-LSM", "landlock"},
	} {
		f := plain()
		for _, change := range c.changes {
			change(&f)
		}
		d := decideSelf(f.Self, c.errno)
		if d.Code != c.code {
			t.Errorf("%s: %q (%s), want %q", c.about, d.Code, d.Why, c.code)
			continue
		}
		if d.Code != "PT-OK" {
			checkForm(t, d)
		}
		if text := strings.ReplaceAll(d.String(), "\n", " "); !strings.Contains(text, c.says) {
			t.Errorf("%s: %q does not say %q", c.about, text, c.says)
		}
	}
}

// TestHostileNamesStayHarmless gives every name in the facts the worst text
// that its owner can choose, in each of the cases that print it.
func TestHostileNamesStayHarmless(t *testing.T) {
	const worst = "\x1b[2J\n) R (\x80\xff\\\"'"
	evil := task{4194304, worst}
	bad := id{4294967294, worst + worst + worst}
	for _, change := range []change{
		func(f *facts) { f.Status.Tgid = 4194303 },
		func(f *facts) { f.Status.State = 'Z' },
		func(f *facts) { f.Status.State, f.Living = 'Z', []int{4194301, 4194302, 4194303, 4194304} },
		func(f *facts) { f.Status.Kthread = 1 },
		func(f *facts) { f.Status.TracerPid = 7 },
		func(f *facts) { f.Status.UID = ids(1, 2, 3, 4) },
		func(f *facts) { f.Status.UID = ids(1, 1, 1, 1) },
		func(f *facts) { f.Status.GID = ids(1, 2, 3, 4) },
		func(f *facts) { f.Status.GID = ids(1, 1, 1, 1) },
		func(f *facts) { f.Status = nil; f.Kill = syscall.EPERM },
		func(f *facts) { f.Self.LSMs = []string{"selinux", worst, "bpf"} },
	} {
		f := plain()
		f.Pid, f.Status.Tgid, f.Errno, f.Access = 4194304, 4194304, syscall.EPERM, accessDenied
		f.Process, f.Parent, f.Tracer, f.Owner = evil, evil, evil, bad
		f.UID, f.GID = []id{bad, {1, worst}, bad}, []id{bad, {1, worst}, bad}
		f.Self.UID.Name, f.Self.GID.Name = worst, worst
		change(&f)
		d, ok := decide(f)
		if !ok {
			t.Errorf("no diagnosis for %+v", f)
		}
		checkForm(t, d)
	}
}

// checkForm holds a refusal to its public form: whole sentences, one to three
// lines of at most 80 columns in printable ASCII, the code at the end.
func checkForm(t *testing.T, d Diagnosis) {
	t.Helper()
	text := d.String()
	lines := strings.Split(text, "\n")
	if len(lines) > 3 || !strings.HasSuffix(text, "["+d.Code+"]") || !strings.HasSuffix(d.Why, ".") {
		t.Errorf("not a refusal: %q", text)
	}
	for _, line := range lines {
		if len("ptwalk: "+line) > 80 || line == "" {
			t.Errorf("%d columns: %q", len(line), line)
		}
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }); i >= 0 {
		t.Errorf("a character that does not print: %q", text)
	}
	if !strings.Contains(strings.ReplaceAll(text, "\n", " "), d.Why) {
		t.Errorf("the reason was cut: %q", text)
	}
	if want := map[bool]int{true: 4, false: 3}[d.Code == "PT-NOPID"]; d.Exit != want {
		t.Errorf("%s: exit %d, want %d", d.Code, d.Exit, want)
	}
}

func TestStringFitsWhatDoesNotFit(t *testing.T) {
	word := strings.Repeat("word ", 100)
	for _, d := range []Diagnosis{
		{Code: "PT-LSM", Why: word + "end."},
		{Code: "PT-LSM", Why: "A reason.", Fix: word},
		{Code: "PT-LSM", Why: strings.Repeat("x", 500)},
		{Code: "PT-LSM", Why: word, Fix: word},
	} {
		text := d.String()
		if strings.Count(text, "\n") > 2 || !strings.HasSuffix(text, "[PT-LSM]") {
			t.Errorf("%q", text)
		}
		for line := range strings.Lines(text) {
			if len(strings.TrimSuffix(line, "\n")) > 80 {
				t.Errorf("%d columns: %q", len(line), line)
			}
		}
	}
}
