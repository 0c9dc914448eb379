package stage

import "ptwalk/tracer"

// PeekText reads one word of memory, by the name for code.
func (c *Child) PeekText(a tracer.Addr) tracer.Word {
	w, err := c.Tracee.PeekText(a)
	c.must(err)
	return w
}

// PokeText writes one word of memory, by the name for code.
func (c *Child) PokeText(a tracer.Addr, w tracer.Word) { c.must(c.Tracee.PokeText(a, w)) }

// Write copies p to memory by process_vm_writev, all of it.
func (c *Child) Write(p []byte, a tracer.Addr) {
	_, err := c.Tracee.WriteAt(p, a)
	c.must(err)
}

// MemFile is the child's memory as the file /proc/TID/mem.
type MemFile struct {
	File  *tracer.MemFile
	child *Child
}

// OpenMem opens it.
func (c *Child) OpenMem() *MemFile {
	f, err := c.Tracee.OpenMem()
	c.must(err)
	return &MemFile{f, c}
}

// Read copies n bytes, and prints them unless they belong to a row.
func (m *MemFile) Read(a tracer.Addr, n int) []byte {
	p := make([]byte, n)
	var err error
	m.child.s.Showing(nil, func() { n, err = m.File.ReadAt(p, a) })
	m.child.must(err)
	return p[:n]
}

// Write copies p to memory.
func (m *MemFile) Write(p []byte, a tracer.Addr) {
	_, err := m.File.WriteAt(p, a)
	m.child.must(err)
}

// Close closes the file.
func (m *MemFile) Close() { m.child.must(m.File.Close()) }
