package event

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ptwalk/tracer"
)

// Regs is the registers of a tracee. Show names those that the text is about;
// none means all.
type Regs struct {
	Base    `json:"-"`
	TID     tracer.TID
	Regs    tracer.Regs
	Changed []string
	Show    []string
	Brief   bool
}

// ChangedByCode are the registers that have changed, without orig_rax: the kernel
// keeps that for itself.
func (e *Regs) ChangedByCode() []string {
	return slices.DeleteFunc(slices.Clone(e.Changed), func(r string) bool { return strings.HasPrefix(r, "orig_") })
}

// regsJSON is registers as they are written: those that the architecture has.
type regsJSON struct {
	TID     tracer.TID  `json:"tid"`
	Arch    tracer.Arch `json:"arch"`
	Regs    registers   `json:"regs"`
	Changed words       `json:"changed"`
	Show    words       `json:"show"`
	Brief   bool        `json:"brief,omitempty"`
}

// MarshalJSON writes what a regsJSON holds.
func (e *Regs) MarshalJSON() ([]byte, error) {
	return json.Marshal(regsJSON{e.TID, e.Regs.Arch(), e.Regs.All(), e.Changed, e.Show, e.Brief})
}

// UnmarshalJSON reads it.
func (e *Regs) UnmarshalJSON(text []byte) error {
	var f regsJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*e = Regs{TID: f.TID, Changed: f.Changed, Show: f.Show, Brief: f.Brief}
	for _, r := range f.Regs {
		e.Regs.Set(r.Name, r.Value)
	}
	return nil
}

// registers are written as an object, in the order that they have.
type registers []tracer.Reg

func (rs registers) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, r := range rs {
		if i > 0 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, "%q:%q", r.Name, r.Value.Hex())
	}
	return append(out, '}'), nil
}

func (rs *registers) UnmarshalJSON(text []byte) error {
	var values map[string]tracer.Word
	err := json.Unmarshal(text, &values)
	for name, value := range values {
		*rs = append(*rs, tracer.Reg{Name: name, Value: value})
	}
	return err
}

// words are written as a list where there are none, too.
type words []string

func (ws words) MarshalJSON() ([]byte, error) {
	if ws == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(ws))
}
