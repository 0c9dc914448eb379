package tracer

import "ptwalk/tracer/names"

// Request is the first argument of ptrace(2), as in <linux/ptrace.h>.
type Request uint64

// The requests of ptrace(2). The numbers up to 33 are those of x86-64; the others
// are the same on every architecture.
const (
	TraceMe                      Request = 0
	PeekText                     Request = 1
	PeekData                     Request = 2
	PeekUser                     Request = 3
	PokeText                     Request = 4
	PokeData                     Request = 5
	PokeUser                     Request = 6
	Cont                         Request = 7
	Kill                         Request = 8
	SingleStep                   Request = 9
	GetRegs                      Request = 12
	SetRegs                      Request = 13
	GetFPRegs                    Request = 14
	SetFPRegs                    Request = 15
	Attach                       Request = 16
	Detach                       Request = 17
	GetFPXRegs                   Request = 18
	SetFPXRegs                   Request = 19
	OldSetOptions                Request = 21
	Syscall                      Request = 24
	GetThreadArea                Request = 25
	SetThreadArea                Request = 26
	ArchPrctl                    Request = 30
	SysEmu                       Request = 31
	SysEmuSingleStep             Request = 32
	SingleBlock                  Request = 33
	SetOptions                   Request = 0x4200
	GetEventMsg                  Request = 0x4201
	GetSigInfo                   Request = 0x4202
	SetSigInfo                   Request = 0x4203
	GetRegSet                    Request = 0x4204
	SetRegSet                    Request = 0x4205
	Seize                        Request = 0x4206
	Interrupt                    Request = 0x4207
	Listen                       Request = 0x4208
	PeekSigInfo                  Request = 0x4209
	GetSigMask                   Request = 0x420a
	SetSigMask                   Request = 0x420b
	SeccompGetFilter             Request = 0x420c
	SeccompGetMetadata           Request = 0x420d
	GetSyscallInfo               Request = 0x420e
	GetRseqConfiguration         Request = 0x420f
	SetSyscallUserDispatchConfig Request = 0x4210
	GetSyscallUserDispatchConfig Request = 0x4211
	SetSyscallInfo               Request = 0x4212
	notPtrace                    Request = 1 << 63 // the Request of a Call that is not one of ptrace(2): wait4, fork ...
)

// Restarts says whether the request makes a stopped tracee run. Its data is the
// signal to deliver.
func (r Request) Restarts() bool {
	switch r {
	case Cont, SingleStep, Syscall, SysEmu, SysEmuSingleStep, SingleBlock, Detach:
		return true
	}
	return false
}

// NotPtrace is the Request of a Call that is not one of ptrace(2).
const NotPtrace = notPtrace

// String is the name of <linux/ptrace.h>: "PTRACE_PEEKUSER".
func (r Request) String() string { return names.RequestName(uint64(r)) }

// Option is a set of PTRACE_O_ bits, for [Tracee.SetOptions] and
// [Tracer.Seize].
type Option uint64

// The options of ptrace(2), section PTRACE_SETOPTIONS.
const (
	TraceSysGood   Option = 1 << 0
	TraceFork      Option = 1 << 1
	TraceVfork     Option = 1 << 2
	TraceClone     Option = 1 << 3
	TraceExec      Option = 1 << 4
	TraceVforkDone Option = 1 << 5
	TraceExit      Option = 1 << 6
	TraceSeccomp   Option = 1 << 7
	ExitKill       Option = 1 << 20
	SuspendSeccomp Option = 1 << 21
)

// String is the bits as C spells them: "PTRACE_O_TRACESYSGOOD|PTRACE_O_EXITKILL".
func (o Option) String() string { return names.OptionString(uint64(o)) }
