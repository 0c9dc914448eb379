package block

import (
	"slices"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
)

// plan is code that is executed from its first instruction to its last, once it
// has begun: plain instructions, jumps and calls whose target stands in them, and
// the one instruction that ends it.
type plan struct {
	addrs  []tracer.Addr // of its instructions; the last one ends it
	pieces []piece       // where they lie, without the last that is no system call
	last   inst
}

// piece is a part of a plan without a jump.
type piece struct{ from, to tracer.Addr }

func (p *plan) start() tracer.Addr { return p.addrs[0] }
func (p *plan) end() tracer.Addr   { return p.addrs[len(p.addrs)-1] }
func (p *plan) plain() int         { return len(p.addrs) - 1 }

// index is how many instructions of the plan come before the one at a.
func (p *plan) index(a tracer.Addr) (int, bool) {
	for i, b := range p.addrs {
		if a == b {
			return i, true
		}
	}
	return 0, false
}

// most is how many instructions a plan has at most.
const most = 64

// draw makes the plan of the code that begins at start. code reads the bytes of
// an instruction, where something may be planted, and is nil elsewhere. The
// plan is nil where start is elsewhere.
//
// The last instruction, if no system call, lies in none of the pieces: what is
// planted there would be executed too early. A jump that leads back into them ends the plan.
func draw(start tracer.Addr, mode int, code func(tracer.Addr) []byte) *plan {
	p := &plan{}
	var jumped *plan // this plan, ended by the last jump that it goes along
	from := start
	for at := start; ; {
		if jumped != nil && p.within(at) {
			return jumped
		}
		bytes := code(at)
		if bytes == nil {
			if len(p.addrs) == 0 {
				return nil
			}
			p.pieces = append(p.pieces, piece{from, p.end()})
			p.last = inst{class: alone} // the one before it leads there
			return p
		}
		if len(p.addrs) == most {
			p.addrs = append(p.addrs, at)
			p.pieces = append(p.pieces, piece{from, at})
			p.last = inst{class: alone}
			return p
		}
		in := decode(bytes, mode)
		p.addrs = append(p.addrs, at)
		next := at + tracer.Addr(in.size)
		target, direct := leadsTo(in, next, mode)
		switch {
		case in.class == plain:
			at = next
		case direct && code(target) != nil:
			jumped = &plan{slices.Clone(p.addrs), append(slices.Clone(p.pieces), piece{from, at}), in}
			p.pieces = append(p.pieces, piece{from, next})
			at, from = target, target
		default:
			if in.class == call {
				at = next // it is executed, and nothing is planted there
			}
			p.pieces = append(p.pieces, piece{from, at})
			p.last = in
			return p
		}
	}
}

// within says whether a lies in one of the pieces.
func (p *plan) within(a tracer.Addr) bool {
	return slices.ContainsFunc(p.pieces, func(q piece) bool { return q.from <= a && a < q.to })
}

// leadsTo is where a jump or call goes in any case.
func leadsTo(in inst, next tracer.Addr, mode int) (tracer.Addr, bool) {
	if in.class != branch || in.op.Op != x86asm.JMP && in.op.Op != x86asm.CALL {
		return 0, false
	}
	rel, ok := in.op.Args[0].(x86asm.Rel)
	target := next + tracer.Addr(int64(rel))
	if mode == 32 {
		target &= 0xffffffff
	}
	return target, ok && target != next-tracer.Addr(in.size)
}
