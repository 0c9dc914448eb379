package site

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// peeked shows the word that a PEEK request has read, if it read one.
func (s *Step) peeked(c *tracer.Call) {
	if !c.HasValue || c.Errno != 0 {
		return
	}
	switch c.Name {
	case "PTRACE_PEEKUSER":
		w, ok := names.UserWordAt(c.Addr)
		if !ok || w.Name == "" {
			return
		}
		s.Word = &Word{strings.ToLower(w.Name), c.Value.Hex()}
		if w.Name == "RIP" {
			s.RIP = c.Value.Hex()
		}
	case "PTRACE_PEEKDATA", "PTRACE_PEEKTEXT":
		s.Memory = []Memory{memoryOf(tracer.Addr(c.Addr), binary.LittleEndian.AppendUint64(nil, uint64(c.Value)))}
	}
}

func (g *gatherer) regsOf(e *event.Regs) *Regs {
	r := &Regs{Changed: slices.Clone(e.Changed), Show: e.Show, Was: map[string]string{}}
	if before, ok := g.regs[e.TID]; ok {
		for _, name := range e.Regs.Changed(before) {
			if !slices.Contains(r.Changed, name) {
				r.Changed = append(r.Changed, name)
			}
		}
		for _, reg := range before.All() {
			if slices.Contains(r.Changed, reg.Name) {
				r.Was[reg.Name] = reg.Value.Hex()
			}
		}
	}
	if r.Changed == nil {
		r.Changed = []string{}
	}
	g.regs[e.TID] = e.Regs
	for _, reg := range e.Regs.All() {
		r.Names = append(r.Names, reg.Name)
		r.Values = append(r.Values, reg.Value.Hex())
	}
	return r
}

// shortAt is the file and line without the folder.
func shortAt(at string) string { return at[strings.LastIndexByte(at, '/')+1:] }

// kindOf sorts the calls for the strip: what asks and moves, what waits, and
// what is no ptrace at all.
func kindOf(c *tracer.Call) string {
	switch {
	case strings.HasPrefix(c.Name, "wait"):
		return "wait"
	case c.IsPtrace():
		return "request"
	}
	return "other"
}

// folds says how many calls the event stands for.
func folds(e *event.Call) string {
	switch {
	case e.N <= 1:
		return ""
	case e.Loop > 1:
		return fmt.Sprintf("Call %d of %d in a loop that was made %s times.", e.Turn, e.Loop, grouped(e.N))
	}
	return fmt.Sprintf("Made %s times in a row.", grouped(e.N))
}

func grouped(n int) string { return event.Measured{}.Count(event.Count(n)) }

var argv0 = regexp.MustCompile(`\{"([^"]+)"`)

// programOf is the first argument of an execve, from its C line.
func programOf(c string) string {
	if m := argv0.FindStringSubmatch(c); m != nil {
		return m[1]
	}
	return ""
}

// memoryOf is bytes that were read, in the order of memory.
func memoryOf(a tracer.Addr, bytes []byte) Memory {
	return Memory{a.String(), hex.EncodeToString(bytes)}
}

// sigInfoOf is a siginfo in a sentence.
func sigInfoOf(e *event.SigInfo) string {
	text := fmt.Sprintf("%v, si_code %d %s", e.Signal, e.Code, names.SICodeName(int(e.Signal), e.Code))
	if code, ok := names.FindSICode(int(e.Signal), e.Code); ok {
		text += ": " + code.Sentence
	}
	if e.Sent() {
		text += fmt.Sprintf(" si_pid is %v.", e.PID)
	}
	return text
}

// stopOf draws a status. The ranges are those of wait(2) and ptrace(2).
func stopOf(e *event.Stop) *Stop {
	s := &Stop{Status: fmt.Sprintf("0x%04x", uint32(e.Stop.Status)), Name: e.Said()}
	if e.Code != nil {
		s.Code = fmt.Sprintf("si_code %d %s", *e.Code, names.SICodeName(int(e.Stop.Signal), *e.Code))
		if code, ok := names.FindSICode(int(e.Stop.Signal), *e.Code); ok {
			s.Code += ": " + code.Sentence
		}
	}
	if stop, ok := names.StopByName(e.Name()); ok {
		s.Says = stop.Sentence
	}
	bit := 32
	for _, part := range render.StatusParts(e.Stop) {
		high := bit - 1
		bit -= len(part.Bits)
		span := fmt.Sprintf("bits %d\u2013%d", high, bit)
		if high == bit {
			span = fmt.Sprintf("bit %d", bit)
		}
		s.Parts = append(s.Parts, StatusPart{span, part.Bits, part.Says})
	}
	return s
}
