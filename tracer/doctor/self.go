package doctor

import (
	"fmt"
	"slices"
	"strings"
	"syscall"

	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
)

// Self explains why this process may not trace even its own child. errno is
// what the kernel answered to the child's PTRACE_TRACEME, which fork and exec
// hand on, or to the child's first PTRACE_GETREGS. With errno 0 and nothing that
// forbids it the code is PT-OK and the exit status 0.
//
// Where a seccomp filter is on, or errno is ENOSYS, it makes one ptrace request
// on another thread.
func Self(errno syscall.Errno) Diagnosis { return decideSelf(machine.self(errno), errno) }

// Deadly says whether a seccomp filter kills whoever makes a ptrace request. A
// child finds out, if a filter is on.
func Deadly() (Diagnosis, bool) {
	if o := machine.self(0); o.Kills {
		return o.killed(), true
	}
	return none()
}

// decideSelf asks the causes in order. What stands in front of the kernel comes
// first, because the answer of the probe proves it.
func decideSelf(o selfFacts, errno syscall.Errno) Diagnosis {
	if d, ok := o.forbidden(); ok {
		return d
	}
	if errno == 0 {
		return Diagnosis{Code: "PT-OK", Why: "Nothing in /proc forbids this process to trace its own child."}
	}
	return o.unseen("PTRACE_TRACEME", errno)
}

// forbidden asks the causes that show in /proc, in order. What stands in front
// of the kernel comes first, because the answer of the probe proves it.
func (o selfFacts) forbidden() (Diagnosis, bool) {
	for _, applies := range []func() (Diagnosis, bool){
		o.intercepted, o.traced, o.yama3, o.yama2,
	} {
		if d, ok := applies(); ok {
			return d, true
		}
	}
	return none()
}

// intercepted is somebody who answers ptrace requests before the kernel does: the
// answer to a request for process 0 shows it.
func (o selfFacts) intercepted() (Diagnosis, bool) {
	switch {
	case o.Kills:
		return o.killed(), true
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
func (o selfFacts) traced() (Diagnosis, bool) {
	if o.Tracer.Pid == 0 {
		return none()
	}
	return refused("PT-TRACED", "Run ptwalk without it.",
		"ptwalk is itself traced by %v, and so are its children. A thread has one tracer at a time.", o.Tracer)
}

func (o selfFacts) seccomp() Diagnosis {
	return Diagnosis{"PT-SECCOMP", "A seccomp filter refuses ptrace, as in some containers.",
		o.allow("--cap-add=SYS_PTRACE"), exitRefused}
}

func (o selfFacts) killed() Diagnosis {
	return Diagnosis{"PT-SECCOMP", "A seccomp filter kills whoever uses ptrace, by SIGSYS.",
		o.allow("--cap-add=SYS_PTRACE"), exitRefused}
}

// allow is what lifts a filter, in the words of the container that shows. The
// flag is what is enough for Docker's own filter.
func (o selfFacts) allow(flag string) string {
	lifts := flag
	switch flag {
	case "":
		flag, lifts = "--security-opt seccomp=FILE.", "--security-opt seccomp=FILE"
	default:
		flag += " or --security-opt seccomp=FILE."
	}
	switch o.Container {
	case "docker", "podman":
		return o.Container + " run needs " + flag
	case "codespaces":
		return "In devcontainer.json, runArgs needs " + flag
	case "kubernetes":
		return "In the pod's securityContext: capabilities.add SYS_PTRACE, or a seccompProfile."
	}
	return "Who runs this machine can lift it; with Docker: " + lifts + "."
}

func (o selfFacts) emulated() Diagnosis {
	by := o.Emulator
	switch {
	case o.WSL == 1:
		return Diagnosis{"PT-EMULATED", "WSL 1 is no Linux kernel: it translates the calls, and ptrace not wholly.",
			"In Windows: wsl --set-version DISTRIBUTION 2.", exitRefused}
	case by == "":
		by = "An emulator"
	}
	fix := "Use a build of ptwalk for this machine's own processor."
	if o.Container != "" {
		fix = "Use the image for this machine's own processor: on Apple Silicon the arm64 image."
	}
	return Diagnosis{"PT-EMULATED", by + " runs this program in place of the processor, and has no ptrace.", fix, exitRefused}
}

// odd is an answer that no kernel gives. Somebody answers in its place, or the
// machine is a strange one.
func (o selfFacts) odd(what string) Diagnosis {
	if o.Emulator != "" || o.WSL == 1 {
		d := o.emulated()
		d.Why += " Here " + what + "."
		return d
	}
	return Diagnosis{"PT-KERNEL", "It did not go as ptrace(2) says: " + what + ".", "", exitRefused}
}

func (o selfFacts) yama3() (Diagnosis, bool) {
	if o.Yama != 3 {
		return none()
	}
	return refused("PT-YAMA-3", "", "Yama (ptrace_scope 3) forbids ptrace to everybody, root included. Nothing lowers it before the next boot.")
}

func (o selfFacts) yama2() (Diagnosis, bool) {
	if o.Yama != 2 || o.Status.CapEff.Has(procfs.CapSysPtrace) {
		return none()
	}
	return refused("PT-YAMA-2", o.beRoot(), "Yama (ptrace_scope 2) allows ptrace only with CAP_SYS_PTRACE, which ptwalk lacks.")
}

// beRoot is the advice that helps against a missing CAP_SYS_PTRACE.
func (o selfFacts) beRoot() string {
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
func (o selfFacts) unseen(what string, errno syscall.Errno) Diagnosis {
	name := names.ErrnoName(int(errno))
	switch errno {
	case syscall.ENOSYS:
		if o.Status.Seccomp > 0 && o.Emulator == "" {
			return o.seccomp()
		}
		return o.emulated()
	case syscall.EPERM, syscall.EACCES:
		if o.Status.Seccomp > 0 && strings.HasPrefix(what, "PTRACE_") {
			return o.seccomp() // the kernel itself does not refuse that about a tracee of ours
		}
		return o.module(what, name)
	case syscall.EIO:
		// PTRACE_GETREGS is answered by every x86 kernel. arm64 has none.
		if o.Emulator != "" || o.WSL == 1 || o.Arch == "amd64" || o.Arch == "386" {
			return o.emulated()
		}
	}
	return Diagnosis{"PT-KERNEL", fmt.Sprintf("The kernel refuses %s with %s, and /proc shows no reason.", what, name), "", exitRefused}
}

func (o selfFacts) module(what, errno string) Diagnosis {
	if o.DenyPtrace {
		return Diagnosis{"PT-LSM", fmt.Sprintf("SELinux refuses %s with %s: its boolean deny_ptrace is on.", what, errno),
			"sudo setsebool deny_ptrace off", exitRefused}
	}
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
