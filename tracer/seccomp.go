package tracer

// SockFilter is struct sock_filter of <linux/filter.h>: one instruction of a classic
// BPF program, as seccomp(2) takes it.
type SockFilter struct {
	Code   uint16
	JT, JF uint8
	K      uint32
}

// SeccompFilterLen says how many instructions filter index of the tracee has: 0 is the
// one that was installed last. Any stop. EINVAL: the tracee has no filter, or the
// kernel no CONFIG_CHECKPOINT_RESTORE. ENOENT: no filter with that index. EACCES: it
// needs CAP_SYS_ADMIN, and a tracer without a filter. ESRCH: not stopped, not ours, or
// gone. The manual: ptrace(2), PTRACE_SECCOMP_GET_FILTER (since Linux 4.4).
func (c *Tracee) SeccompFilterLen(index uint64) (int, error) {
	call := &Call{Request: SeccompGetFilter, TID: c.TID, Addr: index}
	err := c.tracer.ptrace(call, buffer{})
	return max(int(call.Result), 0), err
}

// SeccompGetFilter reads the instructions of filter index into filter, which has to
// have room for all of them: SeccompFilterLen says how many. Errors as that.
func (c *Tracee) SeccompGetFilter(index uint64, filter []SockFilter) (int, error) {
	call := &Call{Request: SeccompGetFilter, TID: c.TID, Addr: index, Pointer: "filter"}
	err := c.tracer.ptrace(call, bufferOfAll(filter))
	n := min(max(int(call.Result), 0), len(filter))
	_, err = brought(c, filter[:n], err)
	return n, err
}

// Metadata is struct seccomp_metadata: which filter, and the SECCOMP_FILTER_FLAG_ bits
// that it was installed with.
type Metadata struct{ FilterOff, Flags uint64 }

// FilterFlagLog is SECCOMP_FILTER_FLAG_LOG, the one flag that is kept.
const FilterFlagLog = 1 << 1

// SeccompGetMetadata reads the flags of filter index. Errors as SeccompFilterLen. The
// manual: ptrace(2), PTRACE_SECCOMP_GET_METADATA (since Linux 4.16).
func (c *Tracee) SeccompGetMetadata(index uint64) (Metadata, error) {
	m := Metadata{FilterOff: index}
	err := c.tracer.ptrace(&Call{Request: SeccompGetMetadata, TID: c.TID, Addr: 16, Pointer: "&metadata"}, bufferOf(&m))
	return brought(c, m, err)
}
