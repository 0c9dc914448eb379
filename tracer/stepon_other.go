//go:build !(linux && amd64)

package tracer

func (c *Tracee) stepOn(from Addr) (Addr, Stop, error) { return c.stepOnTold(from) }
