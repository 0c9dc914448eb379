package sentencecheck

import (
	"math/big"
	"strconv"
	"strings"
)

// place checks "the 4 bytes at 0x402000" and returns the number there, before or
// after the step, where somebody has looked.
func (c *checker) place(text string, after bool) (n *big.Int, size int, ok bool) {
	amount, where, _ := strings.Cut(strings.TrimPrefix(text, "the "), " at ")
	switch amount {
	case "byte":
		size = 1
	case "memory":
	default:
		size, _ = strconv.Atoi(strings.TrimSuffix(amount, " bytes"))
		c.claim(size > 1, "%q is not understood", amount)
	}
	if told := c.memorySize(); told > 0 {
		c.claim(size == told, "the text has %d bytes, not %d", told, size)
	}
	addr, known := c.address(size, where)
	if !known {
		return nil, size, false
	}
	n, ok = c.at(addr, size, after)
	return n, size, ok
}

// memorySize is the size of the memory operand in the text, 0 if it has none.
func (c *checker) memorySize() int {
	for _, a := range c.args {
		if a.memory {
			return a.size
		}
	}
	return 0
}

// holds says that memory at an address holds a number of the sentence.
func (c *checker) holds(n *big.Int, size int, ok bool, number string) {
	told, valid := parse(number)
	c.claim(valid && inRange(told, uint(8*size)), "%s is no number of %d bytes", number, size)
	c.claim(!ok || modulo(told, uint(8*size)).Cmp(n) == 0, "memory holds %#x, not %s", n, number)
}

func inRange(n *big.Int, bits uint) bool {
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	return n.Cmp(limit) < 0 && new(big.Int).Neg(n).Cmp(limit) < 0
}

// source checks that a register gets what memory at an address held.
func (c *checker) source(r, where string) {
	size := c.memorySize()
	if size == 0 {
		size = int(parts[r].bits / 8)
	}
	addr, ok := c.address(size, where)
	if !ok {
		return
	}
	if n, ok := c.at(addr, size, false); ok {
		v, bits, _ := registers(c.After).get(r)
		c.claim(modulo(n, bits).Uint64() == v, "%s is %#x, and memory at %s held %#x", r, v, where, n)
	}
}

