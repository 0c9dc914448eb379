package tracer

import (
	"encoding/binary"

	"ptwalk/tracer/names"
)

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

// CodeName is the name of si_code for this signal: "TRAP_TRACE".
func (i SigInfo) CodeName() string { return names.SICodeName(int(i.Signo), int(i.Code)) }
