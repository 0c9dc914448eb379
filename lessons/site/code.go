package site

import (
	"debug/elf"
	"fmt"
	"slices"
	"strconv"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/symbols"
)

// Instruction is a line of a program's code.
type Instruction struct {
	Addr  string `json:"addr"`
	Bytes string `json:"bytes"`
	Text  string `json:"text"`
	Label string `json:"label,omitempty"` // the symbol that begins here
}

// How many instructions are shown before rip and after it.
const (
	linesBefore = 3
	linesAfter  = 4
)

// codeOf is the instructions around every rip of the run, for each program that
// is one of ours, in order of addresses. They come from the files that were
// traced, which the binary carries.
func codeOf(run Run) map[string][]Instruction {
	wanted := map[string][]tracer.Addr{}
	program := ""
	for i, s := range run.Steps {
		if i > 0 && run.Steps[i-1].Section != s.Section {
			program = ""
		}
		if s.Program != "" {
			program = s.Program
		}
		for _, hex := range []string{s.RIP, ranAt(s)} {
			if a, err := strconv.ParseUint(hex, 0, 64); err == nil && program != "" {
				wanted[program] = append(wanted[program], tracer.Addr(a))
			}
		}
	}
	code := map[string][]Instruction{}
	for name, places := range wanted {
		i := slices.IndexFunc(asm.Targets, func(t asm.Target) bool { return t.Name == name })
		if i < 0 {
			continue // a program of the machine: its file is not at hand
		}
		if lines := around(asm.Targets[i], places); lines != nil {
			code[name] = lines
		}
	}
	return code
}

func ranAt(s Step) string {
	if s.Ran == nil {
		return ""
	}
	return s.Ran.Addr
}

// around disassembles the functions that the places lie in, and keeps what is
// near a place.
func around(target asm.Target, places []tracer.Addr) (lines []Instruction) {
	file, err := target.ELF()
	if err != nil {
		return nil
	}
	table := symbols.FromELF(target.Name, file)
	seen := map[tracer.Addr]bool{}
	var kept []disasm.Inst
	for _, place := range places {
		all := window(file, table, tracer.Arch(target.Arch), place)
		at := slices.IndexFunc(all, func(i disasm.Inst) bool { return i.Addr == place })
		if at < 0 {
			continue
		}
		for _, inst := range all[max(0, at-linesBefore):min(len(all), at+linesAfter+1)] {
			if !seen[inst.Addr] {
				seen[inst.Addr] = true
				kept = append(kept, inst)
			}
		}
	}
	slices.SortFunc(kept, func(a, b disasm.Inst) int { return int(int64(a.Addr) - int64(b.Addr)) })
	for _, inst := range kept {
		label := ""
		if symbol, off, ok := table.Find(inst.Addr); ok && off == 0 {
			label = symbol.Name
		}
		lines = append(lines, Instruction{inst.Addr.String(), inst.Hex(), inst.Text, label})
	}
	return lines
}

// window disassembles from some way before a place to some way behind it. It
// begins at a symbol, for only there an instruction is known to begin.
func window(file *elf.File, table *symbols.Table, arch tracer.Arch, place tracer.Addr) (out []disasm.Inst) {
	begin := place
	for range linesBefore { // the labels of our assembly stand close together
		symbol, _, ok := table.Find(begin)
		if !ok {
			break
		}
		begin = symbol.Addr
		if place-begin >= linesBefore*disasm.MaxLen {
			break
		}
		if _, _, ok := table.Find(begin - 1); !ok {
			break
		}
		begin--
	}
	if symbol, _, ok := table.Find(begin); ok {
		begin = symbol.Addr
	}
	end := place + (linesAfter+1)*disasm.MaxLen
	code, err := read(file, begin, end)
	if err != nil {
		return nil
	}
	for at := begin; len(code) > 0; {
		inst := disasm.Decode(code, at, arch)
		if inst.Len() == 0 || !inst.Known && inst.Len() >= len(code) {
			break
		}
		out = append(out, inst)
		code, at = code[inst.Len():], inst.Next()
	}
	return out
}

// read returns the bytes of the file that lie in memory from begin to end, or
// to the end of their segment.
func read(file *elf.File, begin, end tracer.Addr) ([]byte, error) {
	for _, p := range file.Progs {
		first, last := tracer.Addr(p.Vaddr), tracer.Addr(p.Vaddr+p.Filesz)
		if p.Type != elf.PT_LOAD || p.Flags&elf.PF_X == 0 || begin < first || begin >= last {
			continue
		}
		code := make([]byte, min(end, last)-begin)
		_, err := p.ReadAt(code, int64(begin-first))
		return code, err
	}
	return nil, fmt.Errorf("no code at %v", begin)
}
