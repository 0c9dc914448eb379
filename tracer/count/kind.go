package count

// kind is what an instruction means to one who steps it.
type kind int

const (
	plain kind = iota
	call       // syscall, sysenter, int 0x80: runs by PTRACE_SYSCALL
	pushf      // stores the flags, ours among them
	popf       // loads the flags, and confuses the kernel about ours
	int3       // stops by itself
	icebp      // may stop without end
)

// instruction is what the first bytes of one tell.
type instruction struct {
	kind     kind
	prefixes int
	wide     bool // one of them is 0x66
	rex      bool // the kind rests on a REX prefix, which 32-bit code does not have
}

// classify looks at the first bytes of an instruction.
func classify(code [8]byte) instruction {
	var k kind
	var wide, rex bool
	n := 0
prefixes:
	for ; n < len(code)-1; n++ {
		switch b := code[n]; {
		case b == 0x66:
			wide = true
		case b == 0x67, b == 0xf2, b == 0xf3,
			b == 0x26, b == 0x2e, b == 0x36, b == 0x3e, b == 0x64, b == 0x65:
		case b&0xf0 == 0x40:
			rex = true
			n++
			break prefixes // a REX prefix comes last
		default:
			break prefixes
		}
	}
	if n == len(code) {
		return instruction{plain, n, wide, false}
	}
	var next byte
	if n+1 < len(code) {
		next = code[n+1]
	}
	switch code[n] {
	case 0x0f:
		if next == 0x05 || next == 0x34 {
			k = call
		}
	case 0xcd:
		switch next {
		case 0x80:
			k = call
		case 0x03:
			k = int3
		}
	case 0x9c:
		k = pushf
	case 0x9d:
		k = popf
	case 0xcc:
		k = int3
	case 0xf1:
		k = icebp
	}
	return instruction{k, n, wide, rex && k != plain}
}
