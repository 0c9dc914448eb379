package sentencecheck

import "strings"

// part is a general register by name: which register of the events it is in, and
// where.
type part struct {
	whole string // by its name in 64-bit code
	shift uint
	bits  uint
}

// parts are all names that a sentence can give a general register.
var parts = func() map[string]part {
	all := map[string]part{}
	for _, name := range strings.Fields("ax bx cx dx") {
		letter := name[:1]
		all[letter+"l"] = part{"r" + name, 0, 8}
		all[letter+"h"] = part{"r" + name, 8, 8}
	}
	for _, name := range strings.Fields("ax bx cx dx sp bp si di") {
		all[name] = part{"r" + name, 0, 16}
		all["e"+name] = part{"r" + name, 0, 32}
		all["r"+name] = part{"r" + name, 0, 64}
	}
	for _, name := range strings.Fields("sp bp si di") {
		all[name+"l"] = part{"r" + name, 0, 8}
	}
	for _, name := range strings.Fields("r8 r9 r10 r11 r12 r13 r14 r15") {
		all[name+"b"] = part{name, 0, 8}
		all[name+"w"] = part{name, 0, 16}
		all[name+"d"] = part{name, 0, 32}
		all[name] = part{name, 0, 64}
	}
	return all
}()

// segments are the registers that hold selectors.
var segments = map[string]bool{"cs": true, "ds": true, "es": true, "fs": true, "gs": true, "ss": true}

// registers are those of one moment, by the names of the events.
type registers map[string]uint64

// get reads a register, whole or a part. In 32-bit code the events name eax.
func (r registers) get(name string) (value uint64, bits uint, ok bool) {
	if segments[name] {
		v, ok := r[name]
		return v & 0xffff, 16, ok
	}
	p, ok := parts[name]
	if !ok {
		return 0, 0, false
	}
	v, ok := r[p.whole]
	if !ok {
		v, ok = r["e"+p.whole[1:]]
	}
	return low(v>>p.shift, p.bits), p.bits, ok
}

// word reads what has one name in 64-bit code and another in 32-bit code: rip.
func (r registers) word(name string) uint64 {
	if v, ok := r[name]; ok {
		return v
	}
	return r["e"+name[1:]]
}

// low are the lowest bits of a number.
func low(v uint64, bits uint) uint64 {
	if bits >= 64 {
		return v
	}
	return v & (1<<bits - 1)
}

// signed is a number of so many bits with its sign.
func signed(v uint64, bits uint) int64 { return int64(v<<(64-bits)) >> (64 - bits) }
