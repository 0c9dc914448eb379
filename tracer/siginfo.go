package tracer

import (
	"encoding/binary"

	"ptwalk/tracer/names"
)

// The si_codes of a SIGTRAP, from <asm-generic/siginfo.h>, and what has raised it
// on x86.
const (
	TrapBrkpt   = 1    // TRAP_BRKPT: a step over a system call, and icebp
	TrapTrace   = 2    // TRAP_TRACE: a step
	TrapHWBkpt  = 4    // TRAP_HWBKPT: a debug register
	TrapHandler = 5    // SIGTRAP itself, from ptrace_notify: the entry to a handler under a step
	SIKernel    = 0x80 // SI_KERNEL: int3
)

// SetSigInfo replaces the siginfo of the signal that the tracee stopped for, and with
// it what a handler will be told. The signal itself is what the restart delivers.
// EINVAL: a stop that has no siginfo, as a group-stop. ESRCH: not stopped, not ours, or
// gone. The manual: ptrace(2), PTRACE_SETSIGINFO.
func (c *Tracee) SetSigInfo(info SigInfo) error {
	return c.tracer.ptrace(&Call{Request: SetSigInfo, TID: c.TID, Pointer: "&siginfo"}, bufferOf(&info))
}

// PeekShared, in the flags of PeekSigInfo, is for the queue of the whole process.
const PeekShared = 1 // PTRACE_PEEKSIGINFO_SHARED

// peekSigInfoArgs is struct ptrace_peeksiginfo_args.
type peekSigInfoArgs struct {
	off   uint64
	flags uint32
	nr    int32
}

// PeekSigInfo copies the siginfo of signals that wait for the tracee into infos, from
// number off of its queue on, and takes none away. It returns how many there are. Any
// stop. EINVAL: an unknown flag. ESRCH: not stopped, not ours, or gone. The manual:
// ptrace(2), PTRACE_PEEKSIGINFO (since Linux 3.10).
func (c *Tracee) PeekSigInfo(off uint64, flags uint32, infos []SigInfo) (int, error) {
	args := peekSigInfoArgs{off, flags, int32(len(infos))}
	call := &Call{Request: PeekSigInfo, TID: c.TID, AddrPointer: "&args", Pointer: "siginfos"}
	err := c.tracer.ptrace(call, withAddr(bufferOfAll(infos), &args))
	n := max(int(call.Result), 0)
	_, err = brought(c, infos[:n], err)
	return n, err
}

// SigInfo is the kernel's siginfo_t of x86-64, 128 bytes. See sigaction(2).
type SigInfo struct {
	Signo, Errno, Code int32
	_                  int32
	fields             [112]byte // a union: its meaning depends on Signo and Code
}

// PID is si_pid: who sent the signal, where Code is 0 or less, or the child of a
// SIGCHLD.
func (i SigInfo) PID() TID { return TID(int32(binary.LittleEndian.Uint32(i.fields[0:]))) }

// UID is si_uid, the real user id of the sender, where PID is one.
func (i SigInfo) UID() uint32 { return binary.LittleEndian.Uint32(i.fields[4:]) }

// Address is si_addr: where a SIGSEGV, SIGBUS, SIGILL, SIGFPE or SIGTRAP that
// the processor raised happened.
func (i SigInfo) Address() Addr { return Addr(binary.LittleEndian.Uint64(i.fields[0:])) }

// SetPID writes si_pid.
func (i *SigInfo) SetPID(tid TID) { binary.LittleEndian.PutUint32(i.fields[0:], uint32(tid)) }

// SetUID writes si_uid.
func (i *SigInfo) SetUID(uid uint32) { binary.LittleEndian.PutUint32(i.fields[4:], uid) }

// CodeName is the name of si_code for this signal: "TRAP_TRACE".
func (i SigInfo) CodeName() string { return names.SICodeName(int(i.Signo), int(i.Code)) }

// Bytes are the 128 bytes as the kernel gave them.
func (i SigInfo) Bytes() []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(i.Signo))
	b = binary.LittleEndian.AppendUint32(b, uint32(i.Errno))
	b = binary.LittleEndian.AppendUint32(b, uint32(i.Code))
	return append(binary.LittleEndian.AppendUint32(b, 0), i.fields[:]...)
}
