package trapflag

import (
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/x86/kind"
)

// Who has raised a SIGTRAP, and whether the program gets it.
func TestCause(t *testing.T) {
	const here, call = tracer.Addr(0x401002), tracer.Addr(0x401000)
	for _, c := range []struct {
		about string
		trap  Trap
		want  Cause
		ours  bool
	}{
		{"a step", Trap{Code: tracer.TrapTrace, Address: here}, Step, true},
		{"a step over a system call", Trap{Code: tracer.TrapBrkpt, Address: here, Kind: kind.Call, Call: here}, Step, true},
		{"a step that ends an execve", Trap{Code: tracer.TrapBrkpt, Address: here}, Step, true},
		{"a system call whose signal came first", Trap{Code: tracer.TrapBrkpt, Address: call, Call: call}, Late, true},
		{"the entry to a handler", Trap{Code: tracer.TrapHandler, Delivered: true}, Entry, true},
		{"a step where the program has set the flag", Trap{Code: tracer.TrapTrace, Address: here, Own: true}, Both, false},
		{"the program's popf clears its flag", Trap{Code: tracer.TrapTrace, Address: here, Own: true, Kind: kind.Popf}, Both, false},
		{"the program's popf sets its flag", Trap{Code: tracer.TrapTrace, Address: here, Kind: kind.Popf}, Step, true},
		{"a system call under the program's flag", Trap{Code: tracer.TrapBrkpt, Address: here, Own: true, Kind: kind.Call, Call: here}, Step, true},
		{"icebp", Trap{Code: tracer.TrapBrkpt, Address: here, Kind: kind.Icebp}, Debug, false},
		{"int3", Trap{Code: tracer.SIKernel}, Int3, false},
		{"kill(2)", Trap{Code: 0}, Program, false},
		{"tgkill(2)", Trap{Code: -6}, Program, false},
		{"sigqueue(3)", Trap{Code: -1}, Program, false},
		{"a debug register", Trap{Code: 4, Address: here}, Program, false},
		{"sent with the si_code of a step", Trap{Code: tracer.TrapTrace, Address: 0x1f400000123}, Program, false},
		{"sent with that of a system call", Trap{Code: tracer.TrapBrkpt, Address: 0x123, Call: call}, Program, false},
		{"sent with that of a handler's entry", Trap{Code: tracer.TrapHandler}, Program, false},
	} {
		c.trap.PC = here
		if got := c.trap.Cause(); got != c.want || got.Ours() != c.ours {
			t.Errorf("%s: cause %d, ours %t; want %d, %t", c.about, got, got.Ours(), c.want, c.ours)
		}
	}
}

func TestLoads(t *testing.T) {
	for _, c := range []struct {
		kind      kind.Kind
		own, want bool
	}{
		{kind.Plain, false, false}, {kind.Plain, true, true}, {kind.Popf, false, true}, {kind.Iret, false, true}, {kind.Pushf, false, false},
	} {
		if got := Loads(c.kind, c.own); got != c.want {
			t.Errorf("kind %d, own %t: %t", c.kind, c.own, got)
		}
	}
}
