package block

import (
	"encoding/binary"
	"math"
	"math/bits"

	"ptwalk/tracer"
	"ptwalk/tracer/x86"
)

func (p *page) has(a tracer.Addr) bool {
	at := a % x86.PageSize
	return p.planted[at/64]>>(at%64)&1 != 0
}

func (s *space) isPlanted(a tracer.Addr) bool {
	p := s.pages[a&^(x86.PageSize-1)]
	return p != nil && p.has(a)
}

// anyPlanted says whether something is planted from a up to end.
func (s *space) anyPlanted(a, end tracer.Addr) bool {
	found := false
	s.each(a, end, func(*page, tracer.Addr) { found = true })
	return found
}

// each calls do for what is planted from a up to end.
func (s *space) each(a, end tracer.Addr, do func(*page, tracer.Addr)) {
	for a < end {
		base := a &^ (x86.PageSize - 1)
		p := s.pages[base]
		if p == nil {
			a = base + x86.PageSize
			continue
		}
		word := p.planted[a%x86.PageSize/64] >> (a % 64) << (a % 64)
		for ; word != 0; word &= word - 1 {
			at := a&^63 + tracer.Addr(bits.TrailingZeros64(word))
			if at >= end {
				return
			}
			do(p, at)
		}
		a = a&^63 + 64
	}
}

// plant puts an int3 at a, where none is yet.
func (s *space) plant(a tracer.Addr) bool {
	p := s.pages[a&^(x86.PageSize-1)]
	if p == nil || p.code == nil {
		return false
	}
	if p.has(a) {
		return true
	}
	if p.code[a%x86.PageSize] != x86.Int3 {
		s.ever[a] = true
	}
	p.planted[a%x86.PageSize/64] |= 1 << (a % 64)
	if s.store(p, a) != nil {
		p.planted[a%x86.PageSize/64] &^= 1 << (a % 64)
		return false
	}
	return true
}

// HasPlanted says whether there has ever been an int3 of ours at a in place of another
// instruction.
func (s *space) HasPlanted(a tracer.Addr) bool { return s.ever[a] }

// clear takes out what is planted from a up to end.
func (s *space) clear(a, end tracer.Addr) {
	s.each(a, end, func(p *page, at tracer.Addr) {
		p.planted[at%x86.PageSize/64] &^= 1 << (at % 64)
		s.store(p, at)
	})
}

// store writes the word of memory that a lies in: its own bytes, and int3 where
// one is planted.
func (s *space) store(p *page, a tracer.Addr) error {
	at := a % x86.PageSize &^ 7
	var word [8]byte
	copy(word[:], p.code[at:at+8])
	for i := range word {
		if p.has(a&^7 + tracer.Addr(i)) {
			word[i] = x86.Int3
		}
	}
	return s.tracee.PokeData(a&^7, tracer.Word(binary.LittleEndian.Uint64(word[:])))
}

// RemoveBreakpoints takes out all that is planted in the pages from a up to end.
func (s *space) RemoveBreakpoints(t *tracer.Tracee, a, end tracer.Addr) {
	s.tracee = t
	if end-a <= x86.PageSize {
		s.clear(a, end)
		return
	}
	for base, p := range s.pages {
		if p.code != nil && base < end && base+x86.PageSize > a {
			s.clear(base, base+x86.PageSize)
		}
	}
}

// Invalidate is for memory whose mappings are about to change, from a up to end.
func (s *space) Invalidate(t *tracer.Tracee, a, end tracer.Addr) {
	s.RemoveBreakpoints(t, a, end)
	if end == math.MaxUint64 {
		s.maps.Forget()
	}
	s.maps.Change(a, end)
	for base, p := range s.pages {
		if base < end && base+x86.PageSize > a {
			if p.code != nil {
				s.superblocks = [2]map[tracer.Addr]*superblock{{}, {}}
			}
			delete(s.pages, base)
		}
	}
}
