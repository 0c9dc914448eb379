package tracer

import "encoding/binary"

// The values of SyscallInfo.Op, as in <linux/ptrace.h>.
const (
	SyscallInfoNone    = 0
	SyscallInfoEntry   = 1
	SyscallInfoExit    = 2
	SyscallInfoSeccomp = 3
)

// auditI386 is AUDIT_ARCH_I386 of <linux/audit.h>.
const auditI386 = 0x40000003

// SyscallInfo is struct ptrace_syscall_info, 88 bytes at most.
type SyscallInfo struct{ raw [88]byte }

func (i SyscallInfo) word(at int) uint64 { return binary.LittleEndian.Uint64(i.raw[at:]) }

// Op says which stop it is: one of the SyscallInfo constants.
func (i SyscallInfo) Op() int { return int(i.raw[0]) }

// Arch is the table that the number belongs to. It is I386 for int 0x80, even
// in a 64-bit program.
func (i SyscallInfo) Arch() Arch {
	if binary.LittleEndian.Uint32(i.raw[4:]) == auditI386 {
		return I386
	}
	return X8664
}

// SP is the stack pointer of the program, at any of the stops.
func (i SyscallInfo) SP() Addr { return Addr(i.word(16)) }

// Nr is the number of the call, at entry.
func (i SyscallInfo) Nr() int64 { return int64(i.word(24)) }

// Arg is argument n, 0 to 5, at entry.
func (i SyscallInfo) Arg(n int) Word { return Word(i.word(32 + 8*n)) }

// Result is the return value, at exit: -errno when IsError is set.
func (i SyscallInfo) Result() int64 { return int64(i.word(24)) }

// SetNr writes the number of the call, at entry. -1 skips the call.
func (i *SyscallInfo) SetNr(nr int64) { i.setWord(24, uint64(nr)) }

// SetArg writes argument n, 0 to 5, at entry.
func (i *SyscallInfo) SetArg(n int, w Word) { i.setWord(32+8*n, uint64(w)) }

// SetResult writes the return value, at exit: -errno makes an error of it.
func (i *SyscallInfo) SetResult(n int64) {
	i.setWord(24, uint64(n))
	i.raw[32] = 0
	if -4095 <= n && n < 0 {
		i.raw[32] = 1
	}
}

func (i *SyscallInfo) setWord(at int, w uint64) { binary.LittleEndian.PutUint64(i.raw[at:], w) }

// IsError says, at exit, whether the call failed.
func (i SyscallInfo) IsError() bool { return i.raw[32] != 0 }
