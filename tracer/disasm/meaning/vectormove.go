package meaning

import (
	"fmt"

	"ptwalk/tracer/disasm"

	"golang.org/x/arch/x86/x86asm"
)

// vectorMove tells of the moves that copy whole vector registers. Their values are
// not in user_regs_struct. With a mask it depends on that, which is not there
// either.
func vectorMove(s step) string {
	to, from := s.Op.Args[0], s.Op.Args[1]
	if s.count() != 2 || s.Op.MemBytes == 0 && (s.isMemory(0) || s.isMemory(1)) {
		return ""
	}
	if m, ok := to.(x86asm.Mem); ok {
		return fmt.Sprintf("%s become those of %s.", sentence(bytesAt(s.Op.MemBytes, s.where(m))), s.place(1))
	}
	if m, ok := from.(x86asm.Mem); ok {
		return fmt.Sprintf("%s gets %s.", s.place(0), bytesAt(s.Op.MemBytes, s.where(m)))
	}
	return fmt.Sprintf("%s gets the value of %s.", s.place(0), s.place(1))
}

// scalarMove tells of movd and movq, of which one end may be a general register.
func scalarMove(s step) string {
	if s.count() != 2 {
		return ""
	}
	if r, ok := s.dest(0); ok {
		return fmt.Sprintf("%s, the lowest %d bytes of %s.", s.becomes(r), s.bits(0)/8, s.place(1))
	}
	if r, ok := s.dest(1); ok {
		n, _ := s.was(r)
		return fmt.Sprintf("The lowest %d bytes of %s become %s, the value of %s.", s.bits(1)/8, s.place(0), n, disasm.RegName(r))
	}
	if m, ok := s.Op.Args[0].(x86asm.Mem); ok && s.Op.MemBytes > 0 {
		return fmt.Sprintf("%s become the lowest of %s.", sentence(bytesAt(s.Op.MemBytes, s.where(m))), s.place(1))
	}
	if m, ok := s.Op.Args[1].(x86asm.Mem); ok && s.Op.MemBytes > 0 {
		return fmt.Sprintf("The lowest %d bytes of %s become %s.", s.Op.MemBytes, s.place(0), bytesAt(s.Op.MemBytes, s.where(m)))
	}
	return ""
}
