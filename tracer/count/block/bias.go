package block

// branchBias is how often the expectation of a conditional jump was given up.
type branchBias uint8

// side is where a conditional jump is expected to lead.
type side uint8

const (
	onward side = iota // to the next instruction
	away               // to its target
	either
)

// side is the expectation: back, because loops turn more than once, and not
// forward; then the contrary of that; then none.
func (b branchBias) side(back bool) side {
	switch {
	case b > 1:
		return either
	case back == (b == 0):
		return away
	}
	return onward
}

// lost says whether a superblock should no longer be left by this exit.
func (e *exit) lost(runs uint32) bool { return e.hits >= 4 && e.hits > runs/2 }
