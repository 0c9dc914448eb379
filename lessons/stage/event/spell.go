package event

import (
	"fmt"
	"strings"

	"ptwalk/tracer"
)

// Speller writes the values that depend on the machine and on the run.
type Speller interface {
	tracer.Speller
	Count(Count) string
	Fact(Fact) string
}

// Count is a number that depends on the machine, the C library or the moment.
type Count int64

// Fact is a text about this machine: its kernel, a file, a user.
type Fact string

// Measured spells every value as it was measured.
type Measured struct{ tracer.Measured }

// Count groups the digits in threes: 108,240.
func (Measured) Count(c Count) string { return Grouped(int64(c)) }

// Fact is the text itself.
func (Measured) Fact(f Fact) string { return string(f) }

// Grouped writes a number with its digits in groups of three.
func Grouped(n int64) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}

// Spell turns a typed value into its text, and leaves plain ones alone.
func Spell(sp Speller, v any) any {
	switch v := v.(type) {
	case tracer.TID:
		return sp.TID(v)
	case tracer.Addr:
		return sp.Addr(v)
	case tracer.Word:
		return sp.Word(v)
	case tracer.Reg:
		if text := sp.Word(v.Value); text != v.Value.String() {
			return text
		}
		return v.String()
	case Count:
		return sp.Count(v)
	case Fact:
		return sp.Fact(v)
	}
	return v
}
