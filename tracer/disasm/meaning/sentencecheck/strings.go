package sentencecheck

import (
	"math/big"
	"strconv"
	"strings"
)

// item is the size of what a string instruction moves, by the letter at its end.
func (c *checker) item() int {
	for _, stem := range []string{"stos", "movs", "lods", "scas", "cmps"} {
		if letter, ok := strings.CutPrefix(c.name, stem); ok {
			return map[string]int{"b": 1, "w": 2, "d": 4, "q": 8}[letter]
		}
	}
	c.claim(false, "%s is no string instruction", c.name)
	return 0
}

// pointed checks an address that is in a pointer register, cut to the address size.
func (c *checker) pointed(r, number string) uint64 {
	n, ok := parse(number)
	want := low(registers(c.Before).word(r), c.addressBits())
	c.claim(ok && n.Uint64() == want, "%s points to %#x, not %s", r, want, number)
	return want
}

func (c *checker) addressBits() uint {
	bits := map[string]uint{"x86-64": 64, "i386": 32}[c.Arch]
	for _, b := range c.Code {
		switch b {
		case 0x67:
			return bits / 2
		case 0x66, 0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65:
		default:
			return bits
		}
	}
	return bits
}

// items is how many items the step has moved, by the counter of rep.
func (c *checker) items() int {
	if !strings.HasPrefix(c.Text, "rep") {
		return 1
	}
	was := low(registers(c.Before).word("rcx"), c.addressBits())
	is := low(registers(c.After).word("rcx"), c.addressBits())
	return int(was - is)
}

// bytes checks how many bytes the step has moved.
func (c *checker) bytes(amount string) int {
	want := c.items() * c.item()
	text := strconv.Itoa(want) + " bytes"
	if want == 1 {
		text = "One byte"
	}
	c.claim(amount == text, "it is %s, not %s", text, amount)
	return want
}

// accumulated checks the item that is in al, ax, eax or rax.
func (c *checker) accumulated(number string) {
	c.before(accumulator[uint(8*c.item())], number)
}

func stringRules() {
	// remains is how the sentence of a string instruction ends.
	remains := func(pattern string, check func(c *checker, f []string)) {
		add(pattern+".", func(c *checker, f []string) {
			c.claim(!strings.HasPrefix(c.Text, "rep"), "what remains is not told")
			check(c, f)
		})
		for _, verb := range []string{"remain", "remains"} {
			add(pattern+"; {n} "+verb+" in {r}.", func(c *checker, f []string) {
				n, r := f[len(f)-2], f[len(f)-1]
				c.claim(strings.HasPrefix(c.Text, "rep"), "it does not repeat")
				c.claim((n == "1") == (verb == "remains"), "%s %s", n, verb)
				c.is(c.After, "after", r, n)
				c.claim(parts[r].bits == c.addressBits(), "%s does not count", r)
				check(c, f)
			})
		}
	}
	for _, amount := range []string{"One byte, {n}, goes to {n}", "{n} bytes, {n}, go to {n}"} {
		remains(amount, func(c *checker, f []string) {
			if strings.HasPrefix(amount, "One") {
				f = append([]string{"1"}, f...)
			}
			c.claim(c.items() == 1 && f[0] == strconv.Itoa(c.item()), "it is %d items", c.items())
			c.accumulated(f[1])
			addr := c.pointed("rdi", f[2])
			if n, ok := c.at(addr, c.item(), true); ok {
				c.holds(n, c.item(), true, f[1])
			}
		})
	}
	remains("{n} bytes, each {n} {n}, go to {n}", func(c *checker, f []string) {
		c.bytes(f[0] + " bytes")
		c.claim(f[1] == strconv.Itoa(c.item()) && !flag(c.Before["eflags"], "DF"), "it is %d", c.item())
		c.accumulated(f[2])
		c.pointed("rdi", f[3])
	})
	for _, amount := range []string{"One byte is copied from {n} to {n}", "{n} bytes are copied from {n} to {n}"} {
		remains(amount, func(c *checker, f []string) {
			if strings.HasPrefix(amount, "One") {
				f = append([]string{"1"}, f...)
			}
			n, _ := strconv.Atoi(f[0])
			c.claim(n == c.items()*c.item() && (c.items() == 1 || !flag(c.Before["eflags"], "DF")), "it is %d items", c.items())
			from, to := c.pointed("rsi", f[1]), c.pointed("rdi", f[2])
			was, ok1 := c.at(from, n, false)
			now, ok2 := c.at(to, n, true)
			c.claim(!ok1 || !ok2 || was.Cmp(now) == 0, "%#x was copied, and %#x is there", was, now)
		})
	}
	add("{r} is 0, so nothing happens.", func(c *checker, f []string) {
		c.before(f[0], "0")
		c.claim(strings.HasPrefix(c.Text, "rep") && parts[f[0]].bits == c.addressBits(), "%s does not count", f[0])
		c.nothing("rip", "eip")
	})
	for result, equal := range map[string]bool{"they are equal": true, "they differ": false} {
		remains("Compares {o} with {m}: "+result, func(c *checker, f []string) {
			c.claim(c.items() == 1, "it is %d items", c.items())
			if registers(c.After).word("rip") == c.Addr {
				c.claim(strings.HasPrefix(c.Text, "repe ") == equal, "it would have ended")
			} else {
				c.claim(flag(c.After["eflags"], "ZF") == equal, "ZF")
			}
			var left *big.Int
			known := true
			if strings.HasPrefix(c.name, "scas") {
				c.accumulated(f[0])
				left, _ = parse(f[0])
			} else {
				left, known = c.there("rsi", f[0])
			}
			right, ok := c.there("rdi", f[1])
			c.claim(!known || !ok || (modulo(left, uint(8*c.item())).Cmp(right) == 0) == equal, "%v and %v", left, right)
		})
	}
}

// there checks the item at a pointer and returns it, if somebody has looked.
func (c *checker) there(r, text string) (*big.Int, bool) {
	amount, where, _ := strings.Cut(strings.TrimPrefix(text, "the "), " at ")
	want := strconv.Itoa(c.item()) + " bytes"
	if c.item() == 1 {
		want = "byte"
	}
	c.claim(amount == want, "it is the %s", want)
	return c.at(c.pointed(r, where), c.item(), false)
}
