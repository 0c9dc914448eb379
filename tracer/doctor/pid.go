package doctor

import (
	"fmt"
	"strings"
	"syscall"

	"ptwalk/tracer/procfs"
)

// Pid explains why pid cannot be traced by this process. errno is what the
// kernel answered to PTRACE_ATTACH or PTRACE_SEIZE, 0 before asking. It
// returns false when errno is 0 and nothing in /proc forbids to trace it.
//
// With errno 0 the kernel may still refuse. Two of its reasons do not show in
// /proc: what a security module thinks, and whether the target has named us to
// Yama with prctl(PR_SET_PTRACER). So Yama 1 is a cause only once errno says so.
//
// The causes are asked in a fixed order and the first that applies is named. Pid
// speaks for the calling thread, whose capabilities and filters may be its own.
// Where a seccomp filter is on, it makes one ptrace request, on another thread.
func Pid(pid int, errno syscall.Errno) (Diagnosis, bool) {
	return decide(machine.facts("PTRACE_SEIZE", pid, errno))
}

// A cause looks at the facts and says whether it applies.
type cause func(facts) (Diagnosis, bool)

// causes are in the order of certainty: what nobody could trace first, then
// what we may not, last what cannot be seen.
var causes = []cause{
	noProcess, withoutProc, hidden, ourselves, notFirstThread, dying, zombie, kernelThread, alreadyTraced,
	filtered, setID, otherOwner, otherGroup, notDumpable, capability, userNamespace,
	yama3, yama2, yama1, unseen,
}

func decide(f facts) (Diagnosis, bool) {
	for _, applies := range causes {
		if d, ok := applies(f); ok {
			return d, true
		}
	}
	return Diagnosis{}, false
}

func refused(code, fix, why string, args ...any) (Diagnosis, bool) {
	return Diagnosis{code, fmt.Sprintf(why, args...), fix, exitRefused}, true
}

func none() (Diagnosis, bool) { return Diagnosis{}, false }

func noProcess(f facts) (Diagnosis, bool) {
	switch {
	case !f.There && f.Kill != syscall.EPERM && f.Kill != 0:
		return Diagnosis{"PT-NOPID", fmt.Sprintf("There is no process %d.", f.Pid), "", exitNoProcess}, true
	case f.There && f.Errno == syscall.ESRCH && f.Kill == syscall.ESRCH:
		return Diagnosis{"PT-NOPID", fmt.Sprintf("There is no process %d in our pid namespace. "+
			"The one that /proc shows belongs to another, or has ended.", f.Pid), "", exitNoProcess}, true
	}
	return none()
}

// withoutProc is where /proc cannot say what a process is.
func withoutProc(f facts) (Diagnosis, bool) { return f.Self.withoutProc() }

// hidden is a process whose /proc is closed to us: mount option hidepid.
func hidden(f facts) (Diagnosis, bool) {
	switch {
	case f.Status != nil:
		return none()
	case f.Kill == syscall.EPERM && f.There:
		return refused("PT-OWNER", f.Self.beRoot(), "Process %d belongs to %v, and ptwalk runs as %v.", f.Pid, f.Owner, f.Self.UID)
	case f.Kill == syscall.EPERM:
		return refused("PT-OWNER", f.Self.beRoot(), "Process %d belongs to another user than %v. "+
			"/proc is mounted with hidepid and does not say to whom.", f.Pid, f.Self.UID)
	}
	return refused("PT-KERNEL", "", "Process %d is there, but its status in /proc cannot be read, "+
		"so ptwalk cannot say what is at fault.", f.Pid)
}

func ourselves(f facts) (Diagnosis, bool) {
	switch {
	case f.Status.Tgid != f.Self.Status.Tgid:
		return none()
	case f.Pid == f.Status.Tgid:
		return refused("PT-SELF", "", "Process %d is ptwalk itself. A process cannot trace itself.", f.Pid)
	}
	return refused("PT-SELF", "", "%d is a thread of ptwalk itself, process %d. A process cannot trace its own threads.", f.Pid, f.Status.Tgid)
}

