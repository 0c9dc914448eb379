package sentencecheck

import (
	"math/big"
	"strconv"
	"strings"
)

func plus(a, b *big.Int) *big.Int  { return new(big.Int).Add(a, b) }
func minus(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }
func times(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// equation checks that the numbers of a sentence make a true equation, as it
// stands, or of the low bits where it says so. Cut is how many those are, or "".
func (c *checker) equation(result, cut string, do func(a, b *big.Int) *big.Int, terms ...string) {
	total, _ := parse(terms[0])
	for _, t := range terms[1:] {
		n, _ := parse(t)
		total = do(total, n)
	}
	c.equals(result, cut, total)
}

func (c *checker) equals(result, cut string, total *big.Int) {
	n, _ := parse(result)
	if cut == "" {
		c.claim(n.Cmp(total) == 0, "%v is not %s", total, result)
		return
	}
	bits, _ := strconv.Atoi(cut)
	c.claim(uint(bits) == c.width(), "the operation has %d bits, not %s", c.width(), cut)
	c.claim(n.Cmp(total) != 0, "nothing is cut")
	c.claim(modulo(n, uint(bits)).Cmp(modulo(total, uint(bits))) == 0, "%v is not %s", total, result)
}

// operand checks operand k as a sentence names it: by its number, its register, or
// both, or as memory. It returns its number, if it is known, by the sentence or by
// memory: the latter without a sign.
func (c *checker) operand(k int, text string) (n *big.Int, inMemory, known bool) {
	a := c.argument(k)
	if strings.Contains(text, " at ") {
		c.claim(a.memory, "operand %d is not in memory", k)
		n, _, ok := c.place(text, false)
		return n, true, ok
	}
	name, number, both := strings.Cut(strings.TrimSuffix(text, ")"), " (")
	if !both {
		number = text
	}
	if parts[text].bits > 0 && !both { // a register alone
		c.register(k, text)
		v, _, ok := registers(c.Before).get(text)
		return new(big.Int).SetUint64(v), true, ok
	}
	n, ok := parse(number)
	c.claim(ok, "%q is not understood", text)
	switch {
	case a.register != "":
		c.claim(!both || name == a.register, "operand %d is not %s", k, name)
		c.before(a.register, number)
	case a.memory:
		c.claim(false, "operand %d is in memory, and not %s", k, text)
	default:
		same := modulo(n, c.width()).Cmp(modulo(new(big.Int).SetUint64(a.constant), c.width())) == 0
		c.claim(!both && same, "the constant is %#x, not %s", a.constant, text)
	}
	return n, false, true
}

// either says that an equation holds with a number from memory taken one of two
// ways.
func (c *checker) either(n *big.Int, check func(n *big.Int) *checker) {
	without := check(n)
	if len(without.wrong) == 0 {
		return
	}
	with := check(withSign(n, c.width()))
	if len(with.wrong) > 0 {
		c.wrong = append(c.wrong, without.wrong...)
	}
}

// result checks "eax becomes 7: 3 + 4", of which the terms are operands.
func (c *checker) result(r, number, cut string, do func(a, b *big.Int) *big.Int, operands []int, terms ...string) {
	c.register(0, r)
	c.after(r, number)
	var values []*big.Int
	memory := -1
	for i, term := range terms {
		n, inMemory, known := c.operand(operands[i], term)
		if !known {
			return
		}
		if inMemory {
			memory = i
		}
		values = append(values, n)
	}
	check := func() *checker {
		out := &checker{Step: c.Step, name: c.name, args: c.args}
		out.equals(number, cut, do(values[0], values[1]))
		return out
	}
	if memory < 0 {
		c.wrong = append(c.wrong, check().wrong...)
		return
	}
	c.either(values[memory], func(n *big.Int) *checker { values[memory] = n; return check() })
}

// changed checks a number in memory that the instruction makes from itself.
func (c *checker) changed(text string, do func(n *big.Int) *big.Int) {
	was, size, ok1 := c.place(text, false)
	now, _, ok2 := c.place(text, true)
	if ok1 && ok2 {
		want := modulo(do(was), uint(8*size))
		c.claim(want.Cmp(now) == 0, "memory held %#x and holds %#x", was, now)
	}
}

func sums() {
	for sign, do := range map[string]func(a, b *big.Int) *big.Int{"+": plus, "-": minus} {
		mnemonic := map[string]string{"+": "inc", "-": "dec"}[sign]
		add("{r} becomes {n}: {n} "+sign+" {o}{cut}.", func(c *checker, f []string) {
			if c.name == mnemonic {
				c.register(0, f[0])
				c.after(f[0], f[1])
				c.before(f[0], f[2])
				c.claim(f[3] == "1", "%s counts by 1", c.name)
				c.equation(f[1], f[4], do, f[2], f[3])
				return
			}
			c.claim(c.name == map[string]string{"+": "add", "-": "sub"}[sign], "%s does not make it", c.name)
			c.result(f[0], f[1], f[4], do, []int{0, 1}, f[2], f[3])
		})
		add("{r} becomes {n}: {n} "+sign+" {n} "+sign+" {n}, the carry flag{cut}.", func(c *checker, f []string) {
			c.register(0, f[0])
			c.after(f[0], f[1])
			c.operand(0, f[2])
			c.operand(1, f[3])
			c.claim(f[4] == map[bool]string{true: "1", false: "0"}[flag(c.Before["eflags"], "CF")], "CF is not %s", f[4])
			c.equation(f[1], f[5], do, f[2], f[3], f[4])
		})
	}
	add("{r} becomes {n}: {n} negated{cut}.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		c.before(f[0], f[2])
		c.equation(f[1], f[3], minus, "0", f[2])
	})
	for _, form := range []struct {
		text string
		do   func(a, b *big.Int) *big.Int
	}{
		{"{o} is added to {m}.", plus},
		{"{o} is subtracted from {m}.", minus},
		{"{o} is and-ed into {m}.", func(a, b *big.Int) *big.Int { return new(big.Int).And(a, b) }},
		{"{o} is or-ed into {m}.", func(a, b *big.Int) *big.Int { return new(big.Int).Or(a, b) }},
		{"{o} is xor-ed into {m}.", func(a, b *big.Int) *big.Int { return new(big.Int).Xor(a, b) }},
	} {
		add(form.text, func(c *checker, f []string) {
			n, _, _ := c.operand(1, f[0])
			c.changed(f[1], func(was *big.Int) *big.Int { return form.do(was, n) })
		})
	}
	for way, by := range map[string]int64{"up": 1, "down": -1} {
		add("The number in {m} goes "+way+" by 1.", func(c *checker, f []string) {
			c.changed(f[0], func(was *big.Int) *big.Int { return plus(was, big.NewInt(by)) })
		})
	}
	add("The number in {m} is stored back, negated.", func(c *checker, f []string) {
		c.changed(f[0], func(was *big.Int) *big.Int { return new(big.Int).Neg(was) })
	})

	add("{r} becomes {n}: {o} * {o}{cut}.", func(c *checker, f []string) {
		last := len(c.args) - 1
		c.result(f[0], f[1], f[4], times, []int{last - 1, last}, f[2], f[3])
	})
	for _, sense := range []string{"signed", "unsigned"} {
		add("{p} becomes {n}: {r} ({n}) times {o}, "+sense+".", func(c *checker, f []string) {
			c.claim((c.name == "imul") == (sense == "signed"), "%s is not %s", c.name, sense)
			c.sense(sense, f[1], f[3])
			c.pair(c.After, f[0], f[1])
			c.before(f[2], f[3])
			c.claim(f[2] == accumulator[c.width()], "%s is no factor", f[2])
			n, inMemory, known := c.operand(0, f[4])
			if !known {
				return
			}
			if inMemory && sense == "signed" {
				n = withSign(n, c.width())
			}
			left, _ := parse(f[3])
			c.equals(f[1], "", times(left, n))
		})
		add("{p} becomes {n}: {r} times {o}, "+sense+".", func(c *checker, f []string) {
			c.claim((c.name == "imul") == (sense == "signed"), "%s is not %s", c.name, sense)
			c.sense(sense, f[1])
			c.pair(c.After, f[0], f[1])
			c.claim(f[2] == accumulator[c.width()], "%s is no factor", f[2])
			c.operand(0, f[3])
		})
		divide := func(c *checker, f []string, dividend, by string) {
			c.claim((c.name == "idiv") == (sense == "signed"), "%s is not %s", c.name, sense)
			c.sense(sense, f[1], f[3])
			low, high := accumulator[c.width()], rest[c.width()]
			c.claim(f[0] == low && f[2] == high || f[0] == parts[low].whole && f[2] == parts[high].whole && c.width() == 32,
				"%s and %s are not the results", f[0], f[2])
			c.after(f[0], f[1])
			c.after(f[2], f[3])
			whole := c.pairValue(c.Before, f[4], sense == "signed")
			if dividend != "" {
				c.sense(sense, dividend)
				c.pair(c.Before, f[4], dividend)
			}
			n, inMemory, known := c.operand(0, by)
			if !known {
				return
			}
			if inMemory && sense == "signed" {
				n = withSign(n, c.width())
			}
			q, r := c.half(low, sense), c.half(high, sense)
			c.claim(plus(times(q, n), r).Cmp(whole) == 0, "%v is not %s times %v and %s", whole, f[1], n, f[3])
			c.claim(r.CmpAbs(n) < 0 && (r.Sign() == 0 || r.Sign() == whole.Sign()), "the remainder is %s", f[3])
		}
		add("{r} becomes {n} and {r} {n}, quotient and remainder of {p} ({n}) by {o}, "+sense+".", func(c *checker, f []string) { divide(c, f, f[5], f[6]) })
		add("{r} becomes {n} and {r} {n}, quotient and remainder of {p} by {o}, "+sense+".", func(c *checker, f []string) { divide(c, f, "", f[5]) })
	}
}

