package sentencecheck

import (
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// shifts are what the verbs do to a number of so many bits.
var shifts = map[string]func(v uint64, by, bits uint) uint64{
	"shifted left":                func(v uint64, by, bits uint) uint64 { return v << by },
	"shifted right":               func(v uint64, by, bits uint) uint64 { return v >> by },
	"shifted right with its sign": func(v uint64, by, bits uint) uint64 { return uint64(signed(v, bits) >> by) },
	"rotated left":                func(v uint64, by, bits uint) uint64 { return v<<(by%max(bits, 1)) | v>>(bits-by%max(bits, 1)) },
	"rotated right":               func(v uint64, by, bits uint) uint64 { return v>>(by%max(bits, 1)) | v<<(bits-by%max(bits, 1)) },
}

// verbs are the shifts by the names of the instructions.
var verbs = map[string]string{"shl": "shifted left", "shlx": "shifted left", "shr": "shifted right", "shrx": "shifted right",
	"sar": "shifted right with its sign", "sarx": "shifted right with its sign",
	"rol": "rotated left", "ror": "rotated right", "rorx": "rotated right"}

func and(a, b *big.Int) *big.Int { return new(big.Int).And(a, b) }
func or(a, b *big.Int) *big.Int  { return new(big.Int).Or(a, b) }
func xor(a, b *big.Int) *big.Int { return new(big.Int).Xor(a, b) }

// places is by how many bits the instruction shifts, checked against the sentence.
func (c *checker) places(verb, by, noun string) uint {
	c.claim(verbs[c.name] == verb, "%s does not make it", c.name)
	c.claim((noun == "bit") == (by == "1"), "%s %s", by, noun)
	last := c.argument(len(c.args) - 1)
	count := last.constant
	if last.register != "" {
		count, _, _ = registers(c.Before).get(last.register)
	}
	mask := uint64(31)
	if c.width() == 64 {
		mask = 63
	}
	c.claim(c.width() > 0, "what is shifted has no size")
	n, _ := parse(by)
	c.claim(n.IsUint64() && n.Uint64() == count&mask, "it is %d bits, not %s", count&mask, by)
	return uint(count & mask)
}

func bitRules() {
	for word, do := range map[string]func(a, b *big.Int) *big.Int{"and": and, "or": or, "xor": xor} {
		add("{r} becomes {n}: {n} "+word+" {o}.", func(c *checker, f []string) {
			c.claim(c.name == word, "%s does not make it", c.name)
			n, _, known := c.operand(1, f[3])
			c.register(0, f[0])
			c.after(f[0], f[1])
			c.before(f[0], f[2])
			left, _ := parse(f[2])
			result, _ := parse(f[1])
			c.claim(!known || modulo(do(left, n), c.width()).Cmp(modulo(result, c.width())) == 0, "%s %s %v is not %s", f[2], word, n, f[1])
		})
	}
	add("{r} becomes 0: anything xor itself is 0.", func(c *checker, f []string) {
		c.claim(c.name == "xor" && c.argument(0).register == c.argument(1).register, "it is not xor with itself")
		c.register(0, f[0])
		c.after(f[0], "0")
	})
	not := func(n *big.Int) *big.Int { return new(big.Int).Not(n) }
	add("{r} becomes {n}: {n} with every bit turned over.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		c.before(f[0], f[2])
		old, _ := parse(f[2])
		now, _ := parse(f[1])
		c.claim(modulo(not(old), c.width()).Cmp(modulo(now, c.width())) == 0, "not of %s is not %s", f[2], f[1])
	})
	add("The number in {m} is stored back, with every bit turned over.", func(c *checker, f []string) { c.changed(f[0], not) })

	for verb, do := range shifts {
		for _, noun := range []string{"bit", "bits"} {
			add("The number in {m} is "+verb+" by {n} "+noun+".", func(c *checker, f []string) {
				by := c.places(verb, f[1], noun)
				c.changed(f[0], func(n *big.Int) *big.Int {
					return new(big.Int).SetUint64(do(n.Uint64(), by, c.width()))
				})
			})
			add("{r} becomes {n}: {o} "+verb+" by {n} "+noun+".", func(c *checker, f []string) {
				by := c.places(verb, f[3], noun)
				c.register(0, f[0])
				c.after(f[0], f[1])
				n, _, known := c.operand(len(c.args)-2, f[2])
				if !known {
					return
				}
				want := do(modulo(n, c.width()).Uint64(), by, c.width())
				now, _ := parse(f[1])
				c.claim(modulo(now, c.width()).Uint64() == low(want, c.width()), "it is %#x", low(want, c.width()))
			})
		}
	}

	add("Bit {n} of {r} ({n}) is {n}, so CF is {r}.", func(c *checker, f []string) {
		c.register(0, f[1])
		c.before(f[1], f[2])
		c.bit(f[0], f[3], f[4])
	})
	for how, do := range map[string]func(v, bit uint64) uint64{
		"set":         func(v, bit uint64) uint64 { return v | bit },
		"cleared":     func(v, bit uint64) uint64 { return v &^ bit },
		"turned over": func(v, bit uint64) uint64 { return v ^ bit },
	} {
		add("{r} becomes {n}: {n} with bit {n} "+how+"; it was {n}, so CF is {r}.", func(c *checker, f []string) {
			c.register(0, f[0])
			c.after(f[0], f[1])
			c.before(f[0], f[2])
			n := c.bit(f[3], f[4], f[5])
			was, _, _ := registers(c.Before).get(f[0])
			now, _, _ := registers(c.After).get(f[0])
			c.claim(do(was, 1<<n) == now, "bit %d of %#x %s is not %#x", n, was, how, now)
		})
	}
	counts := map[string]func(v uint64, width uint) int{
		"the number of bits that are 1":          func(v uint64, _ uint) int { return bits.OnesCount64(v) },
		"the number of zero bits at the top":     func(v uint64, width uint) int { return int(width) - bits.Len64(v) },
		"the number of zero bits at the bottom":  func(v uint64, width uint) int { return min(bits.TrailingZeros64(v), int(width)) },
		"the place of the lowest bit that is 1":  func(v uint64, _ uint) int { return bits.TrailingZeros64(v) },
		"the place of the highest bit that is 1": func(v uint64, _ uint) int { return bits.Len64(v) - 1 },
	}
	for what, count := range counts {
		add("{r} becomes {n}: "+what+" in {n}.", func(c *checker, f []string) {
			c.register(0, f[0])
			c.after(f[0], f[1])
			c.before(c.argument(1).register, f[2])
			n, _ := parse(f[2])
			c.claim(strconv.Itoa(count(modulo(n, c.width()).Uint64(), c.width())) == f[1], "it is not %s", f[1])
		})
	}

	// Comparisons. Those of the string instructions are with them.
	for result, equal := range map[string]bool{"they are equal, so ZF is set": true, "they differ, so ZF is clear": false} {
		add("Compares {o} with {o}: "+result+".", func(c *checker, f []string) {
			c.claim(c.name == "cmp", "%s does not compare", c.name)
			a, _, known1 := c.operand(0, f[0])
			b, _, known2 := c.operand(1, f[1])
			c.claim(flag(c.After["eflags"], "ZF") == equal, "ZF")
			c.claim(!known1 || !known2 || (modulo(a, c.width()).Cmp(modulo(b, c.width())) == 0) == equal, "%v and %v", a, b)
		})
	}
	tested := func(c *checker, a, b *big.Int, known bool, none bool) {
		c.claim(c.name == "test", "%s does not test", c.name)
		c.claim(flag(c.After["eflags"], "ZF") == none, "ZF")
		c.claim(!known || (modulo(and(a, b), c.width()).Sign() == 0) == none, "%v and %v", a, b)
	}
	for result, none := range map[string]bool{"it is 0, so ZF is set": true, "it is not 0, so ZF is clear": false} {
		add("Tests {o}: "+result+".", func(c *checker, f []string) {
			a, _, known := c.operand(0, f[0])
			c.claim(c.argument(0).register == c.argument(1).register, "two operands")
			tested(c, a, a, known, none)
		})
	}
	for result, none := range map[string]bool{"none is set in both, so ZF is set": true, "some are set in both, so ZF is clear": false} {
		add("Tests the bits of {o} by {o}: "+result+".", func(c *checker, f []string) {
			a, _, known1 := c.operand(0, f[0])
			b, _, known2 := c.operand(1, f[1])
			tested(c, a, b, known1 && known2, none)
		})
	}
}

// bit checks a bit of operand 0 before the step, which CF is after it.
func (c *checker) bit(number, value, state string) uint {
	index := c.argument(1).constant
	if r := c.argument(1).register; r != "" {
		index, _, _ = registers(c.Before).get(r)
	}
	n := uint(index) % max(c.width(), 1)
	was, _, _ := registers(c.Before).get(c.argument(0).register)
	set := was>>n&1 == 1
	c.claim(number == strconv.Itoa(int(n)), "it is bit %d", n)
	c.claim((value == "1") == set && (value == "1" || value == "0"), "the bit is not %s", value)
	c.claim(flag(c.After["eflags"], "CF") == set && state == map[bool]string{true: "set", false: "clear"}[set], "CF is not %s", state)
	c.claim(strings.HasPrefix(c.name, "bt"), "%s takes no bit", c.name)
	return n
}
