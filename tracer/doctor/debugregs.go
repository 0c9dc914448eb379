package doctor

import "syscall"

// DebugRegisters is why the debug registers of a tracee cannot be used: errno is what
// PTRACE_POKEUSER has answered, or 0 where it was content and no trap came.
func DebugRegisters(errno syscall.Errno) Diagnosis {
	if errno == 0 {
		return withoutTraps()
	}
	return machine.selfFor("PTRACE_POKEUSER", errno).debugRegisters(errno)
}

// withoutTraps is for a machine that takes the debug registers and does nothing.
func withoutTraps() Diagnosis {
	return Diagnosis{"PT-KERNEL", "This machine, probably a virtual one, carries out no hardware breakpoints, " +
		"though its kernel takes them. The lesson about watchpoints needs them.", "", exitRefused}
}

func debugRegCause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	return o.debugRegisters(errno)
}

func (o selfFacts) debugRegisters(errno syscall.Errno) Diagnosis {
	switch errno {
	case syscall.ENOSPC:
		return Diagnosis{"PT-KERNEL", "The debug registers are in use by somebody else, by perf for example.", "", exitRefused}
	case syscall.EIO, syscall.EINVAL:
		return Diagnosis{"PT-KERNEL", "This machine does not let a tracer set the debug registers.", "", exitRefused}
	}
	return o.refuses("PTRACE_POKEUSER", errno)
}
