package stage

import (
	"path"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/symbols"
)

// Symbols is the symbol table of the target's ELF file.
func (c *Child) Symbols() *symbols.Table {
	if c.table == nil {
		f, err := c.Target.ELF()
		c.must(err)
		c.table = symbols.FromELF(c.Target.Name, f)
	}
	return c.table
}

// Entry is the entry point of the target's ELF file.
func (c *Child) Entry() tracer.Addr {
	f, err := c.Target.ELF()
	c.must(err)
	return tracer.Addr(f.Entry)
}

// Symbol is the address of a symbol of the target.
func (c *Child) Symbol(name string) tracer.Addr {
	sym, ok := c.Symbols().Lookup(name)
	if !ok {
		c.s.Fail(errorf("%s has no symbol %s", c.Target.Name, name))
	}
	return sym.Addr
}

// Where names the place of an address: "nap+0x9".
func (c *Child) Where(a tracer.Addr) string {
	if sym, off, ok := c.Symbols().Find(a); ok {
		return sym.At(off)
	}
	return "no symbol"
}

// Line is the code of the target's source line that holds text, from DWARF.
func (c *Child) Line(text string) symbols.Range {
	number := 0
	for i, line := range strings.Split(c.Target.SourceText(), "\n") {
		if number == 0 && strings.Contains(line, text) {
			number = i + 1
		}
	}
	f, err := c.Target.ELF()
	c.must(err)
	ranges, err := symbols.Lines(f, path.Base(c.Target.Source), number)
	c.must(err)
	if len(ranges) == 0 {
		c.s.Fail(errorf("line %d of %s has no code", number, c.Target.Source))
	}
	return ranges[0]
}

// Function is the name of the function that an address is in.
func (c *Child) Function(a tracer.Addr) string {
	if sym, _, ok := c.Symbols().Find(a); ok {
		return sym.Name
	}
	return "no symbol"
}
