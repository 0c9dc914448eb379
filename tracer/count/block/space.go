package block

import (
	"encoding/binary"
	"fmt"
	"math"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
)

// space is the code of one process, with what is planted in it.
type space struct {
	tracee      *tracer.Tracee
	maps        procfs.Mappings
	pages       map[tracer.Addr]*page
	superblocks [2]map[tracer.Addr]*superblock // of 64-bit and of 32-bit code
	biases      map[tracer.Addr]branchBias
	ever        map[tracer.Addr]bool // where something was planted once

	running *superblock // what the tracee was restarted for, or nil
	turns   uint64      // rcx before it, where it is one that repeats
	regs    tracer.Regs
	known   bool // regs are those of the stop that we are in
}

// page is one page of code: its bytes without what we have planted, and where
// that is. code is nil where nothing may be planted.
type page struct {
	code    []byte
	planted [x86.PageSize / 64]uint64
}

func newSpace(pid tracer.TID) *space {
	return &space{maps: procfs.Mappings{PID: pid}, pages: map[tracer.Addr]*page{}, biases: map[tracer.Addr]branchBias{}, ever: map[tracer.Addr]bool{},
		superblocks: [2]map[tracer.Addr]*superblock{{}, {}}}
}

// Run restarts the tracee for a block, or carries out a branch.
func (s *space) Run(t *tracer.Tracee, room uint64, unsettled bool) ([]tracer.Addr, count.How) {
	s.tracee = t
	if !s.known {
		regs, err := t.GetRegs()
		if err != nil {
			return nil, count.Step
		}
		s.regs, s.known = regs, true
	}
	rip := s.regs.PC()
	p := s.superblock(rip)
	if p == nil || !s.flat() || uint64(len(p.addrs)) > room || s.regs.EFLAGS&x86.TF != 0 {
		return nil, s.step(rip)
	}
	if p.plain() == 0 && p.last.class == repeat {
		return nil, s.repeat(p, room)
	}
	if p.plain() == 0 {
		if p.last.class == branch && !unsettled && s.emulateBranch(p) {
			return p.addrs, count.Branched
		}
		return nil, s.step(rip)
	}
	for _, segment := range p.segments {
		s.clear(segment.from, segment.to)
	}
	for i := range p.exits {
		if !s.plant(p.exits[i].at) {
			return nil, s.step(rip)
		}
	}
	restart := t.Cont
	if p.last.class == call {
		restart = t.Syscall
	} else if !s.plant(p.end()) {
		return nil, s.step(rip)
	}
	p.runs++
	s.running, s.known = p, false
	if err := restart(0); err != nil {
		s.running = nil // killed: wait4 will say so
	}
	return nil, count.Running
}

// repeat restarts the tracee for a string instruction, up to the one after it.
func (s *space) repeat(p *superblock, room uint64) count.How {
	s.turns = uint64(s.counter())
	next := p.end() + tracer.Addr(p.last.size)
	s.clear(p.end(), next)
	if max(1, s.turns) > room || s.page(next) == nil || !s.plant(next) {
		return s.step(p.end())
	}
	s.running, s.known = p, false
	if err := s.tracee.Cont(0); err != nil {
		s.running = nil
	}
	return count.Running
}

// flat says whether the segments of code and stack begin at address 0, as all but
// those of modify_ldt(2) do, and rip says where the code is. In 64-bit code the
// segment of the stack has no meaning. 32-bit code has no address above 4 GiB: the
// kernel leaves one in rip after a sysenter of a 64-bit program, and the processor
// cuts it.
func (s *space) flat() bool {
	switch s.regs.CS {
	case x86.UserCS64:
		return true
	case x86.UserCS32:
		return s.regs.SS == x86.UserDS && s.regs.RIP <= math.MaxUint32
	}
	return false
}

// counter is what a repeated instruction counts down.
func (s *space) counter() tracer.Word {
	if s.regs.Arch() == tracer.I386 {
		return s.regs.RCX & 0xffffffff
	}
	return s.regs.RCX
}

// handleRepeat says how often a string instruction has turned.
func (s *space) handleRepeat(stop tracer.Stop, p *superblock) (count.Handled, error) {
	rip, next := s.regs.PC(), p.end()+tracer.Addr(p.last.size)
	got := count.Handled{Turned: p.end(), Turns: s.turns - uint64(s.counter())}
	switch {
	case stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP && rip == next+1:
		got.Turns, got.Whole = max(1, got.Turns), true // with rcx 0 there is one stop too
		return got, s.setPC(next)
	case rip == next: // a signal came right after its last turn
		got.Turns, s.known = max(1, got.Turns), false
		return got, nil
	case rip == p.end():
		s.known = false
		return got, nil
	}
	s.known = false
	return count.Handled{}, fmt.Errorf("the program left the repeated instruction at %v for %v", p.end(), rip)
}

// step leaves the instruction at a to the processor.
func (s *space) step(a tracer.Addr) count.How {
	s.clear(a, a+x86.LongestInstruction)
	s.known = false
	return count.Step
}

