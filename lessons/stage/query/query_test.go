package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// How an offset into the USER area may be written.
func TestOffset(t *testing.T) {
	for word, want := range map[string]uint64{
		"8*RIP": 128, "8*rip": 128, "rip": 128, "8*16": 128, "128": 128, "0x80": 128, "60": 60,
		"u_debugreg[7]": 904, "offsetof(struct user, u_debugreg[7])": 904, "-8": ^uint64(7),
		"4*ORIG_RAX": 60, "4*RIP": 64,
	} {
		if got, err := Offset(word); got != want || err != nil {
			t.Errorf("%q is %d, %v; want %d", word, got, err, want)
		}
	}
	for _, word := range []string{"", "x*RIP", "8*NOTHING", "nothing"} {
		if got, err := Offset(word); err == nil {
			t.Errorf("%q is %d, want an error", word, got)
		}
	}
}

// What Tab offers, as far as it is among others.
func TestComplete(t *testing.T) {
	for before, want := range map[string]string{
		"":                 "regs",
		"pe":               "peekuser",
		"peekuser 8*OR":    "8*ORIG_RAX",
		"peekuser 8*or":    "8*orig_rax",
		"regs r":           "rip",
		"status Sta":       "State",
		"explain EPE":      "EPERM",
		"explain PTRACE_I": "PTRACE_INTERRUPT",
		"mem rs":           "rsp",
	} {
		from, words := Complete(before, nil)
		if !slices.Contains(words, want) {
			t.Errorf("%q becomes one of %q, want %q among them", before, words, want)
		}
		for _, w := range words {
			if !strings.HasPrefix(w, before[from:]) {
				t.Errorf("%q is offered behind %q", w, before)
			}
		}
	}
	if _, words := Complete("siginfo ", nil); len(words) > 0 {
		t.Errorf("siginfo takes nothing, and is offered %q", words)
	}
}

// A recording answers with what was read in the stop of the moment, before it and
// after, and not with what was read across a restart or a write.
func TestRecording(t *testing.T) {
	call := func(r tracer.Request, addr uint64, value tracer.Word) event.Event {
		return &event.Call{N: 1, Call: tracer.Call{Name: r.String(), Request: r, By: tracer.ByTracer, TID: 7, Addr: addr, Value: value, HasValue: r == tracer.PeekData}}
	}
	events := []event.Event{
		call(tracer.PeekData, 0x10, 1),                        // 0
		call(tracer.SingleStep, 0, 0),                         // 1
		call(tracer.PeekData, 0x10, 2),                        // 2
		call(tracer.GetRegs, 0, 0),                            // 3
		&event.Regs{TID: 7, Regs: tracer.Regs{RIP: 0x401000}}, // 4
		call(tracer.PokeData, 0x10, 0),                        // 5
		call(tracer.PeekData, 0x10, 3),                        // 6
		call(tracer.SingleStep, 0, 0),                         // 7
		call(tracer.PeekData, 0x20, 4),                        // 8
	}
	for _, tt := range []struct {
		at   int
		ask  string
		want string // what is told, or ""
	}{
		{0, "peekdata 0x10", "= 1"},
		{2, "peekdata 0x10", "= 2"},
		{3, "peekdata 0x10", "= 2"},
		{6, "peekdata 0x10", "= 3"},
		{8, "peekdata 0x10", ""},
		{2, "rip", "rip"},
		{6, "regs", "rip"},
		{8, "regs", ""},
		{3, "peekdata 0x20", ""},
		{3, "siginfo", ""},
	} {
		var told []string
		past := NewRecording(events, tt.at, 0, func(e event.Event) {
			switch e := e.(type) {
			case *event.Call:
				told = append(told, e.Call.C())
			case *event.Regs:
				told = append(told, fmt.Sprint("rip ", e.Regs.RIP))
			}
		})
		who := Tracee{Source: past, TID: past.TID, Emit: past.Emit, Showing: past.Showing}
		err := who.Ask(strings.Fields(tt.ask))
		if tt.want == "" {
			if !errors.Is(err, ErrNotRecorded) {
				t.Errorf("%q at %d: %q, %v; want that it was not recorded", tt.ask, tt.at, told, err)
			}
			continue
		}
		if err != nil || !strings.Contains(strings.Join(told, "\n"), tt.want) {
			t.Errorf("%q at %d: %q, %v; want %q", tt.ask, tt.at, told, err, tt.want)
		}
	}
}
