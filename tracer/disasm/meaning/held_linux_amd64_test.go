package meaning_test

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/disasm/meaning"
	"ptwalk/tracer/disasm/meaning/sentencecheck"
)

// run executes the instruction and holds the sentence against what it did. It
// returns the sentence.
func (t *trial) run(test *testing.T, code []byte) string {
	test.Helper()
	for at, b := range t.data {
		if n, err := t.m.WriteAt(b, tracer.Addr(at)); n != len(b) {
			test.Fatalf("%s: memory at %#x: %v", t.f.name, at, err)
		}
	}
	before := t.before()
	after, stop := t.m.step(test, code, before)
	window := slices.Concat(code, []byte{0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90})
	inst := disasm.Decode(window[:disasm.MaxLen], tracer.Addr(t.rip), t.m.arch)
	said := meaning.Of(inst, before, after)
	name := fmt.Sprintf("%s, %d bits: % x %q", t.f.name, t.size, code, inst.Text)
	switch {
	case stop.Signal != tracer.SIGTRAP:
		test.Errorf("%s: %v", name, stop.Signal)
		return ""
	case inst.Len() != len(code) || !inst.Known:
		test.Errorf("%s: %d bytes, known: %v", name, inst.Len(), inst.Known)
		return ""
	}
	step := &sentencecheck.Step{Arch: string(t.m.arch), Addr: t.rip, Code: code, Text: inst.Text, Meaning: said,
		Before: named(before), After: named(after), Memory: t.m.seen, Vector: t.m.vector}
	wrong := sentencecheck.Check(step)
	if len(wrong) == 0 {
		wrong = unnoticed(step)
	}
	if len(said) > 140 {
		wrong = append(wrong, fmt.Sprintf("%d bytes", len(said)))
	}
	if !t.f.general && strings.HasPrefix(said, "Changes") {
		wrong = append(wrong, "there are words for it")
	}
	if !strings.HasPrefix(said, t.f.want) {
		wrong = append(wrong, "it has to begin: "+t.f.want)
	}
	if len(wrong) > 0 {
		test.Errorf("%s\n\t%s\n\t%s\n\t%s", name, said, strings.Join(wrong, "\n\t"), differ(before, after))
	}
	return said
}

var numbers = regexp.MustCompile(`(^|[ (])(-?0x[0-9a-f]+|-?[0-9]+)($|[ ,.;:)])`)

// unnoticed are the numbers of a true sentence that the checker does not look at:
// it finds nothing wrong when one of them is another.
func unnoticed(step *sentencecheck.Step) (all []string) {
	for _, at := range numbers.FindAllStringSubmatchIndex(step.Meaning, -1) {
		from, to := at[4], at[5]
		n, _ := new(big.Int).SetString(step.Meaning[from:to], 0)
		other := *step
		other.Meaning = step.Meaning[:from] + fmt.Sprintf("%#x", n.Add(n, big.NewInt(1))) + step.Meaning[to:]
		if len(sentencecheck.Check(&other)) == 0 {
			all = append(all, "the checker takes this too: "+other.Meaning)
		}
	}
	return all
}

// differ shows the registers of a failure.
func differ(before, after tracer.Regs) string {
	var parts []string
	old := before.All()
	for n, r := range after.All() {
		if old[n].Value == r.Value {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %#x -> %#x", r.Name, uint64(old[n].Value), uint64(r.Value)))
	}
	return strings.Join(parts, ", ")
}

// named are the registers as the events have them.
func named(regs tracer.Regs) map[string]uint64 {
	all := map[string]uint64{}
	for _, r := range regs.All() {
		all[r.Name] = uint64(r.Value)
	}
	return all
}
