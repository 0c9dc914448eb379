//go:build !linux

package supervise

// Modes are those of a terminal. Elsewhere no program is started that could change
// them.
type Modes struct{}

// KeepModes returns nil.
func KeepModes() *Modes { return nil }

// Forget does nothing.
func (*Modes) Forget() {}

// Restore does nothing.
func (*Modes) Restore() {}
