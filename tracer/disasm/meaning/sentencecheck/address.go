package sentencecheck

import "encoding/binary"

// operand is the memory operand of an instruction as its bytes give it.
type operand struct {
	offset  uint64 // the address in its segment
	addr    uint64
	known   bool // false: the address depends on what the registers do not show
	segment string
	vsib    bool
}

// memory decodes the bytes of an instruction as far as its memory operand, which
// has so many bytes where EVEX counts in them. ok is false if there is none.
func (s *Step) memory(size int) (o operand, ok bool) {
	m := modrm{code: s.Code, long: s.Arch != "i386"}
	if !m.parse() {
		return o, false
	}
	o.segment = m.segment
	var sum uint64
	switch {
	case m.absolute > 0:
		sum = m.number(m.at, m.absolute)
	case m.code[m.at]>>6 == 3:
		return o, false
	case !m.long && m.narrow:
		sum = s.old16(&m, &o)
	default:
		sum = s.sum(&m, &o, size)
	}
	if o.vsib {
		return o, true
	}
	width := uint(32)
	if m.long && !m.narrow {
		width = 64
	} else if !m.long && m.narrow {
		width = 16
	}
	sum = low(sum, width)
	o.offset = sum
	switch {
	case m.long && (o.segment == "fs" || o.segment == "gs"):
		sum += s.Before[o.segment+"_base"]
	case m.long:
	case s.Before[o.segment] != 0x2b && !(o.segment == "cs" && s.Before["cs"] == 0x23):
		return o, true // its base is in a table of the kernel's
	}
	o.addr, o.known = sum, true
	return o, true
}

// modrm finds the modrm byte of an instruction.
type modrm struct {
	code     []byte
	long     bool // 64-bit code
	narrow   bool // 67
	segment  string
	x, b     byte // the fourth bits of index and base
	evex     bool
	vector   bool // the index is a vector register
	at       int  // of modrm, or of an absolute address
	absolute int  // its size, of a0 to a3
}

func (m *modrm) parse() bool {
	n := 0
	for ; n < len(m.code); n++ {
		if name := map[byte]string{0x26: "es", 0x2e: "cs", 0x36: "ss", 0x3e: "ds", 0x64: "fs", 0x65: "gs"}[m.code[n]]; name != "" {
			m.segment = name
		} else if m.code[n] == 0x67 {
			m.narrow = true
		} else if b := m.code[n]; b != 0x66 && b != 0xf0 && b != 0xf2 && b != 0xf3 {
			break
		}
	}
	at := func(k int) byte {
		if n+k < len(m.code) {
			return m.code[n+k]
		}
		return 0
	}
	if m.long && at(0)>>4 == 4 {
		m.x, m.b = at(0)>>1&1<<3, at(0)&1<<3
		n++
	}
	extended := m.long || at(1) >= 0xc0
	table, op := 0, at(0)
	switch {
	case op == 0x0f && (at(1) == 0x38 || at(1) == 0x3a):
		table, op, n = 2, at(2), n+3
	case op == 0x0f:
		table, op, n = 1, at(1), n+2
	case extended && op == 0xc5:
		table, op, n = 1, at(2), n+3
	case extended && op == 0xc4:
		if m.long {
			m.x, m.b = ^at(1)>>6&1<<3, ^at(1)>>5&1<<3
		}
		table, op, n = int(at(1)&31), at(3), n+4
	case extended && op == 0x62:
		if m.long {
			m.x, m.b = ^at(1)>>6&1<<3, ^at(1)>>5&1<<3
		}
		m.evex = true
		table, op, n = int(at(1)&7), at(4), n+5
	default:
		n++
	}
	m.vector = table == 2 && (0x90 <= op && op <= 0x93 || 0xa0 <= op && op <= 0xa3) && n > 3
	m.at = n
	if table == 0 && 0xa0 <= op && op <= 0xa3 {
		m.absolute = 4
		if m.long && !m.narrow {
			m.absolute = 8
		} else if !m.long && m.narrow {
			m.absolute = 2
		}
		if m.segment == "" {
			m.segment = "ds"
		}
		return n+m.absolute <= len(m.code)
	}
	return has(table, op) && n < len(m.code)
}

// has says whether an opcode is followed by a modrm byte.
func has(table int, op byte) bool {
	switch table {
	case 0:
		switch {
		case op < 0x40:
			return op&7 < 4
		case 0x80 <= op && op <= 0x8f, 0xd0 <= op && op <= 0xd3, 0xd8 <= op && op <= 0xdf:
			return true
		}
		switch op {
		case 0x62, 0x63, 0x69, 0x6b, 0xc0, 0xc1, 0xc4, 0xc5, 0xc6, 0xc7, 0xf6, 0xf7, 0xfe, 0xff:
			return true
		}
		return false
	case 1:
		switch {
		case 0x80 <= op && op <= 0x8f, 0x30 <= op && op <= 0x37, 0xc8 <= op && op <= 0xcf:
			return false
		}
		switch op {
		case 5, 6, 7, 8, 9, 11, 14, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa:
			return false
		}
	}
	return true
}

// number reads so many bytes with their sign.
func (m *modrm) number(at, bytes int) uint64 {
	if at < 0 || at+bytes > len(m.code) {
		return 0
	}
	var all [8]byte
	copy(all[:], m.code[at:at+bytes])
	return uint64(signed(binary.LittleEndian.Uint64(all[:]), uint(8*bytes)))
}

var names = [16]string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}

// sum is the address of the usual form, with sib.
func (s *Step) sum(m *modrm, o *operand, size int) uint64 {
	mod, rm := m.code[m.at]>>6, m.code[m.at]&7
	n := m.at + 1
	var sum uint64
	base := int(rm | m.b)
	if rm == 4 && n < len(m.code) {
		sib := m.code[n]
		n++
		base = int(sib&7 | m.b)
		index := int(sib>>3&7 | m.x)
		if m.vector {
			o.vsib = true
		} else if index != 4 {
			sum += registers(s.Before).word(names[index]) << (sib >> 6)
		}
	}
	based := true
	if mod == 0 && base&7 == 5 {
		based = false
		sum += m.number(n, 4)
		if rm == 5 && m.long {
			sum += s.Addr + uint64(len(s.Code))
		}
	}
	if based {
		sum += registers(s.Before).word(names[base])
		if base == 4 || base == 5 {
			o.usually("ss")
		}
	}
	o.usually("ds")
	switch mod {
	case 1:
		by := m.number(n, 1)
		if m.evex {
			by *= uint64(size)
		}
		sum += by
	case 2:
		sum += m.number(n, 4)
	}
	return sum
}

// usually sets the segment where no prefix has.
func (o *operand) usually(segment string) {
	if o.segment == "" {
		o.segment = segment
	}
}

// old16 is the address of 16 bits: Intel manual, volume 2, table 2-1.
func (s *Step) old16(m *modrm, o *operand) uint64 {
	mod, rm := m.code[m.at]>>6, m.code[m.at]&7
	if mod == 0 && rm == 6 {
		o.usually("ds")
		return m.number(m.at+1, 2)
	}
	var sum uint64
	for _, name := range [8][]string{{"rbx", "rsi"}, {"rbx", "rdi"}, {"rbp", "rsi"}, {"rbp", "rdi"}, {"rsi"}, {"rdi"}, {"rbp"}, {"rbx"}}[rm] {
		sum += registers(s.Before).word(name)
		if name == "rbp" {
			o.usually("ss")
		}
	}
	o.usually("ds")
	return sum + m.number(m.at+1, int(mod))
}
