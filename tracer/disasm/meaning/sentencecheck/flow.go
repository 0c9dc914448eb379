package sentencecheck

import (
	"bytes"
	"strconv"
	"strings"
)

// rip checks that execution goes on at an address.
func (c *checker) rip(number string) {
	n, ok := parse(number)
	c.claim(ok && n.Uint64() == registers(c.After).word("rip"), "execution goes on at %#x, not %s", registers(c.After).word("rip"), number)
}

// next is the address behind the instruction.
func (c *checker) next() uint64 {
	next := c.Addr + uint64(len(c.Code))
	if c.Arch == "i386" {
		next = low(next, 32)
	}
	return next
}

// target is where a direct jump or call goes, by its last bytes.
func (c *checker) target() uint64 {
	at := func(n int) byte {
		if n < len(c.Code) {
			return c.Code[n]
		}
		return 0
	}
	n := 0
	for n < len(c.Code) && bytes.IndexByte([]byte{0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65}, at(n)) >= 0 {
		n++
	}
	if c.Arch != "i386" && at(n)>>4 == 4 {
		n++
	}
	short := c.Arch == "i386" && bytes.IndexByte(c.Code[:n], 0x66) >= 0 // 16 bits of eip
	size := 4
	switch op := at(n); {
	case op>>4 == 7, op == 0xeb, 0xe0 <= op && op <= 0xe3:
		size = 1
	case short:
		size = 2
	}
	m := modrm{code: c.Code}
	to := c.next() + m.number(len(c.Code)-size, size)
	switch {
	case short:
		return low(to, 16)
	case c.Arch == "i386":
		return low(to, 32)
	}
	return to
}

// stack checks by how much the stack pointer went, and in which direction.
func (c *checker) stack(by string, down bool) int {
	was, is := registers(c.Before).word("rsp"), registers(c.After).word("rsp")
	moved := was - is
	if !down {
		moved = -moved
	}
	n, err := strconv.Atoi(by)
	c.claim(err == nil && n > 0 && uint64(n) == moved, "the stack pointer went from %#x to %#x", was, is)
	return n
}

// top checks the word on top of the stack after the step.
func (c *checker) top(number string, size int) {
	n, ok := parse(number)
	c.claim(ok && inRange(n, uint(8*size)), "%s is no number of %d bytes", number, size)
	if there, ok := c.at(registers(c.After).word("rsp"), size, true); ok {
		c.claim(modulo(n, uint(8*size)).Cmp(there) == 0, "the stack holds %#x, not %s", there, number)
	}
}

// popped checks what came from the stack into a register.
func (c *checker) popped(from uint64, r, number string, size int) {
	c.is(c.After, "after", r, number)
	if n, ok := c.at(from, size, false); ok {
		v, bits, _ := registers(c.After).get(r)
		c.claim(low(n.Uint64(), bits) == v, "the stack held %#x, and %s is %#x", n, r, v)
	}
}

