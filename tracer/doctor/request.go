package doctor

import (
	"fmt"
	"strings"
	"syscall"

	"ptwalk/tracer/names"
)

// Request explains why the kernel has refused a ptrace request, or another call
// that a tracer makes, to this process. tid is the tracee. For PTRACE_ATTACH
// and PTRACE_SEIZE the cause is looked for in the other process, as by [Pid]; for
// all others in ourselves, as by [Self]. It returns false for an errno that
// speaks of the request alone, such as EIO for a bad address.
func Request(request string, tid int, errno syscall.Errno) (Diagnosis, bool) {
	switch {
	case request == "PTRACE_ATTACH" || request == "PTRACE_SEIZE":
		return decide(machine.facts(request, tid, errno))
	case errno != syscall.EPERM && errno != syscall.EACCES && errno != syscall.ENOSYS && !noRegisters(request, errno):
		return Diagnosis{}, false
	}
	if strings.HasPrefix(request, "PTRACE_") {
		return machine.selfFor(request, errno).refuses(request, errno), true
	}
	return machine.self(errno).reach(request, errno), true
}

// noRegisters is what Rosetta answers: every x86 kernel has PTRACE_GETREGS.
func noRegisters(request string, errno syscall.Errno) bool {
	return request == "PTRACE_GETREGS" && errno == syscall.EIO
}

// refuses is the cause of an errno for a request about a child of ours.
func (o selfFacts) refuses(request string, errno syscall.Errno) Diagnosis {
	if d, ok := o.forbidden(); ok {
		return d
	}
	return o.unseen(request, errno)
}

// The causes of the checks.

func ownChild(c *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	return o.refuses(c.request, errno)
}

// otherProcess is the cause for a process that is not our descendant. The one
// that was tried on is gone, so its number says nothing.
func otherProcess(_ *check, o selfFacts, p *probeTarget, errno syscall.Errno) Diagnosis {
	f := p.facts
	f.Self, f.Errno = o, errno
	d, _ := decide(f)
	if d.Code == "PT-YAMA-1" {
		d.Why = "Yama (ptrace_scope 1) lets a process trace its descendants, and whoever has named it by PR_SET_PTRACER. Lessons trace descendants; ptwalk attach does not."
	}
	return d
}

func syscallInfoCause(c *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	if (errno == syscall.EIO || errno == syscall.EINVAL) && o.Emulator == "" && o.WSL != 1 {
		return Diagnosis{"PT-KERNEL", "PTRACE_GET_SYSCALL_INFO came with Linux 5.3. This is Linux " + o.Release + ".",
			"A newer kernel has it.", exitRefused}
	}
	return o.refuses(c.request, errno)
}

// aside is the cause for a call that is not ptrace.
func (o selfFacts) aside(call string, errno syscall.Errno) Diagnosis {
	name := names.ErrnoName(int(errno))
	switch {
	case errno != syscall.EPERM && errno != syscall.EACCES && errno != syscall.ENOSYS:
		return Diagnosis{"PT-KERNEL", fmt.Sprintf("The kernel answers %s to %s.", name, call), "", exitRefused}
	case o.Status.Seccomp <= 0 && o.Probe == syscall.ENOSYS:
		return o.emulated() // there is no ptrace either
	case o.Status.Seccomp > 0:
		return Diagnosis{"PT-SECCOMP", fmt.Sprintf("A seccomp filter is on, and %s is refused with %s.", call, name), o.allow(""), exitRefused}
	case errno == syscall.ENOSYS && o.Emulator != "":
		return o.emulated()
	case errno == syscall.ENOSYS:
		return Diagnosis{"PT-KERNEL", "This kernel was built without " + call + ".", "", exitRefused}
	}
	return o.module(call, name)
}

// reach is the cause for a call that reaches into a child of ours without
// ptrace(2). The kernel allows it to whoever may attach, so that Yama refuses it
// too: see ptrace(2), "Ptrace access mode checking".
func (o selfFacts) reach(call string, errno syscall.Errno) Diagnosis {
	if errno == syscall.EPERM || errno == syscall.EACCES {
		for _, applies := range []func() (Diagnosis, bool){o.yama3, o.yama2} {
			if d, ok := applies(); ok {
				return d
			}
		}
	}
	return o.aside(call, errno)
}

func vmReadCause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	return o.reach("process_vm_readv", errno)
}

// WithoutProc says whether /proc does not tell what our processes are: it is not
// mounted, or shows another pid namespace.
func WithoutProc() (Diagnosis, bool) { return selfFacts{Proc: machine.mounted()}.withoutProc() }

// withoutProc is where /proc does not tell what a process is.
func (o selfFacts) withoutProc() (Diagnosis, bool) {
	const mount = "Mount it: mount -t proc proc /proc"
	switch o.Proc {
	case procMissing:
		return refused("PT-KERNEL", mount, "/proc is not mounted here. It alone tells what a process is.")
	case procOthers:
		return refused("PT-KERNEL", mount, "/proc shows another pid namespace than ours: its numbers mean other processes.")
	}
	return none()
}

func procCause(_ *check, o selfFacts, _ *probeTarget, _ syscall.Errno) Diagnosis {
	d, _ := o.withoutProc()
	return d
}

func procMemCause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	if d, ok := o.withoutProc(); ok {
		return d
	}
	return o.reach("reading /proc/PID/mem", errno)
}

func personalityCause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	d := o.aside("personality", errno)
	d.Why += " Addresses then differ from run to run; nothing else is lost."
	return d
}
