package count

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// recent is a plain instruction that was executed before, and where it is
// counted.
type recent struct {
	at    tracer.Addr
	count *uint64
}

// recentSize is how many of them are kept: what an inner loop executes, and not
// more than the caches of a processor hold.
const recentSize = 2048

// remember keeps a plain instruction that has been counted.
func (s *space) remember(a tracer.Addr) {
	if s.pages[a&^(x86.PageSize-1)] != nil && !s.shared && !s.ldt {
		s.recent[a%recentSize] = recent{a, s.count(a)}
	}
}

// counter is where the instruction at a is counted, if it is a recent one, and
// else nil.
func (s *space) counter(a tracer.Addr) *uint64 {
	if r := &s.recent[a%recentSize]; r.at == a {
		return r.count
	}
	return nil
}

// instruction is one that is about to be executed.
type instruction struct {
	kind.Instruction
	unreadable bool

	after kind.Kind   // of the one behind it, where that may run in the same step
	end   tracer.Addr // of that one
}

// look classifies the instruction at a, and where that may take the next one with
// it, the next.
func (th *thread) look(a tracer.Addr) instruction {
	in := th.lookAtOne(a)
	if in.Kind == kind.UMIP {
		in.Kind = kind.Plain
		if emulatesUMIP() {
			in.Kind = kind.Held
		}
	}
	if in.Kind == kind.Held || in.Kind == kind.CPUID {
		in.after, in.end = th.lookBehind(a)
	}
	return in
}

func (th *thread) lookAtOne(a tracer.Addr) instruction {
	code, ok := th.codeAt(a)
	if !ok && th.closed() {
		return instruction{unreadable: true}
	}
	in := kind.Of(code[:])
	if in.Cut {
		more, _ := th.codeAt(a + 8)
		in = kind.Of(append(code[:], more[:x86.LongestInstruction-8]...))
	}
	if in.Kind != kind.Plain && in.REX {
		in.Kind = in.In(th.is32())
	}
	return instruction{Instruction: in}
}

// lookBehind classifies the instruction behind the one at a, and says where it
// ends, if it is one that needs care.
func (th *thread) lookBehind(a tracer.Addr) (kind.Kind, tracer.Addr) {
	mode := 64
	if th.is32() {
		mode = 32
	}
	low, _ := th.codeAt(a)
	high, _ := th.codeAt(a + 8)
	op, err := x86asm.Decode(append(low[:], high[:x86.LongestInstruction-8]...), mode)
	if err != nil {
		return kind.Plain, 0
	}
	a += tracer.Addr(op.Len)
	if th.space.code != nil {
		th.space.code.RemoveBreakpoints(th.tracee, a, a+x86.LongestInstruction)
	}
	switch in := th.lookAtOne(a); in.Kind {
	case kind.Pushf:
		return kind.Pushf, a + tracer.Addr(in.Prefixes+1)
	case kind.Call:
		return kind.Call, a + tracer.Addr(in.Prefixes+2)
	case kind.Int3:
		return kind.Int3, 0
	}
	return kind.Plain, 0
}

// codeAt reads the first bytes of an instruction. They can lie at the end of the
// last page, where a word of eight bytes cannot be read.
func (th *thread) codeAt(a tracer.Addr) (code [8]byte, ok bool) {
	if page, at := th.fixedPage(a), a%x86.PageSize; page != nil && (at <= x86.PageSize-8 || th.space.closed != "") {
		if n := copy(code[:], page[at:]); n < len(code) {
			copy(code[n:], th.fixedPage(a+8))
		}
		return code, true
	}
	if w, err := th.tracee.PeekData(a); err == nil {
		binary.LittleEndian.PutUint64(code[:], uint64(w))
		return code, true
	}
	back := a &^ 7
	w, err := th.tracee.PeekData(back)
	if err == nil {
		binary.LittleEndian.PutUint64(code[:], uint64(w)>>(8*(a-back)))
	}
	return code, err == nil
}

// fixedPage is the page of a, if it stays what it is: the program cannot write
// it, in this mapping or through another one of the same file. An engine that
// plants in pages reads them itself.
func (th *thread) fixedPage(a tracer.Addr) []byte {
	s, from := th.space, a&^(x86.PageSize-1)
	if s.closed == "" && (s.shared || s.code != nil) {
		return nil
	}
	page, ok := s.pages[from]
	if ok || s.closed != "" {
		return page
	}
	m, ok := s.maps.At(a)
	if !ok {
		return nil
	}
	if procfs.FixedCode(m, s.maps.All()) {
		page = th.page(from)
	}
	s.pages[from] = page
	return page
}

// page reads the page at a, nil if it cannot be read.
func (th *thread) page(a tracer.Addr) []byte {
	page := make([]byte, x86.PageSize)
	if n, err := th.tracee.ReadAt(page, a); err != nil || n != x86.PageSize {
		return nil
	}
	return page
}

// forget is for mappings from a up to end that are about to change.
func (s *space) forget(a, end tracer.Addr) {
	if end == allMemory {
		s.maps.Forget()
	}
	s.maps.Change(a, end)
	for i := range s.recent {
		if at := s.recent[i].at; a <= at && at < end {
			s.recent[i] = recent{}
		}
	}
	for page := range s.pages {
		if a < page+x86.PageSize && page < end {
			delete(s.pages, page)
		}
	}
}

// emulatesUMIP says whether sgdt, sidt, smsw, sldt and str fault in a program, and
// the kernel carries them out: arch/x86/kernel/umip.c. It returns behind them, so
// that the processor takes the trap of the step after one more instruction.
var emulatesUMIP = sync.OnceValue(func() bool {
	text, _ := os.ReadFile("/proc/cpuinfo")
	flags, _, _ := strings.Cut(string(text), "\n\n")
	return slices.Contains(strings.Fields(flags), "umip")
})

// ownSegment says whether the thread runs code in a segment that the program has
// made itself, by modify_ldt(2): rip counts from where that begins, which we do not
// know.
func (th *thread) ownSegment() bool {
	if !th.space.ldt {
		return false
	}
	cs, err := th.tracee.PeekUser(user.CS)
	return err == nil && cs != x86.UserCS64 && cs != x86.UserCS32
}

func (th *thread) is32() bool { return th.arch() == tracer.I386 }

func (th *thread) arch() tracer.Arch {
	cs, err := th.tracee.PeekUser(user.CS)
	if err != nil {
		return tracer.X8664
	}
	return tracer.Regs{CS: cs}.Arch()
}
