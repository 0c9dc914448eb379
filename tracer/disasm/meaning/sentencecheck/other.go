package sentencecheck

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// differing are the registers that differ, but for some.
func (c *checker) differing(but ...string) []string {
	var names []string
	for name, v := range c.After {
		if c.Before[name] != v && !slices.Contains(but, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// nothing checks that no register has changed but these.
func (c *checker) nothing(but ...string) {
	d := c.differing(append(but, "orig_rax", "orig_eax")...)
	c.claim(len(d) == 0, "%s has changed", strings.Join(d, ", "))
}

func otherRules() {
	kernelRules()
	vectorRules()
	for _, what := range []string{"general register", "register that ptrace shows here"} {
		add("Changes no "+what+".", func(c *checker, f []string) { c.nothing("rip", "eip") })
		add("Changes no "+what+". Execution goes on at {n}.", func(c *checker, f []string) {
			c.nothing("rip", "eip")
			c.rip(f[0])
		})
	}
	add("Changes {list}.", func(c *checker, f []string) { c.changes(f[0]) })
	add("Changes {list}. Execution goes on at {n}.", func(c *checker, f []string) {
		c.changes(f[0])
		c.rip(f[1])
	})
	add("It has not completed: execution is still at {n}.", func(c *checker, f []string) {
		n, _ := parse(f[0])
		c.claim(n.Uint64() == c.Addr, "the instruction is at %#x", c.Addr)
		c.rip(f[0])
	})
	add("Execution goes on at {n}, not at the next instruction.", func(c *checker, f []string) {
		c.rip(f[0])
		n, _ := parse(f[0])
		c.claim(n.Uint64() != c.next(), "it is the next instruction")
	})
	for _, text := range []string{
		"Does nothing.",
		"Tells the processor that this loop waits for something. It changes no register.",
		"Marks a place that an indirect jump or call may go to. It changes no register.",
		"Marks a place that an indirect 32-bit jump or call may go to. It changes no register.",
	} {
		add(text, func(c *checker, f []string) { c.nothing("rip", "eip") })
	}
	add("A breakpoint: the kernel makes a SIGTRAP of it.", func(c *checker, f []string) {
		c.claim(c.name == "int3" || c.name == "int", "%s", c.name)
	})
	add("The processor raises a debug exception, as a step does: the kernel makes a SIGTRAP of it.", func(c *checker, f []string) {
		c.claim(c.name == "icebp", "%s", c.name)
	})
	leaf := func(c *checker, f []string) {
		c.claim(c.name == "cpuid", "%s", c.name)
		c.before("eax", f[0])
	}
	add("Asks the processor about itself, leaf {n}: the answer is in eax, ebx, ecx and edx.", leaf)
	add("Asks the processor about itself, leaf {n}. The virtual machine answers without a trap: what follows has run too, up to {n}.",
		func(c *checker, f []string) {
			leaf(c, f)
			c.rip(f[1])
		})
	add("Asks for a register of the kernel's.", func(c *checker, f []string) {})
	add("Asks for a register of the kernel's. The kernel answers, without a trap: what follows has run too, up to {n}.",
		func(c *checker, f []string) { c.rip(f[0]) })
	add("Reads the time-stamp counter: {n}, its high half in edx, its low half in eax.", func(c *checker, f []string) {
		n, _ := parse(f[0])
		high, _, _ := registers(c.After).get("edx")
		low, _, _ := registers(c.After).get("eax")
		c.claim(n.Uint64() == high<<32|low, "it is %#x", high<<32|low)
	})
}

// changes checks "rax to 0x5, rbx to 0x6, 2 more and the flags".
func (c *checker) changes(list string) {
	different := c.differing("rip", "eip", "orig_rax", "orig_eax")
	told, more, flags := 0, 0, false
	for _, word := range strings.FieldsFunc(strings.ReplaceAll(list, " and ", ", "), func(r rune) bool { return r == ',' }) {
		word = strings.TrimSpace(word)
		if name, number, ok := strings.Cut(word, " to "); ok {
			n, valid := parse(number)
			c.claim(valid && n.Uint64() == c.After[name] && slices.Contains(different, name), "%s is %#x", name, c.After[name])
			told++
		} else if number, ok := strings.CutSuffix(word, " more"); ok {
			more, _ = strconv.Atoi(number)
		} else {
			c.claim(word == "the flags", "%q is not understood", word)
			flags = true
		}
	}
	c.claim(flags == slices.Contains(different, "eflags"), "the flags")
	if flags {
		told++
	}
	c.claim(told+more == len(different), "%d registers have changed: %s", len(different), strings.Join(different, ", "))
}

func kernelRules() {
	const known, unknown = "The kernel runs {table}system call {n}, {name}", "The kernel is asked for {table}system call {n}"
	for _, begin := range []string{known, unknown} {
		call := func(c *checker, f []string) (name string, rest []string) {
			table := ""
			if c.Arch == "x86-64" && c.name != "syscall" {
				table = "i386 "
			}
			c.claim(f[0] == table, "the table is %q", table)
			c.claim(c.name == "syscall" || c.name == "sysenter" || c.name == "int", "%s makes no system call", c.name)
			c.before("eax", f[1])
			if begin == known {
				return f[2], f[3:]
			}
			return "", f[2:]
		}
		add(begin+".", func(c *checker, f []string) { call(c, f) })
		add(begin+": status {n}.", func(c *checker, f []string) {
			name, rest := call(c, f)
			c.claim(strings.HasPrefix(name, "exit"), "%s has no status", name)
			r := "rdi"
			if c.Arch == "i386" || f[0] != "" {
				r = "rbx"
			}
			c.claim(rest[0] == fmt.Sprint(registers(c.Before).word(r)&0xff), "%s was %#x", r, registers(c.Before).word(r))
		})
		add(begin+". Execution goes on at {n}.", func(c *checker, f []string) {
			_, rest := call(c, f)
			c.rip(rest[0])
		})
		result := func(c *checker, f []string) []string {
			_, rest := call(c, f)
			r := "rax"
			if c.Arch == "i386" || f[0] != "" {
				r = "eax"
			}
			c.is(c.After, "after", r, rest[0])
			return rest[1:]
		}
		add(begin+". Its result is {n}.", func(c *checker, f []string) { result(c, f) })
		add(begin+". Its result is {n}. Execution goes on at {n}.", func(c *checker, f []string) { c.rip(result(c, f)[0]) })
		add(begin+". It fails: the result is {n}, {errno}.", func(c *checker, f []string) { result(c, f) })
		add(begin+". It fails: the result is {n}, {errno}. Execution goes on at {n}.", func(c *checker, f []string) { c.rip(result(c, f)[1]) })
	}
}

// copied checks a copy between a vector register and memory or another one: size
// bytes, of which the sentence names the two places.
func (c *checker) copied(to, from []byte, known1, known2 bool) {
	c.claim(!known1 || !known2 || bytes.Equal(to, from), "%x was copied, and it is %x", from, to)
}

// in reads the lowest bytes of a vector register.
func (c *checker) in(name string, size int, after bool) ([]byte, bool) {
	c.claim(vectorSize(name) >= size, "%s has not %d bytes", name, size)
	if c.Vector == nil {
		return nil, false
	}
	b, ok := c.Vector(name, after)
	return b[:min(size, len(b))], ok
}

// stored reads the memory of "16 bytes at 0x402000".
func (c *checker) stored(text string, after bool) (b []byte, size int, ok bool) {
	n, size, ok := c.place(text, after)
	if !ok {
		return nil, size, false
	}
	b = n.FillBytes(make([]byte, size))
	slices.Reverse(b)
	return b, size, true
}

func vectorRules() {
	add("{m} become those of {r}.", func(c *checker, f []string) {
		to, size, ok1 := c.stored(f[0], true)
		from, ok2 := c.in(f[1], size, false)
		c.claim(size == vectorSize(f[1]) && c.argument(1).register == f[1], "%s has %d bytes", f[1], vectorSize(f[1]))
		c.copied(to, from, ok1, ok2)
	})
	add("{r} gets {m}.", func(c *checker, f []string) {
		from, size, ok1 := c.stored(f[1], false)
		to, ok2 := c.in(f[0], size, true)
		c.claim(size == vectorSize(f[0]) && c.argument(0).register == f[0], "%s has %d bytes", f[0], vectorSize(f[0]))
		c.copied(to, from, ok2, ok1)
	})
	add("{r} gets the value of {r}.", func(c *checker, f []string) {
		c.claim(c.argument(0).register == f[0] && c.argument(1).register == f[1], "these are not the operands")
		to, ok1 := c.in(f[0], vectorSize(f[0]), true)
		from, ok2 := c.in(f[1], vectorSize(f[0]), false)
		c.copied(to, from, ok1, ok2)
	})
	add("{r} becomes {n}, the lowest {n} bytes of {r}.", func(c *checker, f []string) {
		c.register(0, f[0])
		c.after(f[0], f[1])
		size, _ := strconv.Atoi(f[2])
		c.claim(uint(8*size) == c.width() && c.argument(1).register == f[3], "it is %d bits", c.width())
		if b, ok := c.in(f[3], size, false); ok {
			n, _ := parse(f[1])
			c.claim(modulo(n, uint(8*size)).Cmp(little(b)) == 0, "%s held %x", f[3], b)
		}
	})
	add("The lowest {n} bytes of {r} become {n}, the value of {r}.", func(c *checker, f []string) {
		c.claim(c.argument(0).register == f[1], "operand 0 is not %s", f[1])
		c.register(1, f[3])
		c.before(f[3], f[2])
		size, _ := strconv.Atoi(f[0])
		c.claim(uint(8*size) == c.argument(1).width(), "%s has %d bits", f[3], c.argument(1).width())
		if b, ok := c.in(f[1], size, true); ok {
			n, _ := parse(f[2])
			c.claim(modulo(n, uint(8*size)).Cmp(little(b)) == 0, "%s holds %x", f[1], b)
		}
	})
	add("{m} become the lowest of {r}.", func(c *checker, f []string) {
		to, size, ok1 := c.stored(f[0], true)
		from, ok2 := c.in(f[1], size, false)
		c.copied(to, from, ok1, ok2)
	})
	add("The lowest {n} bytes of {r} become {m}.", func(c *checker, f []string) {
		from, size, ok1 := c.stored(f[2], false)
		c.claim(f[0] == strconv.Itoa(size), "it is %d bytes", size)
		to, ok2 := c.in(f[1], size, true)
		c.copied(to, from, ok2, ok1)
	})
}
