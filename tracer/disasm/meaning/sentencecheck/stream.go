package sentencecheck

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
)

// Totals is what a stream held.
type Totals struct {
	Instructions int // instruction events
	Checked      int // sentences about an executed instruction that were compared
	Others       int // sentences about a row in which none was executed, and rows without registers before
	Wrong        int // sentences that do not agree
}

// Add adds up the totals of several streams.
func (t *Totals) Add(u Totals) {
	t.Instructions += u.Instructions
	t.Checked += u.Checked
	t.Others += u.Others
	t.Wrong += u.Wrong
}

// event is what matters of one event: see docs/events.md.
type event struct {
	Kind    string
	TID     int
	Addr    string
	Bytes   string
	Text    string
	Meaning string
	Arch    string
	Regs    map[string]string
}

// reader goes through a stream, thread by thread.
type reader struct {
	report  func(line int, s *Step, wrong []string)
	totals  Totals
	last    map[int]map[string]uint64 // the registers of each thread
	pending map[int]*Step             // an instruction whose registers are to come
	line    map[int]int               // its line
	memory  map[uint64]byte           // what was read since the last instruction
}

// Stream checks the events that ptwalk writes with --json, from the first line to
// the last. Each sentence that does not agree with the events beside it is
// reported with the line of its event. An error is one of reading, or of a line
// that is no event.
func Stream(in io.Reader, report func(line int, s *Step, wrong []string)) (Totals, error) {
	r := &reader{report: report, last: map[int]map[string]uint64{}, pending: map[int]*Step{}, line: map[int]int{}, memory: map[uint64]byte{}}
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, 16<<20)
	for n := 1; scan.Scan(); n++ {
		var e event
		if err := json.Unmarshal(scan.Bytes(), &e); err != nil {
			return r.totals, fmt.Errorf("line %d: %w", n, err)
		}
		if err := r.event(n, e); err != nil {
			return r.totals, fmt.Errorf("line %d: %w", n, err)
		}
	}
	for tid := range r.pending {
		r.check(tid, r.last[tid]) // the last instruction has no stop behind it
	}
	return r.totals, scan.Err()
}

func (r *reader) event(line int, e event) error {
	switch e.Kind {
	case "regs":
		regs := map[string]uint64{}
		for name, text := range e.Regs {
			n, err := strconv.ParseUint(text, 0, 64)
			if err != nil {
				return err
			}
			regs[name] = n
		}
		if s := r.pending[e.TID]; s != nil {
			s.Arch = e.Arch
			if regs["cs"] != r.last[e.TID]["cs"] {
				s.Arch = map[bool]string{true: "i386", false: "x86-64"}[r.last[e.TID]["cs"] == 0x23]
			}
			r.check(e.TID, regs)
		}
		r.last[e.TID] = regs
	case "memory":
		addr, code, err := place(e)
		for n, b := range code {
			r.memory[addr+uint64(n)] = b
		}
		return err
	case "instruction":
		if r.pending[e.TID] != nil {
			r.check(e.TID, r.last[e.TID])
		}
		addr, code, err := place(e)
		if err != nil {
			return err
		}
		r.totals.Instructions++
		arch := "x86-64"
		if r.last[e.TID]["cs"] == 0x23 {
			arch = "i386"
		}
		r.pending[e.TID] = &Step{Arch: arch, Addr: addr, Code: code, Text: e.Text, Meaning: e.Meaning}
		r.line[e.TID] = line
	}
	return nil
}

func place(e event) (uint64, []byte, error) {
	addr, err := strconv.ParseUint(e.Addr, 0, 64)
	if err != nil {
		return 0, nil, err
	}
	code, err := hex.DecodeString(e.Bytes)
	return addr, code, err
}

// others begin the sentences about a step that executed nothing, which tracer/disasm
// does not make.
var others = []string{"Not executed", "Not run:", "It fails: the kernel makes", "A signal interrupts the system call:", "What it did is not seen:"}

// check compares the instruction that a thread has executed.
func (r *reader) check(tid int, after map[string]uint64) {
	s := r.pending[tid]
	delete(r.pending, tid)
	known := r.memory
	r.memory = map[uint64]byte{}
	for _, begin := range others {
		if strings.HasPrefix(s.Meaning, begin) {
			r.totals.Others++
			return
		}
	}
	before := r.last[tid]
	if len(before) == 0 || len(after) == 0 {
		r.totals.Others++
		return
	}
	if rip := registers(before).word("rip"); rip != s.Addr {
		// A system call that is made again: the kernel went back to it, and has its
		// number in orig_rax.
		before = maps.Clone(before)
		for _, letter := range []string{"r", "e"} {
			if n, ok := after["orig_"+letter+"ax"]; ok {
				before[letter+"ax"] = n
			}
		}
	}
	s.Before, s.After = before, after
	s.Memory = func(addr uint64, n int, after bool) ([]byte, bool) {
		out := make([]byte, n)
		for k := range out {
			b, ok := known[addr+uint64(k)]
			if !ok || after {
				return nil, false
			}
			out[k] = b
		}
		return out, true
	}
	r.totals.Checked++
	if wrong := Check(s); len(wrong) > 0 {
		r.totals.Wrong++
		r.report(r.line[tid], s, wrong)
	}
}