func notFirstThread(f facts) (Diagnosis, bool) {
	switch {
	case f.Status.Tgid == f.Pid:
		return none()
	case f.Leader == 'Z':
		return refused("PT-THREAD", "", "%d is a thread of %v, and not its first. ptwalk attaches to a process, "+
			"and cannot attach to this one: its first thread has ended and is a zombie.", f.Pid, f.Process)
	}
	return refused("PT-THREAD", fmt.Sprintf("Name the process: %d.", f.Status.Tgid),
		"%d is a thread of %v, and not its first. ptwalk attaches to a process.", f.Pid, f.Process)
}

func dying(f facts) (Diagnosis, bool) {
	if f.Status.State != 'X' && f.Status.State != 'x' {
		return none()
	}
	return Diagnosis{"PT-NOPID", fmt.Sprintf("There is no process %d any more: it has this moment ended.", f.Pid), "", exitNoProcess}, true
}

func zombie(f facts) (Diagnosis, bool) {
	switch {
	case f.Status.State != 'Z':
		return none()
	case len(f.Living) > 0:
		return refused("PT-ZOMBIE", "", "The first thread of %v is a zombie; %s on. "+
			"Its parent, %v, cannot reap it yet.", f.Process, threads(f.Living), f.Parent)
	}
	return refused("PT-ZOMBIE", "", "Process %d is a zombie: it has ended, and its parent, %v, has not yet waited for it.", f.Pid, f.Parent)
}

// threads names up to three threads, with the verb that the sentence needs.
func threads(tids []int) string {
	if len(tids) == 1 {
		return fmt.Sprintf("thread %d lives", tids[0])
	}
	named := min(len(tids), 3)
	text := strings.Trim(fmt.Sprint(tids[:named]), "[]")
	text = "threads " + strings.ReplaceAll(text, " ", ", ")
	if more := len(tids) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + " live"
}

func kernelThread(f facts) (Diagnosis, bool) {
	if f.Status.Kthread != 1 && f.Flags&procfs.FlagKernelThread == 0 {
		return none()
	}
	return refused("PT-KTHREAD", "", "%v is a thread of the kernel: it runs no program that could be traced.", f.Process)
}

func alreadyTraced(f facts) (Diagnosis, bool) {
	switch {
	case f.Status.TracerPid == 0:
		return none()
	case f.Descendant && f.Tracer.Pid == f.Self.Tracer.Pid:
		return f.Self.traced() // who traces us has followed our fork
	case f.Tracer.Pid == f.Self.Status.Tgid:
		return refused("PT-TRACED", "", "Process %d is traced already, by ptwalk itself. A thread has one tracer at a time.", f.Pid)
	}
	return refused("PT-TRACED", fmt.Sprintf("Let %v detach from it first.", f.Tracer),
		"Process %d is traced already, by %v. A thread has one tracer at a time.", f.Pid, f.Tracer)
}

func filtered(f facts) (Diagnosis, bool) { return f.Self.intercepted() }

// setID, otherOwner and otherGroup are the six comparisons of the kernel: our
// real ids against the target's real, effective and saved ones.
func setID(f facts) (Diagnosis, bool) {
	kind, holds := "user", f.UID
	switch uid, gid := f.Status.UID, f.Status.GID; {
	case f.idsDoNotMatter() || uid.One() && gid.One():
		return none()
	case uid.One() && uid.Real != f.Self.UID.Number:
		return none()
	case uid.One():
		kind, holds = "group", f.GID
	}
	other := holds[1]
	if other.Number == holds[0].Number {
		other = holds[2]
	}
	return refused("PT-SETID", f.Self.beRoot(), "Process %d runs with two %s ids, as a set-%s-ID program does: %v and %v.",
		f.Pid, kind, kind, holds[0], other)
}

func otherOwner(f facts) (Diagnosis, bool) {
	if f.idsDoNotMatter() || f.Status.UID.Is(f.Self.UID.Number) {
		return none()
	}
	if !f.Self.InitNS && !procfs.Mapped(f.Self.UIDMap, f.Status.UID.Real) {
		return refused("PT-USERNS", "Run ptwalk outside that namespace.",
			"Process %d belongs to a user who does not exist in ptwalk's user namespace.", f.Pid)
	}
	return refused("PT-OWNER", f.Self.beRoot(), "Process %d belongs to %v, and ptwalk runs as %v.", f.Pid, f.UID[0], f.Self.UID)
}

