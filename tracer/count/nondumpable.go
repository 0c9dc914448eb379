package count

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"ptwalk/tracer/procfs"
	"ptwalk/tracer/x86"
)

// The memory of a program that is not dumpable is closed to a tracer without
// CAP_SYS_PTRACE: ptrace_access_vm in kernel/ptrace.c. A program becomes so by
// prctl(PR_SET_DUMPABLE), by a change of its ids or capabilities, and by execve of
// a file that it may not read. Its registers and its stops stay open. What we know
// of its code by then suffices to step it, until it loads more, or stores its flags.

// Why it is closed.
const (
	byFile  = "its file may not be read"
	byPrctl = "it has called prctl(PR_SET_DUMPABLE)"
	byIDs   = "it has changed its ids or capabilities"
)

// errClosed says that the next instruction of a program cannot be told.
func errClosed(name, why string) error {
	return fmt.Errorf("the memory of %q is closed to us, because %s: it cannot be counted further without changing what it does; "+
		"count it as root [PT-NODUMP]", name, why)
}

const (
	setDumpable = 4  // PR_SET_DUMPABLE of <linux/prctl.h>
	setMM       = 35 // PR_SET_MM
)

// keepCode is at the entry to a system call that may close the memory. It reads
// all code that stays what it is.
func (r *run) keepCode(th *thread, why string) {
	caps, err := procfs.ParseCaps(procfs.StatusField(procfs.Self, "CapEff"))
	if err == nil && caps.Has(procfs.CapSysPtrace) {
		return
	}
	s := th.space
	if s.code != nil {
		s.code.RemoveBreakpoints(th.tracee, 0, allMemory)
	}
	for _, m := range s.maps.All() {
		if !procfs.FixedCode(m, s.maps.All()) {
			continue
		}
		for a := m.Start; a < m.End; a += x86.PageSize {
			if s.pages[a] == nil {
				s.pages[a] = th.page(a)
			}
		}
	}
	th.call.closes = why
}

// lookIfClosed is at the exit from that call. The word that rip lies in is mapped.
func (r *run) lookIfClosed(th *thread, why string) {
	if why == "" {
		return
	}
	pc, err := th.tracee.PC()
	if r.refused(err) {
		return
	}
	if _, err := th.tracee.PeekData(pc &^ 7); errors.Is(err, syscall.EIO) {
		th.space.code, th.space.closed = nil, why
	}
}

// closed says whether what cannot be read is closed to us, and not unmapped.
func (th *thread) closed() bool {
	maps, err := os.Open("/proc/" + th.pid.String() + "/maps")
	if err == nil {
		maps.Close()
	}
	return errors.Is(err, fs.ErrPermission)
}
