package tracer

import (
	"fmt"
	"strconv"

	"ptwalk/tracer/names"
)

// TID is the id of one thread, as the kernel numbers it. The first thread of a
// process has the number of the process.
type TID int

// String is the number, in decimal.
func (t TID) String() string { return strconv.Itoa(int(t)) }

// Addr is an address in the tracee's memory.
type Addr uint64

// String is hexadecimal: "0x401000".
func (a Addr) String() string { return "0x" + strconv.FormatUint(uint64(a), 16) }

// Word is the content of one register or of one 8-byte word of memory.
type Word uint64

// String spells small numbers, positive and negative, in decimal, because they
// count or name something, and all others in hexadecimal, because they are
// addresses or bits.
func (w Word) String() string {
	if n := int64(w); -10000 < n && n < 10000 {
		return strconv.FormatInt(n, 10)
	}
	return w.Hex()
}

// Hex spells the word in hexadecimal, whatever its size.
func (w Word) Hex() string { return "0x" + strconv.FormatUint(uint64(w), 16) }

// Status is the wait status that wait4(2) stores, undecoded.
type Status uint32

// String is all eight hexadecimal digits: "0x0000057f".
func (s Status) String() string { return fmt.Sprintf("0x%08x", uint32(s)) }

// Signal is a signal number of Linux on x86-64; 0 means no signal.
type Signal int

// The signals that tracing itself deals with. See signal(7).
const (
	SIGINT  Signal = 2
	SIGILL  Signal = 4
	SIGTRAP Signal = 5
	SIGBUS  Signal = 7
	SIGFPE  Signal = 8
	SIGKILL Signal = 9
	SIGUSR1 Signal = 10
	SIGSEGV Signal = 11
	SIGUSR2 Signal = 12
	SIGCONT Signal = 18
	SIGSTOP Signal = 19
	SIGTSTP Signal = 20
	SIGTTIN Signal = 21
	SIGTTOU Signal = 22
	SIGURG  Signal = 23
	SIGSYS  Signal = 31
)

// String is the name, "SIGTRAP", or "0" for none.
func (s Signal) String() string {
	if s == 0 {
		return "0"
	}
	return names.SignalName(int(s))
}

// Fault says whether the kernel makes this signal of an instruction that fails.
// Where it has, the si_code is greater than 0; kill(2) can send it as well.
func (s Signal) Fault() bool {
	return s == SIGILL || s == SIGBUS || s == SIGFPE || s == SIGSEGV
}

// Stops says whether the default action of the signal is to stop the process.
func (s Signal) Stops() bool {
	return s == SIGSTOP || s == SIGTSTP || s == SIGTTIN || s == SIGTTOU
}

// Arch is the architecture of a tracee's code.
type Arch = names.Arch

// The architectures that an x86-64 kernel runs.
const (
	X8664 = names.X8664
	I386  = names.I386
)
