// Package sentencecheck holds the sentence about an executed instruction against
// the registers and the memory before and after it. It shares no code with
// tracer/disasm, which makes the sentences, and it has to understand all of one:
// every number, register and flag that is named is compared. It takes a step from
// the events of ptwalk step --json, or from a test that has stepped by itself.
package sentencecheck

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"strings"
)

// Step is one executed instruction, as the events tell it.
type Step struct {
	Arch    string // "x86-64" or "i386"
	Addr    uint64
	Code    []byte
	Text    string
	Meaning string

	// The registers by the names of the events. Those before may be wanting for
	// the first instruction of a stream.
	Before, After map[string]uint64

	// Memory reads n bytes as they were before or after the step, and Vector a
	// vector register, where somebody has looked. Both may be nil.
	Memory func(addr uint64, n int, after bool) ([]byte, bool)
	Vector func(name string, after bool) ([]byte, bool)
}

// checker gathers what is wrong with one sentence.
type checker struct {
	*Step
	name  string     // of the instruction
	args  []argument // of its text
	wrong []string
	upper bool // the sentence tells of upper halves
}

// Check names what the sentence says otherwise than the registers and memory are.
// A sentence that it does not understand is wrong too.
func Check(s *Step) []string {
	c := &checker{Step: s}
	c.name, c.args = read(s.Text)
	text := c.halves(c.trapFlag(s.Meaning))
	for _, rule := range rules {
		if !strings.Contains(text, rule.literal) {
			continue // which saves most of the time
		}
		if found := rule.pattern.FindStringSubmatch(text); found != nil {
			rule.check(c, found[1:])
			return c.wrong
		}
	}
	return []string{"the sentence is not understood"}
}

// claim notes a claim that does not hold.
func (c *checker) claim(holds bool, format string, args ...any) {
	if !holds {
		c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
	}
}

// trapFlag checks and takes off what a sentence says at its end about the trap flag.
func (c *checker) trapFlag(text string) string {
	core, ok := strings.CutSuffix(text, " The trap flag in eflags is the step's own.")
	if ok {
		const trap = 1 << 8
		c.claim(c.After["eflags"]&^trap == c.Before["eflags"] && c.After["eflags"]&trap != 0, "the flags went from %#x to %#x", c.Before["eflags"], c.After["eflags"])
		after := maps.Clone(c.After)
		after["eflags"] = c.Before["eflags"]
		step := *c.Step
		step.After = after
		c.Step = &step
	}
	return core
}

// halves checks and takes off what a sentence says at its end about the upper
// halves of registers.
func (c *checker) halves(text string) string {
	found := upper.FindStringSubmatch(text)
	if found == nil {
		return text
	}
	c.upper = true
	for _, name := range strings.Split(found[2], " and ") {
		before, after := c.Before[name], c.After[name]
		c.claim(after>>32 == 0, "the upper half of %s is %#x", name, after>>32)
		c.claim((before>>32 != 0) == (found[3] != "is"), "the upper half of %s was %#x before", name, before>>32)
	}
	return found[1] + "."
}

var upper = regexp.MustCompile(`^(.*); the upper (?:half|halves) of ([a-z0-9]+(?: and [a-z0-9]+)?) (becomes?|is) 0\.$`)

// is compares a number of the sentence with a register.
func (c *checker) is(regs registers, when, name, number string) {
	n, ok := parse(number)
	value, bits, known := regs.get(name)
	c.claim(ok && known && same(n, value, bits), "%s is %#x %s, not %s", name, value, when, number)
}

func (c *checker) before(name, number string) { c.is(c.Before, "before", name, number) }

// after also asks for the upper half of a register, where a sentence has to tell
// of it: where it was cleared, and where a number with a sign hides that it is 0.
func (c *checker) after(name, number string) {
	c.is(c.After, "after", name, number)
	whole := parts[name].whole
	if parts[name].bits == 32 && c.Arch != "i386" && c.After[whole]>>32 == 0 && !c.upper {
		c.claim(c.Before[whole]>>32 == 0, "the upper half of %s becomes 0, which is not told", whole)
		c.claim(number[0] != '-', "the upper half of %s is 0, which is not told", whole)
	}
}

// argument returns an operand of the text.
func (c *checker) argument(n int) argument {
	if n >= 0 && n < len(c.args) {
		return c.args[n]
	}
	return argument{}
}

// width is the size of the operation in bits: that of the first operand.
func (c *checker) width() uint {
	if len(c.args) == 0 {
		return 0
	}
	return c.args[0].width()
}

// register says that operand n is this register.
func (c *checker) register(n int, name string) {
	a := c.argument(n).register
	// eax may be told as rax, which is all of it.
	c.claim(a == name || parts[a].bits == 32 && parts[a].whole == name, "operand %d is not %s", n, name)
}

// address compares an address of the sentence with that of the instruction's
// bytes, and with what the text says of its size.
func (c *checker) address(size int, text string) (addr uint64, ok bool) {
	o, found := c.memory(size)
	switch {
	case !found:
		c.claim(false, "there is no memory operand at %s", text)
		return 0, false
	case o.vsib:
		c.claim(text == "addresses that a vector holds", "the address %s comes from a vector", text)
		return 0, false
	case !o.known:
		c.claim(text == "an address in segment "+o.segment, "the address %s is in segment %s", text, o.segment)
		return 0, false
	}
	n, valid := parse(text)
	c.claim(valid && n.Cmp(new(big.Int).SetUint64(o.addr)) == 0, "the address is %#x, not %s", o.addr, text)
	return o.addr, true
}

// at reads memory where somebody has looked.
func (c *checker) at(addr uint64, size int, after bool) (*big.Int, bool) {
	if c.Memory == nil || size == 0 {
		return nil, false
	}
	b, ok := c.Memory(addr, size, after)
	if !ok {
		return nil, false
	}
	return little(b), true
}
