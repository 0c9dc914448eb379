package block

import (
	"slices"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// superblock is code that is executed from its first instruction to its last, once it
// has begun, or up to one of its exits: plain instructions, jumps and calls, and
// the one instruction that ends it.
type superblock struct {
	addrs    []tracer.Addr // of its instructions; the last one ends it
	segments []segment     // where they lie, without the last that is no system call
	exits    []exit
	last     inst
	runs     uint32 // how often it was begun
}

// segment is a part of a superblock without a jump that is taken.
type segment struct{ from, to tracer.Addr }

// exit is the side of a conditional jump that a superblock does not go along.
type exit struct {
	at   tracer.Addr
	ran  int // instructions up to the jump, with it
	mark int // what the superblock is if that jump ends it
	hits uint32
}

// mark is how far a superblock had come at a branch that it goes along.
type mark struct {
	addrs, segments int
	from            tracer.Addr
	last            inst
}

func (p *superblock) start() tracer.Addr { return p.addrs[0] }
func (p *superblock) end() tracer.Addr   { return p.addrs[len(p.addrs)-1] }
func (p *superblock) plain() int         { return len(p.addrs) - 1 }

// index is how many instructions of the superblock come before the one at a.
func (p *superblock) index(a tracer.Addr) (int, bool) {
	if e := p.exit(a); e != nil {
		return e.ran, true
	}
	n := slices.Index(p.addrs, a)
	return n, n >= 0
}

// exit is the exit at a, or nil.
func (p *superblock) exit(a tracer.Addr) *exit {
	for i := range p.exits {
		if p.exits[i].at == a {
			return &p.exits[i]
		}
	}
	return nil
}

// most is how many instructions a superblock has at most.
const most = 64

// source is what superblocks are made from.
type source struct {
	mode   int
	code   func(tracer.Addr) []byte // an instruction where something may be planted, and else nil
	biases map[tracer.Addr]branchBias
}

// form makes the superblock of the code that begins at start. It is nil where nothing
// may be planted there.
//
// The last instruction, if no system call, lies in none of the segments, and neither
// does an exit: what is planted there would be executed too early. A branch that
// the superblock has gone along ends it where that would not hold.
func form(start tracer.Addr, src source) *superblock {
	p := &superblock{}
	var marks []mark
	from := start
	for at := start; ; {
		if len(marks) > 0 && p.within(at) {
			return p.cut(marks[len(marks)-1])
		}
		bytes := src.code(at)
		if bytes == nil {
			if len(p.addrs) == 0 {
				return nil
			}
			p.segments = append(p.segments, segment{from, p.end()})
			p.last = inst{class: mustStep} // the one before it leads there
			return p
		}
		in := decode(bytes, src.mode)
		next := at + tracer.Addr(in.size)
		for _, e := range p.exits {
			if at-1 <= e.at && e.at < max(next, at+1) {
				return p.cut(marks[e.mark])
			}
		}
		p.addrs = append(p.addrs, at)
		if len(p.addrs) > most {
			p.segments = append(p.segments, segment{from, at})
			p.last = inst{class: mustStep}
			return p
		}
		if in.class == plain {
			at = next
			continue
		}
		along, aside, ok := src.follow(in, at, next)
		if !ok || aside != 0 && p.reaches(aside, segment{from, next}) {
			if in.class == call {
				at = next // it is executed, and nothing is planted there
			}
			p.segments = append(p.segments, segment{from, at})
			p.last = in
			return p
		}
		if aside != 0 {
			p.exits = append(p.exits, exit{at: aside, ran: len(p.addrs), mark: len(marks)})
		}
		marks = append(marks, mark{len(p.addrs), len(p.segments), from, in})
		if along != next {
			p.segments = append(p.segments, segment{from, next})
			from = along
		}
		at = along
	}
}

// cut ends a superblock at a branch.
func (p *superblock) cut(m mark) *superblock {
	p.addrs = p.addrs[:m.addrs]
	p.segments = append(p.segments[:m.segments], segment{m.from, p.end()})
	p.exits = slices.DeleteFunc(p.exits, func(e exit) bool { return e.ran >= m.addrs })
	p.last = m.last
	return p
}

// reaches says whether a is an exit already, or lies in a segment or a byte before
// one, where its int3 would leave rip.
func (p *superblock) reaches(a tracer.Addr, open segment) bool {
	in := func(q segment) bool { return q.from-1 <= a && a < q.to }
	return p.exit(a) != nil || in(open) || slices.ContainsFunc(p.segments, in)
}

// within says whether a lies in one of the segments.
func (p *superblock) within(a tracer.Addr) bool {
	return slices.ContainsFunc(p.segments, func(q segment) bool { return q.from <= a && a < q.to })
}

// follow is where a superblock goes along after a branch, and for a conditional jump the
// other side, or 0.
func (src source) follow(in inst, at, next tracer.Addr) (along, aside tracer.Addr, ok bool) {
	if in.class != branch {
		return 0, 0, false
	}
	rel, ok := in.op.Args[0].(x86asm.Rel)
	target := next + tracer.Addr(int64(rel))
	if src.mode == 32 {
		target &= 0xffffffff
	}
	if !ok || target == at || target == 0 || src.code(target) == nil {
		return 0, 0, false
	}
	switch in.op.Op {
	case x86asm.JMP, x86asm.CALL:
		return target, 0, true
	case x86asm.JCXZ, x86asm.JECXZ, x86asm.JRCXZ, x86asm.LOOP, x86asm.LOOPE, x86asm.LOOPNE:
		return 0, 0, false
	}
	if target == next || next == 0 || src.code(next) == nil {
		return 0, 0, false
	}
	switch src.biases[at].side(target < at) {
	case onward:
		return next, target, true
	case away:
		return target, next, true
	}
	return 0, 0, false
}
