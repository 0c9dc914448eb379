package doctor

import (
	"fmt"
	"slices"
	"strings"
	"syscall"

	"ptwalk/tracer/names"
)

// Self explains why this process may not trace even its own child. errno is
// what the kernel answered to the child's PTRACE_TRACEME, which fork and exec
// hand on, or to the child's first PTRACE_GETREGS. With errno 0 and nothing that
// forbids it the code is PT-OK and the exit status 0.
//
// Where a seccomp filter is on, or errno is ENOSYS, it makes one ptrace request
// on another thread.
func Self(errno syscall.Errno) Diagnosis { return decideSelf(machine.own(errno), errno) }

// decideSelf asks the causes in order. What stands in front of the kernel comes
// first, because the answer of the probe proves it.
func decideSelf(o own, errno syscall.Errno) Diagnosis {
	for _, applies := range []func() (Diagnosis, bool){
		o.inFront, o.traced, o.yama3, o.yama2,
	} {
		if d, ok := applies(); ok {
			return d
		}
	}
	if errno == 0 {
		return Diagnosis{Code: "PT-OK", Why: "Nothing in /proc forbids this process to trace its own child."}
	}
	return o.unseen("to trace even a child of ptwalk", errno)
}

// inFront is somebody who answers ptrace requests before the kernel does: the
// answer to a request for process 0 shows it.
func (o own) inFront() (Diagnosis, bool) {
	switch {
	case o.Probe == 0 || o.Probe == syscall.ESRCH:
		return none()
	case o.Probe == syscall.ENOSYS && (o.Emulator != "" || o.Status.Seccomp == 0 && o.Tracer.Pid == 0):
		return o.emulated(), true
	case o.Status.Seccomp != 0:
		return o.seccomp(), true
	case o.Tracer.Pid != 0:
		return o.traced()
	}
	return none()
}

// traced: who is traced with its forks followed has children that are traced
// from their first instruction. Their PTRACE_TRACEME comes too late.
func (o own) traced() (Diagnosis, bool) {
	if o.Tracer.Pid == 0 {
		return none()
	}
	return refused("PT-TRACED", "Run ptwalk without it.",
		"ptwalk is itself traced by %v, which traces its children too. A thread has one tracer at a time.", o.Tracer)
}

func (o own) seccomp() Diagnosis {
	return Diagnosis{"PT-SECCOMP", "A seccomp filter on this process refuses ptrace, as some containers and CI machines do.",
		"With Docker: --cap-add=SYS_PTRACE, or --security-opt seccomp=FILE.", exitRefused}
}

func (o own) emulated() Diagnosis {
	by := o.Emulator
	if by == "" {
		by = "An emulator"
	}
	return Diagnosis{"PT-EMULATED", by + " runs this program in place of the processor, and has no ptrace.",
		"Use a build of ptwalk for this machine's own processor.", exitRefused}
}

func (o own) yama3() (Diagnosis, bool) {
	if o.Yama != 3 {
		return none()
	}
	return refused("PT-YAMA-3", "", "Yama (ptrace_scope 3) forbids ptrace to everybody, root included. Nothing lowers it before the next boot.")
}

func (o own) yama2() (Diagnosis, bool) {
	if o.Yama != 2 || o.Status.CapEff.has(sysPtrace) {
		return none()
	}
	return refused("PT-YAMA-2", o.beRoot(), "Yama (ptrace_scope 2) allows ptrace only with CAP_SYS_PTRACE, which ptwalk lacks.")
}

// beRoot is the advice that helps against a missing CAP_SYS_PTRACE.
func (o own) beRoot() string {
	switch {
	case !o.InitNS:
		return "Run ptwalk as root outside this user namespace."
	case o.UID.Number == 0:
		return "Give root CAP_SYS_PTRACE. With Docker: --cap-add=SYS_PTRACE."
	}
	return "Run ptwalk as root."
}

// mayRefuse are the security modules that have a say in ptrace and do not show
// their reasons in /proc: those with a ptrace hook in security/.
var mayRefuse = []string{"selinux", "apparmor", "smack", "landlock", "bpf"}

// unseen is a refusal for which /proc shows no cause.
func (o own) unseen(what string, errno syscall.Errno) Diagnosis {
	name := names.ErrnoName(int(errno))
	switch errno {
	case syscall.ENOSYS:
		if o.Status.Seccomp > 0 && o.Emulator == "" {
			return o.seccomp()
		}
		return o.emulated()
	case syscall.EPERM, syscall.EACCES:
		return o.module(what, name)
	case syscall.EIO:
		// PTRACE_GETREGS is answered by every x86 kernel. arm64 has none.
		if o.Emulator != "" || o.Arch == "amd64" || o.Arch == "386" {
			return o.emulated()
		}
	}
	return Diagnosis{"PT-KERNEL", fmt.Sprintf("The kernel refuses %s with %s, and /proc shows no reason.", what, name), "", exitRefused}
}

func (o own) module(what, errno string) Diagnosis {
	if o.LSMs == nil {
		return Diagnosis{"PT-LSM", fmt.Sprintf("The kernel refuses %s with %s, and /proc shows no reason: a security module may. "+
			"Their list, in /sys/kernel/security/lsm, cannot be read.", what, errno), "", exitRefused}
	}
	var suspects []string
	for _, m := range o.LSMs {
		if slices.Contains(mayRefuse, m) {
			suspects = append(suspects, m)
		}
	}
	if len(suspects) == 0 {
		return Diagnosis{"PT-KERNEL", fmt.Sprintf("The kernel refuses %s with %s. "+
			"/proc shows no reason, and no security module that could is on.", what, errno), "", exitRefused}
	}
	return Diagnosis{"PT-LSM", fmt.Sprintf("The kernel refuses %s with %s. /proc shows no reason: a security module may (%s).",
		what, errno, strings.Join(suspects, ", ")), "", exitRefused}
}
