package procfs

import (
	"slices"
	"sort"

	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

// Mappings are those of a process, kept while it makes system calls that change some
// of them. They are read when one is asked for that is not known. So a call that
// changes data alone costs no reading, however many there are. The zero value, with
// the process, knows none.
//
// Of those that are shared or hold code, none is missing: one that might have changed
// makes all be read again. The caller has to Forget where others may have come.
type Mappings struct {
	PID tracer.TID

	all  []Map // by address
	read bool
	none map[tracer.Addr]bool // pages where nothing was mapped when they were read
}

// All are the mappings that are known, read now if none are.
func (m *Mappings) All() []Map {
	if !m.read {
		m.again()
	}
	return m.all
}

// At is the mapping that a lies in.
func (m *Mappings) At(a tracer.Addr) (Map, bool) {
	page := a &^ (x86.PageSize - 1)
	found, ok := MapOf(m.all, a)
	if ok || m.none[page] || !m.again() {
		return found, ok
	}
	if found, ok = MapOf(m.all, a); !ok {
		m.none[page] = true
	}
	return found, ok
}

func (m *Mappings) again() bool {
	all, err := Maps(m.PID)
	if err != nil {
		return false
	}
	m.all, m.read, m.none = all, true, map[tracer.Addr]bool{}
	return true
}

// Change is for mappings from a up to end that may become others.
func (m *Mappings) Change(a, end tracer.Addr) {
	clear(m.none)
	if slices.ContainsFunc(Overlap(m.all, a, end), func(o Map) bool { return o.Executable() || o.Perms[3] == 's' }) {
		m.Forget()
		return
	}
	m.all = Cut(m.all, a, end)
}

// HasCode says whether code may be executed from a up to end.
func (m *Mappings) HasCode(a, end tracer.Addr) bool {
	return slices.ContainsFunc(Overlap(m.All(), a, end), Map.Executable)
}

// Forget is for all that may have changed.
func (m *Mappings) Forget() { m.all, m.read = nil, false }

// Overlap returns the mappings, of all in the order of their addresses, that have
// something from a up to end.
func Overlap(all []Map, a, end tracer.Addr) []Map {
	first := sort.Search(len(all), func(n int) bool { return all[n].End > a })
	n := first
	for n < len(all) && all[n].Start < end {
		n++
	}
	return all[first:n]
}

// Cut removes what lies from a up to end, and keeps the rest of a mapping that goes
// on before or behind. It changes all in place.
func Cut(all []Map, a, end tracer.Addr) []Map {
	over := Overlap(all, a, end)
	if len(over) == 0 || a >= end {
		return all
	}
	first := sort.Search(len(all), func(n int) bool { return all[n].End > a })
	var rest []Map
	if before := over[0]; before.Start < a {
		before.End = a
		rest = append(rest, before)
	}
	if behind := over[len(over)-1]; behind.End > end {
		behind.Offset += uint64(end - behind.Start)
		behind.Start = end
		rest = append(rest, behind)
	}
	return slices.Replace(all, first, first+len(over), rest...)
}
