package stage

import (
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// Mapping is the line of /proc/PID/maps in which an address of the child lies.
func (c *Child) Mapping(a tracer.Addr) procfs.Map {
	m, ok := procfs.MapOf(c.maps(), a)
	if !ok {
		c.s.Fail(errorf("nothing is mapped at %v", a))
	}
	return m
}

// Base is where the child's program begins in memory, its first mapping of the file.
func (c *Child) Base() tracer.Addr {
	maps := c.maps()
	for _, m := range maps {
		if m.Inode != 0 {
			return m.Start
		}
	}
	c.s.Fail(errorf("no file is mapped"))
	return 0
}

func (c *Child) maps() []procfs.Map {
	c.s.needProc()
	maps, err := procfs.Maps(c.TID())
	c.must(err)
	return maps
}
