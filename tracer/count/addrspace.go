package count

import (
	"slices"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/symbols"
)

// space is one address space, and where its instructions are counted. An
// address is looked up when it is first executed, because later the file may be
// unmapped, or the process gone. Its memory grows with the code that is used
// and not with the number of steps.
type space struct {
	run     *run
	name    string           // of the program
	process *symbols.Process // nil where /proc does not answer
	counts  map[tracer.Addr]*uint64

	pages  map[tracer.Addr][]byte // code that cannot change, by page; nil where it can
	maps   procfs.Mappings        // to tell which
	shares bool                   // it has had a mapping that is shared
	recent [recentSize]recent     // plain instructions of such pages

	closed string // why its memory cannot be read any more, or ""

	code   Space       // the engine's, or nil
	shared bool        // the memory is that of other threads or processes too
	brk    tracer.Addr // the end of the heap, or 0 where that is not known
	ldt    bool        // there may be segments that do not begin at address 0
	rseq   tracer.Addr // where a restartable sequence is announced, or 0
	shadow bool        // arch_prctl may be switching a shadow stack on
	stale  bool        // other code may be mapped than when the mappings were read
}

// NoSymbol is the function of an instruction that lies in no symbol of its file.
// NoFile is the object of one that lies in memory that is mapped from no file and
// has no name: code that was generated, or unpacked.
const (
	NoSymbol = "(no symbol)"
	NoFile   = "(no file)"
)

type functionKey struct{ process, object, function string }

// spaceOf is the address space of a process.
func (r *run) spaceOf(pid tracer.TID) *space {
	if s := r.spaces[pid]; s != nil {
		return s
	}
	s := &space{run: r, name: procfs.Comm(pid), counts: map[tracer.Addr]*uint64{},
		maps: procfs.Mappings{PID: pid}, pages: map[tracer.Addr][]byte{}}
	if r.cfg.Histogram {
		s.process, _ = symbols.OfProcess(pid)
		if s.process != nil {
			s.process.Prefetch()
		}
	}
	if r.cfg.Engine != nil {
		s.code = r.cfg.Engine.Space(pid)
	}
	r.spaces[pid] = s
	return s
}

// hit counts one instruction at a.
func (s *space) hit(a tracer.Addr) { s.hitTimes(a, 1) }

func (s *space) hitTimes(a tracer.Addr, times uint64) {
	if s.stale {
		s.refresh()
	}
	*s.count(a) += times
}

// count is where the instruction at a is counted.
func (s *space) count(a tracer.Addr) *uint64 {
	n := s.counts[a]
	if n == nil {
		n = s.place(a)
		s.counts[a] = n
	}
	return n
}

// refresh reads the mappings again. Where one file was may be another now, so
// that every address has to be looked up anew.
func (s *space) refresh() {
	s.stale = false
	if s.process != nil && s.process.Refresh() == nil {
		s.process.Prefetch()
		clear(s.counts)
		clear(s.recent[:])
	}
}

// runsCode says whether code is known from a up to end.
func (s *space) runsCode(a, end tracer.Addr) bool {
	return s.process != nil && slices.ContainsFunc(procfs.Overlap(s.process.Maps(), a, end), procfs.Map.Executable)
}

// remapped is after a call that maps something else. A change of data needs no new
// table: an address in it that is executed later is not known, and looked for.
func (s *space) remapped(call pendingCall) {
	if call.opensCode {
		s.maps.Forget()
	}
	s.stale = s.stale || call.remaps.code
	if s.process != nil {
		s.process.Forget(call.remaps.from, call.remaps.end)
	}
}

// place finds the counter of the function that a lies in.
func (s *space) place(a tracer.Addr) *uint64 {
	key := functionKey{s.name, NoFile, NoSymbol}
	if s.process != nil {
		if _, ok := s.process.Map(a); !ok {
			s.refresh()
		}
		if object := s.process.Object(a); object != symbols.NoName {
			key.object = object
		}
		if symbol, _, ok := s.process.Find(a); ok {
			key.function = symbol.Name
		}
	}
	n := s.run.functions[key]
	if n == nil {
		n = new(uint64)
		s.run.functions[key] = n
	}
	return n
}
