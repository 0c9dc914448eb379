package doctor

import (
	"fmt"
	"syscall"

	"ptwalk/tracer/names"
)

// The causes of the checks that run a program.

func ia32Cause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	if errno != syscall.ENOEXEC {
		return o.aside("execve of a 32-bit program", errno)
	}
	return Diagnosis{"PT-32BIT", "This kernel runs no 32-bit programs: IA32 emulation is missing or off.",
		"If it is off: boot with ia32_emulation=1.", exitRefused}
}

func memfdCause(_ *check, o selfFacts, _ *probeTarget, errno syscall.Errno) Diagnosis {
	if errno == syscall.EACCES && o.MemfdNoexec > 0 {
		return Diagnosis{"PT-NOEXEC", fmt.Sprintf("vm.memfd_noexec is %d: a memfd may not be executed. ptwalk uses a file in a folder instead.", o.MemfdNoexec),
			"", exitRefused}
	}
	if d, ok := o.withoutProc(); ok && errno == syscall.ENOENT {
		return d // it runs as /proc/self/fd/N
	}
	return o.aside("memfd_create", errno)
}

func tempCause(_ *check, o selfFacts, p *probeTarget, errno syscall.Errno) Diagnosis {
	switch {
	case errno == syscall.EACCES && o.TempNoexec:
		return noexecTemp(o.Temp)
	case p.uncreated:
		return o.noFileInTemp(errno)
	}
	return o.aside("a program in "+quoted(o.Temp), errno)
}

func noexecTemp(dir string) Diagnosis {
	return Diagnosis{"PT-NOEXEC", "The temporary folder " + quoted(dir) + " is mounted noexec: no program runs from there. ptwalk uses a memfd.",
		"If memfds are refused too, set TMPDIR to a folder that allows it.", exitRefused}
}

// noFileInTemp: the program could not be created there, which says nothing of
// whether it could be executed.
func (o selfFacts) noFileInTemp(errno syscall.Errno) Diagnosis {
	var why string
	switch errno {
	case syscall.ENOENT:
		why = "does not exist"
	case syscall.ENOTDIR:
		why = "is no folder"
	case syscall.EACCES, syscall.EPERM:
		why = fmt.Sprintf("may not be written by %v", o.UID)
	case syscall.EROFS:
		why = "is on a file system that is read-only"
	case syscall.ENOSPC, syscall.EDQUOT:
		why = "has no room left"
	default:
		why = fmt.Sprintf("takes no file (%s)", names.ErrnoName(int(errno)))
	}
	return Diagnosis{"PT-KERNEL", "The temporary folder " + quoted(o.Temp) + " " + why + ", so nothing ran there. ptwalk uses a memfd.",
		"Set TMPDIR to a folder that you may write.", exitRefused}
}
