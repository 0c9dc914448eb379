package count

import (
	"encoding/binary"

	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The bits of EFLAGS, from the manual of the processor, volume 1, "EFLAGS".
const (
	flagCF = 1 << 0
	flagPF = 1 << 2
	flagAF = 1 << 4
	flagZF = 1 << 6
	flagSF = 1 << 7
	flagDF = 1 << 10
	flagOF = 1 << 11
	flagNT = 1 << 14
	flagRF = 1 << 16
	flagAC = 1 << 18
	flagID = 1 << 21

	// popLoads are the flags that popf loads in user mode and that the kernel lets
	// us write. The others stay, and RF is cleared.
	popLoads = flagCF | flagPF | flagAF | flagZF | flagSF | flagDF | flagOF | flagNT | flagAC
)

// cleanFlags clears the trap flag in what a pushf has stored. The kernel hides
// its flag from PTRACE_GETREGS, but the processor stores what it has.
func (r *run) cleanFlags(th *thread) {
	rsp, err := th.tracee.PeekUser(user.RSP)
	if r.refused(err) {
		return
	}
	if th.is32() {
		rsp &= 0xffffffff
	}
	at := tracer.Addr(rsp)
	flags, err := th.tracee.PeekData(at)
	if err == nil && flags&tracer.TrapFlag != 0 {
		r.refused(th.tracee.PokeData(at, flags&^tracer.TrapFlag))
	}
}

// lookForFlag asks whether the program has set the trap flag itself. The kernel
// hides the flag from PTRACE_PEEKUSER where a step has set it, and shows the
// program's own: arch/x86/kernel/step.c, TIF_FORCED_TF.
func (r *run) lookForFlag(th *thread) {
	flags, err := th.tracee.PeekUser(user.EFLAGS)
	if !r.refused(err) {
		th.selfStep = flags&tracer.TrapFlag != 0
		th.hasFlag = th.hasFlag || th.selfStep
	}
}

// frameFlags is where the frame of a handler has the flags, from rsp at its
// entry: after its return address and uc_flags, uc_link and uc_stack, the 18th
// word of struct sigcontext_64 in <asm/sigcontext.h>.
const frameFlags = 8 + 40 + 17*8

// cleanFrame clears the trap flag that the kernel has stored for a handler of a
// program that has cleared its own: stepping over that popf, the kernel lost
// sight of whose flag it is.
func (r *run) cleanFrame(th *thread) {
	if !th.lostFlag || th.is32() {
		return
	}
	rsp, err := th.tracee.PeekUser(user.RSP)
	if r.refused(err) {
		return
	}
	at := tracer.Addr(rsp) + frameFlags
	if flags, err := th.tracee.PeekData(at); err == nil {
		r.refused(th.tracee.PokeData(at, flags&^tracer.TrapFlag))
	}
}

// popFlags carries out a popf of the given length. It says false where the
// processor has to do it: where the stack cannot be read, and where the flags
// set TF or change ID, which is not ours to write.
func (r *run) popFlags(th *thread, length int, wide bool) bool {
	rsp, err := th.tracee.PeekUser(user.RSP)
	if err != nil {
		return false
	}
	old, err := th.tracee.PeekUser(user.EFLAGS)
	if err != nil {
		return false
	}
	size, loads := 8, tracer.Word(popLoads)
	if th.is32() {
		size = 4
		rsp &= 0xffffffff
	}
	if wide {
		size, loads = 2, loads&0xffff
	}
	var stack [8]byte
	if n, err := th.tracee.ReadAt(stack[:size], tracer.Addr(rsp)); err != nil || n < size {
		return false
	}
	popped := tracer.Word(binary.LittleEndian.Uint64(stack[:]))
	if popped&tracer.TrapFlag != 0 || !wide && (popped^old)&flagID != 0 {
		return false
	}
	flags := old&^(loads|flagRF|tracer.TrapFlag) | popped&loads
	for _, poke := range []struct {
		register uint64
		value    tracer.Word
	}{
		{user.EFLAGS, flags},
		{user.RSP, rsp + tracer.Word(size)},
		{user.RIP, tracer.Word(th.rip) + tracer.Word(length)},
	} {
		if r.refused(th.tracee.PokeUser(poke.register, poke.value)) {
			return true
		}
	}
	return true
}

// hideMask unblocks SIGTRAP after anything that may have blocked it: a system
// call, or the entry to a handler. The trap of a step is forced. If SIGTRAP were
// blocked, the kernel would unblock it and throw the program's handler away.
func (r *run) hideMask(th *thread) {
	mask, err := th.tracee.GetSigMask()
	if err != nil {
		return
	}
	th.hidTrap = mask.Has(tracer.SIGTRAP)
	if th.hidTrap {
		r.refused(th.tracee.SetSigMask(mask.Without(tracer.SIGTRAP)))
	}
}

// showMask gives SIGTRAP back its block at the entry to a system call, so that
// the program that asks for its mask, and its children, have it.
func (r *run) showMask(th *thread) {
	if !th.hidTrap {
		return
	}
	mask, err := th.tracee.GetSigMask()
	if err == nil {
		r.refused(th.tracee.SetSigMask(mask.With(tracer.SIGTRAP)))
	}
}
