package tracer

import (
	"fmt"
	"slices"
)

// MemFile is /proc/TID/mem, open for reading and writing. It stays the memory of the
// program that the tracee ran when it was opened: after an execve it is empty.
type MemFile struct {
	tracee *Tracee
	fd     int
}

// OpenMem opens the memory of the tracee as a file. It needs no stop, and the right to
// trace. EACCES: not allowed. ENOENT: there is no such process. The manual: proc(5),
// /proc/pid/mem.
func (c *Tracee) OpenMem() (*MemFile, error) {
	fd, err := c.tracer.openMem(&Call{Name: "openat", Request: notPtrace, TID: c.TID,
		Path: fmt.Sprintf("/proc/%d/mem", c.TID), Flag: oRDWR | oCloExec})
	if err != nil {
		return nil, err
	}
	return &MemFile{c, fd}, nil
}

// ReadAt copies len(p) bytes from a, in one pread(2). Like PeekData it passes page
// protections. It stops short at the edge of a mapping. EIO: nothing there is mapped.
// 0 bytes: the program is gone.
func (m *MemFile) ReadAt(p []byte, a Addr) (int, error) {
	c := m.tracee
	n, err := c.tracer.transfer(&Call{Name: "pread64", Request: notPtrace, TID: c.TID, Addr: uint64(a), Len: len(p)}, m.fd, p)
	if to := c.tracer.reader(); to != nil && n > 0 {
		to.Read(c.TID, Memory{a, slices.Clone(p[:n])})
	}
	return n, err
}

// WriteAt copies p to a, in one pwrite(2). Like PokeData it writes code too. Errors as
// ReadAt; and EIO where the mapping is shared and may only be read, or where the kernel
// is told to refuse (proc_mem.force_override, since Linux 6.12).
func (m *MemFile) WriteAt(p []byte, a Addr) (int, error) {
	c := m.tracee
	return c.tracer.transfer(&Call{Name: "pwrite64", Request: notPtrace, TID: c.TID, Addr: uint64(a), Len: len(p)}, m.fd, p)
}

// Close closes the file.
func (m *MemFile) Close() error {
	return m.tracee.tracer.closeMem(&Call{Name: "close", Request: notPtrace, TID: m.tracee.TID}, m.fd)
}
