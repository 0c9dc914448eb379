package meaning

import (
	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

// whole is a register of 32 bits in 64-bit code, by the name of all of it: a write
// of 32 bits clears the rest. Other registers are what they are.
func (s step) whole(r x86asm.Reg) x86asm.Reg {
	if number, bits, _, ok := disasm.Part(r); ok && bits == 32 && s.Arch != tracer.I386 {
		return x86asm.RAX + x86asm.Reg(number)
	}
	return r
}

// becomes is the first half of a sentence about a value that was moved, "rax
// becomes 5". It tells of all of the register that has changed.
func (s step) becomes(r x86asm.Reg) string {
	if x86asm.ES <= r && r <= x86asm.GS {
		w, _ := valueOf(r, s.after)
		return disasm.RegName(r) + " becomes " + w.Hex() // a selector: bits, not a number
	}
	r = s.whole(r)
	return disasm.RegName(r) + " becomes " + s.is(r).String()
}

// has says whether a register holds this value after the step, in its own bits,
// and nothing above where a write of 32 bits clears that.
func (s step) has(r x86asm.Reg, w tracer.Word) bool {
	_, bits, _, ok := disasm.Part(r)
	return ok && s.is(s.whole(r)).word == cut(w, bits)
}

// upper closes a sentence about registers of 32 bits where it matters that the
// rest of them is 0: where it was not, or where a value was told with a sign.
func (s step) upper(text string, negative bool, rs ...x86asm.Reg) string {
	var cleared, clear []string
	for _, r := range rs {
		all := s.whole(r)
		switch was, _ := s.was(all); {
		case all == r || s.is(all).word>>32 != 0:
		case was.word>>32 != 0:
			cleared = append(cleared, disasm.RegName(all))
		case negative && s.is(r).negative():
			clear = append(clear, disasm.RegName(all))
		}
	}
	half := func(names []string, verb string) string {
		if len(names) == 1 {
			return "; the upper half of " + names[0] + " " + verb + " 0"
		}
		return "; the upper halves of " + list(names) + " " + verb + " 0"
	}
	switch {
	case len(cleared) == 1:
		text += half(cleared, "becomes")
	case len(cleared) > 1:
		text += half(cleared, "become")
	case len(clear) > 0:
		text += half(clear[:1], "is")
	}
	return text + "."
}