// HandleStop says what was executed until this stop.
func (s *space) HandleStop(t *tracer.Tracee, stop tracer.Stop) (count.Handled, error) {
	s.tracee = t
	p := s.running
	if p == nil {
		s.known = false
		return count.Handled{}, nil
	}
	s.running = nil
	if stop.Kind == tracer.SyscallEnter && p.last.class == call {
		return count.Handled{Ran: p.addrs[:p.plain()], Call: p.end()}, nil
	}
	regs, err := t.GetRegs()
	if err != nil {
		return count.Handled{}, err
	}
	s.regs, s.known = regs, true
	rip := regs.PC()
	if p.plain() == 0 {
		return s.handleRepeat(stop, p)
	}
	if stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP && rip == p.end()+1 && s.isPlanted(p.end()) {
		if p.last.class == branch && s.emulateBranch(p) {
			return count.Handled{Ran: p.addrs, Whole: true}, nil
		}
		return count.Handled{Ran: p.addrs[:p.plain()], Whole: true}, s.setPC(p.end())
	}
	if e := p.exit(rip - 1); e != nil && stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP && s.isPlanted(rip-1) {
		s.left(p, e)
		return count.Handled{Ran: p.addrs[:e.ran], Whole: true}, s.setPC(e.at)
	}
	s.known = false
	if p.last.class == call && rip == p.end()+tracer.Addr(p.last.size) {
		return count.Handled{Ran: p.addrs[:p.plain()]}, nil // Syscall User Dispatch has made it a SIGSYS
	}
	n, ok := p.index(rip)
	if !ok {
		return count.Handled{}, fmt.Errorf("the program left the straight code between %v and %v for %v", p.start(), p.end(), rip)
	}
	return count.Handled{Ran: p.addrs[:n]}, nil
}

// setPC takes the tracee back to an instruction whose int3 it has executed.
func (s *space) setPC(a tracer.Addr) error {
	s.regs.RIP = tracer.Word(a)
	return s.tracee.SetPC(a)
}

// left takes note of the exit by which a superblock was left.
func (s *space) left(p *superblock, e *exit) {
	e.hits++
	if e.lost(p.runs) {
		s.biases[p.addrs[e.ran-1]]++
		delete(s.superblocks[0], p.start())
		delete(s.superblocks[1], p.start())
	}
}

// emulateBranch carries out the branch at the end of a superblock.
func (s *space) emulateBranch(p *superblock) bool {
	before := s.regs
	if before.EFLAGS&x86.AC != 0 || !emulateBranch(&s.regs, p.last.op, p.end(), s) {
		return false
	}
	for _, r := range []struct {
		offset     uint64
		was, value tracer.Word
	}{
		{user.RSP, before.RSP, s.regs.RSP}, {user.RCX, before.RCX, s.regs.RCX}, {user.RIP, ^s.regs.RIP, s.regs.RIP},
	} {
		if r.was != r.value && s.tracee.PokeUser(r.offset, r.value) != nil {
			return true // killed
		}
	}
	return true
}

// superblock finds or makes the superblock of the code at a, or nil.
func (s *space) superblock(a tracer.Addr) *superblock {
	mode, superblocks := 64, s.superblocks[0]
	if s.regs.Arch() == tracer.I386 {
		mode, superblocks = 32, s.superblocks[1]
	}
	if p, ok := superblocks[a]; ok {
		return p
	}
	if s.code(a) == nil {
		return nil // and something may be mapped there later
	}
	p := form(a, source{mode, s.code, s.biases})
	superblocks[a] = p
	return p
}

// code is the bytes of the instruction at a, where something may be planted.
func (s *space) code(a tracer.Addr) []byte {
	p := s.page(a)
	if p == nil || p.code == nil {
		return nil
	}
	at := a % x86.PageSize
	if at+x86.LongestInstruction <= x86.PageSize {
		return p.code[at : at+x86.LongestInstruction]
	}
	bytes := p.code[at:]
	if next := s.page(a + x86.PageSize - at); next != nil && next.code != nil {
		bytes = append(bytes[:len(bytes):len(bytes)], next.code[:x86.LongestInstruction]...)
	}
	return bytes
}

// page is the page of a, or nil where nothing is mapped.
func (s *space) page(a tracer.Addr) *page {
	a &^= x86.PageSize - 1
	if pg := s.pages[a]; pg != nil {
		return pg
	}
	m, ok := s.maps.At(a)
	if !ok {
		return nil
	}
	pg := &page{}
	if procfs.FixedCode(m, s.maps.All()) {
		code := make([]byte, x86.PageSize)
		if n, err := s.tracee.ReadAt(code, a); err == nil && n == x86.PageSize {
			pg.code = code
		}
	}
	s.pages[a] = pg
	return pg
}

// read and write are the memory of a branch.
func (s *space) read(a tracer.Addr, size int) (uint64, bool) {
	m, ok := s.maps.At(a)
	if !ok || m.Perms[0] != 'r' || a+tracer.Addr(size) > m.End {
		return 0, false
	}
	w, err := s.tracee.PeekData(a)
	if err != nil {
		return 0, false
	}
	if size == 4 {
		w &= 0xffffffff
	}
	return uint64(w), !s.anyPlanted(a, a+tracer.Addr(size))
}

func (s *space) write(a tracer.Addr, size int, w uint64) bool {
	m, ok := s.maps.At(a)
	if !ok || m.Perms[1] != 'w' || a+tracer.Addr(size) > m.End {
		return false
	}
	if size == 4 {
		n, err := s.tracee.WriteAt(binary.LittleEndian.AppendUint32(nil, uint32(w)), a)
		return err == nil && n == 4
	}
	return s.tracee.PokeData(a, tracer.Word(w)) == nil
}
