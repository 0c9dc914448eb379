package tracer

import "ptwalk/tracer/user"

// Trigger is what a debug register waits for, as the field R/W of DR7 says it.
type Trigger uint8

// The triggers. OnIO needs a bit of the kernel's and is refused.
const (
	OnExecute   Trigger = 0 // before the instruction; the length has to be 1
	OnWrite     Trigger = 1 // after the instruction that wrote
	OnIO        Trigger = 2
	OnReadWrite Trigger = 3 // after the instruction that read or wrote
)

// Watch is what DR7 says of one of the four addresses in DR0 to DR3.
type Watch struct {
	Enabled bool
	On      Trigger
	Len     int // bytes: 1, 2, 4 or 8; the address has to be a multiple of it
}

// DR7 is the debug control register. Of slot n, bit 2n is the local enable bit L, bits
// 16+4n and 17+4n are R/W, and the two after them LEN. See the processor's manual, in
// the chapter on debugging.
type DR7 Word

// lengths are those that the field LEN stands for.
var lengths = [4]int{1, 2, 8, 4}

// Slot says what is watched at the address in DRn.
func (d DR7) Slot(n int) Watch {
	bits := uint64(d) >> (16 + 4*n)
	return Watch{Enabled: d>>(2*n)&3 != 0, On: Trigger(bits & 3), Len: lengths[bits>>2&3]}
}

// With is d with another watch in slot n. A Len that there is not counts as 1.
func (d DR7) With(n int, w Watch) DR7 {
	bits := uint64(w.On & 3)
	for field, length := range lengths {
		if length == w.Len {
			bits |= uint64(field) << 2
		}
	}
	d = d.Without(n) | DR7(bits<<(16+4*n))
	if w.Enabled {
		d |= 1 << (2 * n)
	}
	return d
}

// Without is d with slot n off.
func (d DR7) Without(n int) DR7 { return d &^ (3<<(2*n) | 0xf<<(16+4*n)) }

// DR6 is the debug status register, as the kernel keeps it for a tracee. The processor
// sets bits and clears none.
type DR6 Word

// Hit says whether the watch of slot n has trapped.
func (d DR6) Hit(n int) bool { return d>>n&1 != 0 }

// Step says whether a single step has trapped, bit 14.
func (d DR6) Step() bool { return d>>14&1 != 0 }

// PeekDebugReg reads DRn, as one PTRACE_PEEKUSER of u_debugreg[n]: DR0 to DR3 are
// addresses, DR6 and DR7 see there; 4 and 5 are 0. Errors as PeekUser.
func (c *Tracee) PeekDebugReg(n int) (Word, error) {
	return c.PeekUser(user.DebugRegs + 8*uint64(n))
}

// PokeDebugReg writes DRn, as one PTRACE_POKEUSER. They belong to the one thread, and
// stay after DETACH. EINVAL: a trigger or an address that cannot be watched; which
// comes first, the address or DR7, decides where it is told. ENOSPC: others hold the
// registers. EIO: DR4 and DR5. Else as PokeUser.
func (c *Tracee) PokeDebugReg(n int, w Word) error {
	return c.PokeUser(user.DebugRegs+8*uint64(n), w)
}
