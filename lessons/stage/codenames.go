package stage

import (
	"ptwalk/tracer"
	"ptwalk/tracer/symbols"
)

// codeNames names the places in a program of somebody's, whose files are known by
// its mappings alone.
type codeNames struct {
	process *symbols.Process // nil: not read yet, or not to be read
	stale   bool             // the mappings may be others now
	in      tracer.Addr      // where the function of the last row begins; 0: in none
	at      tracer.Addr      // where the last row stood
	asked   string           // this name goes before the others of the same address
}

// NameFunctions has Row say which function begins at its instruction, or which one
// its instruction has come into: "main", "main+0x12".
func (c *Child) NameFunctions() { c.names = &codeNames{stale: true} }

// Prefer has Row call a function by this name, where it has several.
func (c *Child) Prefer(name string) { c.names.asked = name }

// Functions are those of the files that the child has mapped now. It is nil where
// its mappings may not be read.
func (c *Child) Functions() *symbols.Process {
	if c.names == nil {
		c.NameFunctions()
	}
	c.names.stale = true
	return c.names.current(c.TID())
}

func (n *codeNames) current(pid tracer.TID) *symbols.Process {
	if !n.stale {
		return n.process
	}
	n.stale = false
	if n.process != nil && n.process.Refresh() == nil {
		return n.process
	}
	n.process = nil
	if p, err := symbols.OfProcess(pid); err == nil {
		n.process = p
	}
	return n.process
}

// label is what Row says of an address before it is left.
func (n *codeNames) label(pid tracer.TID, a tracer.Addr) string {
	again := a == n.at
	n.at = a
	process := n.current(pid)
	if process == nil {
		return ""
	}
	sym, off, ok := process.Find(a)
	if !ok {
		n.in = 0
		return ""
	}
	if sym.Addr == n.in && (off > 0 || again) {
		return ""
	}
	n.in = sym.Addr
	if n.asked != "" {
		for other := range process.Called(n.asked) {
			if other.Addr == sym.Addr {
				sym.Name = n.asked
			}
		}
	}
	return sym.At(off)
}

// label is the name of the target's symbol at an address, if there is one.
func (c *Child) label(a tracer.Addr) string {
	switch {
	case c.names != nil:
		return c.names.label(c.TID(), a)
	case c.Target.Source != "":
		if sym, off, ok := c.Symbols().Find(a); ok && off == 0 {
			return sym.Name
		}
	}
	return ""
}
