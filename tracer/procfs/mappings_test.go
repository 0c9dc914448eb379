package procfs

import (
	"reflect"
	"testing"

	"ptwalk/tracer"
)

// What is left of two mappings when memory between two addresses becomes something
// else.
func TestCut(t *testing.T) {
	all := []Map{{Start: 0x1000, End: 0x4000, Offset: 0x10000}, {Start: 0x5000, End: 0x8000}}
	for _, c := range []struct {
		a, end tracer.Addr
		want   []Map
	}{
		{0, 0, all},
		{0x4000, 0x5000, all},
		{0x8000, 0x9000, all},
		{0, 0x10000, []Map{}},
		{0x1000, 0x2000, []Map{{Start: 0x2000, End: 0x4000, Offset: 0x11000}, all[1]}},
		{0x2000, 0x3000, []Map{{Start: 0x1000, End: 0x2000, Offset: 0x10000}, {Start: 0x3000, End: 0x4000, Offset: 0x12000}, all[1]}},
		{0x3000, 0x6000, []Map{{Start: 0x1000, End: 0x3000, Offset: 0x10000}, {Start: 0x6000, End: 0x8000, Offset: 0x1000}}},
	} {
		if got := Cut(append([]Map{}, all...), c.a, c.end); !reflect.DeepEqual(got, c.want) {
			t.Errorf("without %v to %v: %+v, want %+v", c.a, c.end, got, c.want)
		}
	}
}

// A change of data costs no reading; one of code or of what is shared makes all be
// read again.
func TestChangesOfMappings(t *testing.T) {
	for _, c := range []struct {
		perms string
		known bool // the others, after the change
	}{{"rw-p", true}, {"r--p", true}, {"r-xp", false}, {"rw-s", false}} {
		m := Mappings{all: []Map{{Start: 0x1000, End: 0x2000, Perms: c.perms}, {Start: 0x3000, End: 0x4000, Perms: "rw-p"}}, read: true}
		m.Change(0x1000, 0x2000)
		if _, ok := MapOf(m.all, 0x1000); ok {
			t.Errorf("%s: it is still there", c.perms)
		}
		if _, known := MapOf(m.all, 0x3000); known != c.known || m.read != c.known {
			t.Errorf("%s: the others are known: %v, want %v", c.perms, known, c.known)
		}
	}
}

// A mapping that is not known is read, and one that is not there as well, once.
func TestMappingsAreReadWhenTheyAreNeeded(t *testing.T) {
	self, err := Maps(Self)
	if err != nil {
		t.Skip(err)
	}
	m := Mappings{PID: Self}
	if got, ok := m.At(self[0].Start); !ok || got.Start != self[0].Start {
		t.Errorf("at %v lies %+v, %v", self[0].Start, got, ok)
	}
	if _, ok := m.At(1); ok || !m.none[0] {
		t.Errorf("something is mapped at address 1, or it would be looked for again")
	}
}
