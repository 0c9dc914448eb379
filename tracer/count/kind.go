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

// classify looks at the first bytes of an instruction. rex says that the answer
// rests on a REX prefix, which 32-bit code does not have. size is the number of
// prefixes, and wide says that one of them was 0x66.
func classify(code [8]byte) (k kind, size int, wide, rex bool) {
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
		return plain, n, wide, rex
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
	return k, n, wide, rex
}
