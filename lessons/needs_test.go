package lessons

import (
	"slices"
	"testing"

	"ptwalk/tracer/doctor"
)

func TestNeedsNameChecks(t *testing.T) {
	for _, l := range All {
		q := NeedsOf(l)
		if len(q.Needs) == 0 {
			t.Errorf("lesson %d needs nothing", l.Number)
		}
		for _, name := range q.Checks() {
			if !slices.Contains(doctor.CheckNames(), name) {
				t.Errorf("lesson %d needs %q, which is no check", l.Number, name)
			}
		}
	}
}