var (
	accumulator = map[uint]string{8: "al", 16: "ax", 32: "eax", 64: "rax"}
	rest        = map[uint]string{8: "ah", 16: "dx", 32: "edx", 64: "rdx"}
	both        = map[uint]string{8: "ax", 16: "dx:ax", 32: "edx:eax", 64: "rdx:rax"}
)

// half is a result in one register.
func (c *checker) half(name, sense string) *big.Int {
	v, bits, _ := registers(c.After).get(name)
	n := new(big.Int).SetUint64(v)
	if sense == "signed" {
		return withSign(n, bits)
	}
	return n
}

// sense says that numbers without a sign have none.
func (c *checker) sense(word string, numbers ...string) {
	for _, n := range numbers {
		c.claim(word == "signed" || n[0] != '-', "%s has a sign", n)
	}
}

// pairValue is the number in two registers, "edx:eax".
func (c *checker) pairValue(regs registers, name string, sign bool) *big.Int {
	c.claim(name == both[c.width()], "%s does not hold it", name)
	high, low := rest[c.width()], accumulator[c.width()]
	l, bits, _ := regs.get(low)
	h, _, _ := regs.get(high)
	n := new(big.Int).Lsh(new(big.Int).SetUint64(h), bits)
	n.Or(n, new(big.Int).SetUint64(l))
	if sign {
		return withSign(n, 2*bits)
	}
	return n
}

func (c *checker) pair(regs registers, name, number string) {
	n, _ := parse(number)
	want := c.pairValue(regs, name, number[0] == '-')
	c.claim(n.Cmp(want) == 0, "%s is %v, not %s", name, want, number)
}
