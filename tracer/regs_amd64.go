package tracer

import "ptwalk/tracer/user"

// PC reads the address of the next instruction: one PTRACE_PEEKUSER of rip. Errors
// as [Tracee.PeekUser].
func (c *Tracee) PC() (Addr, error) {
	w, err := c.PeekUser(user.RIP)
	return Addr(w), err
}

// SetPC writes it: one PTRACE_POKEUSER of rip. Errors as [Tracee.PokeUser].
func (c *Tracee) SetPC(a Addr) error { return c.PokeUser(user.RIP, Word(a)) }
