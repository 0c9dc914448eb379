package event

import (
	"fmt"
	"os"
	"strings"

	"ptwalk/tracer"
)

// Stable spells what differs from run to run, and from machine to machine, by
// what it is: the first tracee is `child`. Goldens and the pages of docs are
// written with it.
type Stable struct {
	tids map[tracer.TID]string
	ours tracer.TID // the process that traces
}

// NewStable returns a Stable that has met no thread but ours.
func NewStable() *Stable { return NewStableOf(tracer.TID(os.Getpid())) }

// NewStableOf is NewStable for a run of another process.
func NewStableOf(ours tracer.TID) *Stable {
	s := &Stable{ours: ours}
	s.Section()
	return s
}

// Section begins the names anew: each section has children of its own.
func (s *Stable) Section() {
	s.tids = map[tracer.TID]string{s.ours: "ptwalk"}
}

// TID names threads in the order in which they are met. Process 1 and "any"
// are the same everywhere.
func (s *Stable) TID(t tracer.TID) string {
	if t <= 1 {
		return t.String()
	}
	if s.tids[t] == "" {
		s.tids[t] = "child"
		if n := len(s.tids) - 1; n > 1 { // one of them is us
			s.tids[t] = fmt.Sprintf("child%d", n)
		}
	}
	return s.tids[t]
}

// Addr keeps the addresses of our targets, which are linked to fixed ones.
func (s *Stable) Addr(a tracer.Addr) string {
	if name := region(uint64(a)); name != "" {
		return name
	}
	return a.String()
}

// Word keeps numbers, and addresses of our targets.
func (s *Stable) Word(w tracer.Word) string {
	const dr6, bits = 0xffff0ff0, 0xe00f // DR6, whose empty bits read 1, looks like an address
	if name := region(uint64(w)); name != "" && w&^bits != dr6 {
		return name
	}
	return w.String()
}

// region names a place that the kernel chooses anew for each program.
func region(a uint64) string {
	switch {
	case 0xff000000 <= a && a <= 0xffffffff:
		return "STACK32"
	case 0x7ffc00000000 <= a && a < 0x800000000000: // 16 GiB, as far as the stack is moved
		return "STACK"
	case 0x7e0000000000 <= a && a < 0x7ffc00000000: // below, by up to 1 TiB
		return "MAPPED"
	case 0x550000000000 <= a && a < 0x570000000000:
		return "PIE"
	case 0x1000000 <= a && a < 0x60000000 && a < 0x8000000:
		return "HEAP"
	}
	return ""
}

// Path names the descriptor of a target that lives in memory alone.
func (s *Stable) Path(p string) string {
	if strings.HasPrefix(p, "/proc/self/fd/") {
		return "/proc/self/fd/N"
	}
	return p
}

// FD is a descriptor: its number depends on which files are open already.
func (s *Stable) FD(int64) string { return "N" }

// Count and Fact are different on every machine.
func (s *Stable) Count(Count) string { return "COUNT" }
func (s *Stable) Fact(Fact) string   { return "FACT" }
