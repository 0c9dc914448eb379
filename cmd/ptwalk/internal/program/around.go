package program

import (
	"sync"
	"time"

	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer/killset"
)

// Around is what a program may leave behind: the modes of the terminal, and the
// processes that it has started. Where the program ends by itself they stay, as they
// do natively. Where we end it they go with it.
type Around struct {
	Family *killset.Family
	modes  *supervise.Modes
	once   sync.Once
}

// familyLimit is how long we wait for the end of those whom a program has started.
const familyLimit = time.Second

// Prepare is for the moment before the program is started.
func Prepare() *Around { return &Around{Family: killset.Expect(), modes: supervise.KeepModes()} }

// End is for the moment when the program has ended: by us, or by itself. Only the
// first call counts.
func (a *Around) End(byUs bool) {
	a.once.Do(func() {
		a.Family.End(byUs, familyLimit)
		if byUs {
			a.modes.Restore()
		} else {
			a.modes.Forget()
		}
	})
}