func flowRules() {
	for taken, verb := range map[bool]string{true: "Jumps", false: "Does not jump"} {
		add(verb+" to {n}, because {why}.", func(c *checker, f []string) { c.jump(f[0], f[1], taken) })
		add("{r} goes down to {n}. "+verb+" to {n}, because {why}.", func(c *checker, f []string) {
			c.claim(strings.HasPrefix(c.name, "loop"), "%s does not count", c.name)
			c.after(f[0], f[1])
			was, bits, _ := registers(c.Before).get(f[0])
			is, _, _ := registers(c.After).get(f[0])
			c.claim(low(was-1, bits) == is, "%s was %#x", f[0], was)
			c.jump(f[2], f[3], taken)
		})
	}
	add("Jumps to {n}.", func(c *checker, f []string) {
		c.rip(f[0])
		n, _ := parse(f[0])
		c.claim(n.Uint64() == c.target(), "the target is %#x", c.target())
	})
	indirect := func(c *checker, to, r, addr string) {
		c.rip(to)
		if r != "" {
			c.register(0, r)
			c.before(r, to)
			return
		}
		size := c.memorySize()
		at, known := c.address(size, addr)
		if n, ok := c.at(at, size, false); known && ok {
			told, _ := parse(to)
			c.claim(n.Cmp(told) == 0, "memory at %s held %#x", addr, n)
		}
	}
	add("Jumps to {n}, the value of {r}.", func(c *checker, f []string) { indirect(c, f[0], f[1], "") })
	add("Jumps to {n}, read from {a}.", func(c *checker, f []string) { indirect(c, f[0], "", f[1]) })
	returnAddress := func(c *checker, number string) {
		n, _ := parse(number)
		c.claim(n.Uint64() == c.next(), "the next instruction is at %#x", c.next())
		size := int(registers(c.Before).word("rsp") - registers(c.After).word("rsp"))
		c.claim(size == 2 || size == 4 || size == 8, "the stack pointer went down by %d", size)
		c.top(number, size)
	}
	add("Calls {n}. The stack pointer goes down by {n} and the word {n} is stored there: the return address.", func(c *checker, f []string) {
		c.rip(f[0])
		n, _ := parse(f[0])
		c.claim(n.Uint64() == c.target(), "the target is %#x", c.target())
		c.stack(f[1], true)
		returnAddress(c, f[2])
	})
	add("Calls {n}, the value of {r}; the return address, {n}, is stored on the stack.", func(c *checker, f []string) {
		indirect(c, f[0], f[1], "")
		returnAddress(c, f[2])
	})
	add("Calls {n}, read from {a}; the return address, {n}, is stored on the stack.", func(c *checker, f []string) {
		indirect(c, f[0], "", f[1])
		returnAddress(c, f[2])
	})
	add("Returns to {n}, the word on top of the stack; the stack pointer goes up by {n}.", func(c *checker, f []string) {
		c.rip(f[0])
		c.stack(f[1], false)
		size := map[string]int{"i386": 4, "x86-64": 8}[c.Arch]
		if n, ok := c.at(registers(c.Before).word("rsp"), size, false); ok {
			told, _ := parse(f[0])
			c.claim(n.Cmp(told) == 0, "the stack held %#x", n)
		}
	})

	add("The stack pointer goes down by {n} and {n} is stored there.", func(c *checker, f []string) {
		size := c.stack(f[0], true)
		c.top(f[1], size)
		n, _ := parse(f[1])
		c.claim(modulo(n, uint(8*size)).Uint64() == low(c.argument(0).constant, uint(8*size)), "the constant is %#x", c.argument(0).constant)
	})
	add("The stack pointer goes down by {n} and {n}, the value of {r}, is stored there.", func(c *checker, f []string) {
		c.top(f[1], c.stack(f[0], true))
		c.register(0, f[2])
		c.before(f[2], f[1])
	})
	add("The stack pointer goes down by {n} and the 16 bits of {r}, {n}, are stored there.", func(c *checker, f []string) {
		c.stack(f[0], true)
		c.top(f[2], 2)
		c.register(0, f[1])
		c.before(f[1], f[2])
	})
	add("The stack pointer goes down by {n} and {m} are copied there.", func(c *checker, f []string) {
		size := c.stack(f[0], true)
		n, amount, ok := c.place(f[1], false)
		c.claim(size == amount, "%d bytes", size)
		if ok {
			c.top(n.String(), size)
		}
	})
	add("The stack pointer goes down by {n} and the flags are stored there.", func(c *checker, f []string) {
		size := c.stack(f[0], true)
		const trap, resume = 1 << 8, 1 << 16
		if n, ok := c.at(registers(c.After).word("rsp"), size, true); ok {
			was := low(c.Before["eflags"], uint(8*size))
			c.claim((n.Uint64()^was)&^(trap|resume) == 0, "the stack holds %#x", n)
		}
	})
	add("{r} becomes {n}, taken from the stack; the stack pointer goes up by {n}.", func(c *checker, f []string) {
		size := c.stack(f[2], false)
		c.register(0, f[0])
		c.popped(registers(c.Before).word("rsp"), f[0], f[1], size)
	})
	add("The flags become {n}, taken from the stack; the stack pointer goes up by {n}.", func(c *checker, f []string) {
		c.stack(f[1], false)
		n, _ := parse(f[0])
		c.claim(n.Uint64() == c.After["eflags"], "the flags are %#x", c.After["eflags"])
		const status = 0xcd5 // CF, PF, AF, ZF, SF, DF, OF
		if there, ok := c.at(registers(c.Before).word("rsp"), 4, false); ok {
			c.claim((there.Uint64()^n.Uint64())&status == 0, "the stack held %#x", there)
		}
	})
	add("{r} becomes {n}, just above where {r} pointed, and {r} becomes {n}, read from there.", func(c *checker, f []string) {
		c.after(f[0], f[1])
		old, bits, _ := registers(c.Before).get(f[2])
		c.claim(f[2] == f[3] || parts[f[2]].whole == f[3], "two registers")
		n, _ := parse(f[1])
		c.claim(n.Uint64() == old+uint64(bits/8), "%s was %#x", f[2], old)
		c.popped(old, f[3], f[4], int(bits/8))
	})

	add("{r} becomes {n}, because {why}.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		holds, known := c.condition()
		c.claim(known && f[1] == map[bool]string{true: "1", false: "0"}[holds], "the condition")
		c.because(f[2])
	})
	add("The byte at {a} becomes {n}, because {why}.", func(c *checker, f []string) {
		addr, ok := c.address(1, f[0])
		holds, known := c.condition()
		c.claim(known && f[1] == map[bool]string{true: "1", false: "0"}[holds], "the condition")
		if n, looked := c.at(addr, 1, true); ok && looked {
			c.holds(n, 1, true, f[1])
		}
		c.because(f[2])
	})
	add("Nothing is moved, because {why}; {r} is {n}.", func(c *checker, f []string) {
		holds, known := c.condition()
		c.claim(known && !holds, "the condition holds")
		c.because(f[0])
		c.register(0, f[1])
		c.after(f[1], f[2])
		c.before(f[1], f[2])
	})
	add("{r} becomes {n}, read from {a}, because {why}.", func(c *checker, f []string) {
		c.moved(f[3])
		c.register(0, f[0])
		c.after(f[0], f[1])
		c.source(f[0], f[2])
	})
	add("{r} becomes {n}, the value of {r}, because {why}.", func(c *checker, f []string) {
		c.moved(f[3])
		c.register(0, f[0])
		c.register(1, f[2])
		c.after(f[0], f[1])
		c.before(f[2], f[1])
	})
	for _, value := range []string{"0", "1"} {
		for _, name := range []string{"CF", "DF"} {
			add(name+" becomes "+value+".", func(c *checker, f []string) {
				c.claim(flag(c.After["eflags"], name) == (value == "1"), "%s", name)
				was := flag(c.Before["eflags"], name)
				want := map[string]bool{"stc": true, "std": true, "clc": false, "cld": false, "cmc": !was}
				is, known := want[c.name]
				c.claim(known && is == (value == "1"), "%s", c.name)
			})
		}
	}
}

func (c *checker) moved(why string) {
	holds, known := c.condition()
	c.claim(known && holds, "the condition does not hold")
	c.because(why)
}

// jump checks a conditional jump.
func (c *checker) jump(to, why string, taken bool) {
	n, _ := parse(to)
	c.claim(n.Uint64() == c.target(), "the target is %#x", c.target())
	want := c.next()
	if taken {
		want = c.target()
	}
	c.claim(registers(c.After).word("rip") == want, "execution goes on at %#x", registers(c.After).word("rip"))
	if holds, known := c.condition(); known {
		c.claim(holds == taken, "the condition")
	}
	c.because(why)
}
