package tracer

// RseqConfiguration is struct ptrace_rseq_configuration: what the thread has given to
// rseq(2). All is 0 where it has not called it.
type RseqConfiguration struct {
	ABIPointer Addr   // of its struct rseq
	ABISize    uint32 // the size of that
	Signature  uint32 // what stands before each abort handler: 0x53053053 by glibc on x86
	Flags      uint32
	_          uint32
}

// GetRseqConfiguration reads where a stopped thread has its area for restartable
// sequences. EIO: a kernel without rseq, or one before 5.13. ESRCH: not stopped, not
// ours, or gone. The manual: ptrace(2), PTRACE_GET_RSEQ_CONFIGURATION.
func (c *Tracee) GetRseqConfiguration() (RseqConfiguration, error) {
	var r RseqConfiguration
	err := c.tracer.ptrace(&Call{Request: GetRseqConfiguration, TID: c.TID, Addr: 24, Pointer: "&rseq"}, bufferOf(&r))
	return brought(c, r, err)
}

// DispatchConfig is struct ptrace_sud_config: what the thread has given to prctl(2)
// with PR_SET_SYSCALL_USER_DISPATCH. Mode is 0 where it is off. System calls from Len
// bytes at Offset are always let through; of the others the byte at Selector decides.
type DispatchConfig struct {
	Mode     uint64
	Selector Addr
	Offset   Addr
	Len      uint64
}

// The values of DispatchConfig.Mode.
const (
	DispatchOff = 0 // PR_SYS_DISPATCH_OFF
	DispatchOn  = 1 // PR_SYS_DISPATCH_ON
)

// GetSyscallUserDispatchConfig reads how the system calls of a stopped thread are
// handed back to it by SIGSYS. EIO: a kernel before 6.4. ESRCH: not stopped, not ours,
// or gone. <linux/ptrace.h>; it is not in the manual.
func (c *Tracee) GetSyscallUserDispatchConfig() (DispatchConfig, error) {
	var d DispatchConfig
	err := c.tracer.ptrace(&Call{Request: GetSyscallUserDispatchConfig, TID: c.TID, Addr: 32, Pointer: "&config"}, bufferOf(&d))
	return brought(c, d, err)
}

// SetSyscallUserDispatchConfig sets it for the tracee. EINVAL: a mode that is unknown,
// or off with an address. EFAULT: a selector that is no address of a program. Else as
// GetSyscallUserDispatchConfig.
func (c *Tracee) SetSyscallUserDispatchConfig(d DispatchConfig) error {
	return c.tracer.ptrace(&Call{Request: SetSyscallUserDispatchConfig, TID: c.TID, Addr: 32, Pointer: "&config"}, bufferOf(&d))
}
