package tracer

import "ptwalk/tracer/names"

// UserDesc is struct user_desc of <asm/ldt.h>: a descriptor of thread-local storage,
// as set_thread_area(2) takes it. The bits of Flags are seg_32bit, contents (two),
// read_exec_only, limit_in_pages, seg_not_present, useable and lm.
type UserDesc struct {
	EntryNumber, BaseAddr, Limit, Flags uint32
}

// Flags of a UserDesc.
const (
	Seg32Bit      = 1 << 0
	ReadExecOnly  = 1 << 3
	LimitInPages  = 1 << 4
	SegNotPresent = 1 << 5
	Useable       = 1 << 6
)

// GetThreadArea reads an entry of the tracee's descriptor table: 12, 13 or 14, in any
// stop. A 64-bit program has them too, and leaves them empty. EIO: a negative index.
// EINVAL: an index of no such entry. ESRCH: not stopped, not ours, or gone. The manual:
// ptrace(2), PTRACE_GET_THREAD_AREA.
func (c *Tracee) GetThreadArea(index uint32) (UserDesc, error) {
	var desc UserDesc
	err := c.tracer.ptrace(&Call{Request: GetThreadArea, TID: c.TID, Addr: uint64(index), Pointer: "&desc"}, bufferOf(&desc))
	return brought(c, desc, err)
}

// SetThreadArea writes an entry. Errors as GetThreadArea, and EINVAL for a descriptor
// that user code may not have. The manual: ptrace(2), PTRACE_SET_THREAD_AREA.
func (c *Tracee) SetThreadArea(index uint32, desc UserDesc) error {
	return c.tracer.ptrace(&Call{Request: SetThreadArea, TID: c.TID, Addr: uint64(index), Pointer: "&desc"}, bufferOf(&desc))
}

// ArchCode is a code of arch_prctl(2), as in <asm/prctl.h>.
type ArchCode uint64

// The codes for the base addresses of fs and gs.
const (
	ArchSetGS ArchCode = 0x1001
	ArchSetFS ArchCode = 0x1002
	ArchGetFS ArchCode = 0x1003
	ArchGetGS ArchCode = 0x1004
)

// String is the name: "ARCH_GET_FS".
func (a ArchCode) String() string {
	if name := names.MacroOf("ARCH_", uint64(a)); name != "" {
		return name
	}
	return Addr(a).String()
}

// ArchPrctl does arch_prctl(2) for a stopped tracee. A code that reads stores the word
// in memory of ours, and it is returned; one that writes takes it from w. EPERM: an
// address that is none of a program's. EINVAL: an unknown code. ESRCH: not stopped, not
// ours, or gone. Request 30 of <asm/ptrace-abi.h>; the manual: arch_prctl(2).
func (c *Tracee) ArchPrctl(code ArchCode, w Word) (Word, error) {
	call := &Call{Request: ArchPrctl, TID: c.TID, Data: uint64(code)}
	if code != ArchGetFS && code != ArchGetGS {
		call.Addr = uint64(w)
		return w, c.tracer.ptrace(call, buffer{})
	}
	call.AddrPointer = "&base"
	return c.tracer.peekAt(call)
}