func otherGroup(f facts) (Diagnosis, bool) {
	if f.idsDoNotMatter() || f.Status.GID.Is(f.Self.GID.Number) {
		return none()
	}
	fix := f.Self.beRoot()
	if group := f.GID[0]; group.Name != "" && f.Self.UID.Number != 0 {
		fix = "Run ptwalk with that group, by sg(1), or as root."
	}
	return refused("PT-GROUP", fix, "Process %d has the group %v, and ptwalk has %v. The user is the same, but the group counts too.",
		f.Pid, f.GID[0], f.Self.GID)
}

// idsDoNotMatter says whether the kernel would not come to compare ids, or has
// done so to our favour. A capability of another user namespace is looked at
// later, by userNamespace.
func (f facts) idsDoNotMatter() bool {
	return f.passed() || f.Self.Status.CapEff.Has(procfs.CapSysPtrace)
}

// notDumpable is seen by the owner of /proc/PID/mem, which is root for such a
// process. The folder /proc/PID keeps its owner.
func notDumpable(f facts) (Diagnosis, bool) {
	if f.idsDoNotMatter() || f.Mem == nil ||
		f.Mem.UID == f.Status.UID.Effective && f.Mem.GID == f.Status.GID.Effective {
		return none()
	}
	return refused("PT-NODUMP", f.Self.beRoot(), "Process %d is not dumpable: it asked for that with prctl(2), "+
		"has changed its ids, or may not be read.", f.Pid)
}

// capability is the rule that a tracer holds at least what its tracee holds.
func capability(f facts) (Diagnosis, bool) {
	if f.idsDoNotMatter() || f.Access != accessDenied && f.Errno == 0 {
		return none()
	}
	missing := f.Status.CapPrm.Without(f.Self.Status.CapPrm)
	switch {
	case f.Self.UID.Number == 0:
		return refused("PT-CAP", f.Self.beRoot(), "ptwalk runs as root without CAP_SYS_PTRACE, as root in a container does.")
	case missing != 0 && f.Self.InitNS:
		return refused("PT-CAP", f.Self.beRoot(), "Process %d holds a capability that ptwalk lacks: %v.", f.Pid, missing)
	}
	return none()
}

func userNamespace(f facts) (Diagnosis, bool) {
	if f.Self.InitNS || f.passed() || f.Access != accessDenied {
		return none()
	}
	why := "ptwalk is in a user namespace, and process %d is outside it. "
	if f.Self.Status.CapEff.Has(procfs.CapSysPtrace) {
		why += "CAP_SYS_PTRACE of the one counts for nothing in the other."
	} else {
		why += "Only its own processes can be traced from there."
	}
	return refused("PT-USERNS", "Run ptwalk outside that namespace.", why, f.Pid)
}

func yama3(f facts) (Diagnosis, bool) { return f.Self.yama3() }

func yama2(f facts) (Diagnosis, bool) {
	if f.Self.Yama != 2 || f.overrides() {
		return none()
	}
	return f.Self.yama2()
}

func yama1(f facts) (Diagnosis, bool) {
	if f.Self.Yama != 1 || f.overrides() || f.Descendant || f.Errno == 0 {
		return none()
	}
	return refused("PT-YAMA-1", "Run ptwalk as root, or: sudo sysctl kernel.yama.ptrace_scope=0",
		"Yama (ptrace_scope 1): process %d is none of ptwalk's descendants, and has not named it by PR_SET_PTRACER.", f.Pid)
}

// unseen is what is left when nothing in /proc forbids it, and the kernel did.
func unseen(f facts) (Diagnosis, bool) {
	if f.Errno == 0 {
		return none()
	}
	d := f.Self.unseen(fmt.Sprintf("to trace process %d", f.Pid), f.Errno)
	if f.Self.Inner && f.Errno == syscall.EPERM && d.Code == "PT-LSM" && d.Fix == "" {
		d.Why = fmt.Sprintf("The kernel refuses to trace process %d with EPERM, and /proc shows no reason: "+
			"a security module may, or it has a tracer outside our pid namespace.", f.Pid)
	}
	return d, true
}