func moves() {
	add("{r} becomes {n}.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		now, _, _ := registers(c.After).get(c.argument(0).register)
		c.claim(low(c.argument(1).constant, c.width()) == now, "the constant is %#x", c.argument(1).constant)
	})
	const shadow = " The processor takes no trap after this: the next instruction has run too."
	value := func(c *checker, f []string) {
		c.register(0, f[0])
		c.register(1, f[2])
		c.after(f[0], f[1])
		c.before(f[2], f[1])
	}
	add("{r} becomes {n}, the value of {r}.", value)
	add("{r} becomes {n}, the value of {r}."+shadow, value)
	lower := func(c *checker, f []string) {
		c.register(0, f[0])
		c.register(1, f[2])
		c.after(f[0], f[1])
		v, _, _ := registers(c.Before).get(f[2])
		n, _ := parse(f[1])
		c.claim(n.Uint64() == v&0xffff, "%s was %#x", f[2], v)
	}
	add("{r} becomes {n}, the lower 16 bits of {r}.", lower)
	add("{r} becomes {n}, the lower 16 bits of {r}."+shadow, lower)
	from := func(c *checker, f []string) {
		c.after(f[0], f[1])
		if strings.HasPrefix(c.name, "lods") {
			c.pointed("rsi", f[2])
			return
		}
		c.register(0, f[0])
		c.source(f[0], f[2])
	}
	add("{r} becomes {n}, read from {a}.", from)
	add("{r} becomes {n}, read from {a}."+shadow, from)
	store := func(c *checker, f []string) {
		n, size, ok := c.place(f[0], true)
		c.holds(n, size, ok, f[1])
		if len(f) > 2 {
			c.register(1, f[2])
			c.before(f[2], f[1])
			return
		}
		told, _ := parse(f[1])
		c.claim(modulo(told, uint(8*size)).Uint64() == low(c.argument(1).constant, uint(8*size)), "the constant is %#x", c.argument(1).constant)
	}
	for _, verb := range []string{"become", "becomes"} {
		add("{m} "+verb+" {n}.", store)
		add("{m} "+verb+" {n}, the value of {r}.", store)
	}

	add("{r} becomes {n}: the address is computed, and no memory is read.", func(c *checker, f []string) {
		c.lea(f[0], f[1], 64)
	})
	add("{r} becomes {n}: the lower {n} bits of the address {n}, and no memory is read.", func(c *checker, f []string) {
		bits, _ := strconv.Atoi(f[2])
		c.claim(uint(bits) == c.argument(0).width(), "%s has %d bits", f[0], c.argument(0).width())
		c.lea(f[0], f[1], uint(bits))
		o := c.withoutSegment()
		n, _ := parse(f[3])
		c.claim(n.Uint64() == o, "the address is %#x", o)
	})

	add("{r} becomes {n} and {r} becomes {n}: they change places.", func(c *checker, f []string) {
		c.claim(c.argument(0).register == f[0] && c.argument(1).register == f[2], "these are not the operands")
		c.after(f[0], f[1])
		c.after(f[2], f[3])
		c.before(f[0], f[3])
		c.before(f[2], f[1])
	})
	goes := func(add bool) func(c *checker, f []string) {
		return func(c *checker, f []string) {
			c.register(1, f[0])
			c.after(f[0], f[1])
			c.before(f[0], f[3])
			c.source(f[0], f[2])
			size := c.memorySize()
			addr, known := c.address(size, f[2])
			old, _ := parse(f[3])
			now, ok := c.at(addr, size, true)
			if !known || !ok {
				return
			}
			want := old
			if add {
				was, ok := c.at(addr, size, false)
				if !ok {
					return
				}
				want = new(big.Int).Add(old, was)
			}
			c.claim(modulo(want, uint(8*size)).Cmp(now) == 0, "memory at %s holds %#x", f[2], now)
		}
	}
	add("{r} becomes {n}, read from {a}; its old value, {n}, goes there.", goes(false))
	add("{r} becomes {n}, read from {a}; its old value, {n}, is added there.", goes(true))
	add("{r} becomes {n}: {n} + {n}{cut}; {r} becomes {n}, the old value of {r}.", func(c *checker, f []string) {
		c.claim(f[0] == f[7] && c.argument(0).register == f[0] && c.argument(1).register == f[5], "these are not the operands")
		c.after(f[0], f[1])
		c.before(f[0], f[2])
		c.before(f[5], f[3])
		c.after(f[5], f[6])
		c.before(f[0], f[6])
		c.equation(f[1], f[4], plus, f[2], f[3])
	})
	for _, verb := range []string{"equal", "equals"} {
		add("{m} "+verb+" {r} ({n}), so ZF is set and {n}, the value of {r}, goes there.", func(c *checker, f []string) {
			was, size, ok := c.place(f[0], false)
			c.holds(was, size, ok, f[2])
			c.before(f[1], f[2])
			c.before(f[4], f[3])
			c.register(1, f[4])
			c.claim(flag(c.After["eflags"], "ZF"), "ZF is clear")
			now, size, ok := c.place(f[0], true)
			c.holds(now, size, ok, f[3])
		})
	}
	add("{r} becomes {n}, read from {a}: it is not {n}, so ZF is clear and nothing is stored.", func(c *checker, f []string) {
		c.after(f[0], f[1])
		c.before(f[0], f[3])
		c.source(f[0], f[2])
		c.claim(f[1] != f[3] && !flag(c.After["eflags"], "ZF"), "ZF, or %s", f[1])
		size := c.memorySize()
		addr, known := c.address(size, f[2])
		was, ok1 := c.at(addr, size, false)
		now, ok2 := c.at(addr, size, true)
		c.claim(!known || !ok1 || !ok2 || was.Cmp(now) == 0, "memory has changed")
	})

	add("{r} becomes {n}: {o}, zero-extended.", func(c *checker, f []string) { c.widened(f, false) })
	add("{r} becomes {n}: {o}, sign-extended.", func(c *checker, f []string) { c.widened(f, true) })
	add("{r} becomes {n}: {o}, copied.", func(c *checker, f []string) { c.widened(f, true) })
	add("{r} becomes {n}: every bit is the sign of {r}.", func(c *checker, f []string) {
		pairs := map[string][2]string{"cwd": {"dx", "ax"}, "cdq": {"edx", "eax"}, "cqo": {"rdx", "rax"}}
		c.claim(pairs[c.name] == [2]string{f[0], f[2]}, "%s has other registers", c.name)
		c.after(f[0], f[1])
		v, bits, _ := registers(c.Before).get(f[2])
		want := "0"
		if signed(v, bits) < 0 {
			want = "-1"
		}
		c.after(f[0], want)
	})
	add("{r} becomes {n}: the bytes of {n} in reverse.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		c.before(f[0], f[2])
		old, bits, _ := registers(c.Before).get(f[0])
		now, _, _ := registers(c.After).get(f[0])
		for i := uint(0); i < bits; i += 8 {
			c.claim(old>>i&0xff == now>>(bits-8-i)&0xff, "byte %d", i/8)
		}
	})
}

// lea checks a register that gets an address, of which it has room for so many bits.
func (c *checker) lea(r, number string, bits uint) {
	c.register(0, r)
	c.after(r, number)
	want := low(c.withoutSegment(), bits)
	_, size, _ := registers(c.After).get(r)
	n, _ := parse(number)
	c.claim(same(n, want, size) && low(want, size) == want, "the address is %#x", want)
}

// withoutSegment is the address of the memory operand as lea computes it.
func (c *checker) withoutSegment() uint64 {
	o, _ := c.memory(1)
	return o.offset
}

// widened checks movzx, movsx and their kin.
func (c *checker) widened(f []string, sign bool) {
	c.after(f[0], f[1])
	fixed := map[string][2]string{"cbw": {"ax", "al"}, "cwde": {"eax", "ax"}, "cdqe": {"rax", "eax"}}
	var from uint64
	var bits uint
	if pair, ok := fixed[c.name]; ok {
		c.claim(pair == [2]string{f[0], f[2]}, "%s has other registers", c.name)
		from, bits, _ = registers(c.Before).get(f[2])
	} else {
		c.register(0, f[0])
		if strings.Contains(f[2], " at ") {
			n, size, ok := c.place(f[2], false)
			if !ok {
				return
			}
			from, bits = n.Uint64(), uint(8*size)
		} else {
			c.register(1, f[2])
			from, bits, _ = registers(c.Before).get(f[2])
		}
	}
	if sign {
		from = uint64(signed(from, bits))
	}
	_, width, _ := registers(c.After).get(f[0])
	n, _ := parse(f[1])
	c.claim(modulo(n, width).Uint64() == low(from, width), "%s widened is %#x", f[2], low(from, width))
}
