// Package eventtest has a run for tests of those who read events.
package eventtest

import (
	"syscall"
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Made is a run that was made up to hold one event of each kind.
func Made() []event.Event {
	one := 0
	code := 2
	word := tracer.Word(1)
	at := func(ms int) event.Base {
		return event.Base{T: time.Duration(ms) * time.Millisecond, At: "lessons/09-made/made.go:7"}
	}
	trap := tracer.Stop{TID: 4211, Status: 0x57f, Kind: tracer.SignalDelivery, Signal: tracer.SIGTRAP}
	regs := tracer.Regs{RIP: 0x401005, RDI: 1, CS: 0x33}
	question := &event.Predict{Base: at(6), Question: "Which call?", Right: 1, Given: &one,
		Answers: []event.Answer{{Text: "11", Why: "It is munmap here."}, {Text: "59", Why: "It is execve."}}}
	return []event.Event{
		&event.Lesson{Base: at(0), Number: 9, Name: "made", Title: "an example", Kernel: "6.1", Machine: "x86_64", Version: "devel", PID: 4210},
		&event.Section{Base: at(1), Number: 1, Title: "Every kind"},
		&event.Say{Base: at(2), Text: "The *tracer* asks by `ptrace`.\n\n    mov edi, 1\n    syscall"},
		&event.Call{Base: at(3), N: 1, Call: tracer.Call{Name: "fork", Request: tracer.NotPtrace, By: tracer.ByTracer, TID: 4211, Result: 4211}},
		&event.Call{Base: at(3), N: 1, Call: tracer.Call{Name: "PTRACE_TRACEME", By: tracer.ByChild, TID: 4211}},
		&event.Stop{Base: at(4), Stop: trap},
		&event.Stop{Base: at(4), Stop: trap, Code: &code},
		&event.Stop{Base: at(4), Stop: tracer.Stop{TID: 4211, Status: 0x8b, Kind: tracer.Killed, Signal: tracer.SIGSEGV, CoreDumped: true}},
		question,
		&event.Call{Base: at(7), N: 1, Call: tracer.Call{Name: "PTRACE_PEEKUSER", Request: tracer.PeekUser, By: tracer.ByTracer,
			TID: 4211, Addr: 120, Value: 59, HasValue: true}},
		&event.Call{Base: at(7), N: 1, Call: tracer.Call{Name: "PTRACE_PEEKUSER", Request: tracer.PeekUser, By: tracer.ByTracer,
			TID: 4211, Addr: 60, Errno: syscall.EIO, Result: -5}},
		&event.Note{Base: at(8), Format: "%v is execve.", Args: []any{tracer.Word(59)}},
		&event.Regs{Base: at(9), TID: 4211, Regs: regs, Changed: []string{"rip"}, Show: []string{"rip", "rdi"}},
		&event.Instruction{Base: at(10), TID: 4211, Addr: 0x401000, Bytes: []byte{0xbf, 1, 0, 0, 0},
			Text: "mov edi, 0x1", Meaning: "rdi becomes 1.", Label: "_start"},
		&event.Memory{Base: at(11), TID: 4211, Addr: 0x402000, Bytes: []byte("Hello\n")},
		&event.SigInfo{Base: at(11), TID: 4211, Signal: tracer.SIGTRAP, Code: 2, Addr: 0x401005},
		&event.SigInfo{Base: at(11), TID: 4211, Signal: tracer.SIGUSR1, PID: 4210, UID: 1000, Brief: true},
		&event.Syscall{Base: at(11), TID: 4211, Op: "entry", Arch: tracer.I386, Nr: 4, Name: "write", Args: []tracer.Word{1, 0x402000, 6, 0, 0, 0}},
		&event.Syscall{Base: at(11), TID: 4211, Op: "exit", Arch: tracer.X8664, Result: -9, Failed: true},
		&event.Call{Base: at(12), N: 1000, Loop: 2, Turn: 1, Call: tracer.Call{Name: "PTRACE_SINGLESTEP", Request: tracer.SingleStep, By: tracer.ByTracer, TID: 4211}},
		&event.Call{Base: at(12), N: 1000, Loop: 2, Turn: 2, Call: tracer.Call{Name: "wait4", Request: tracer.NotPtrace, By: tracer.ByTracer, TID: 4211, Result: 4211, Value: 0x57f, HasValue: true}},
		&event.Call{Base: at(13), N: 1, C: "write(1, \"hi\\n\", 3) = 3", Args: []event.Arg{{Value: &word, Text: "1"}, {Text: `"hi\n"`}},
			Call: tracer.Call{Name: "write", Request: tracer.NotPtrace, By: tracer.ByTracee, TID: 4211, Result: 3}},
		&event.Call{Base: at(13), N: 1, Brief: true, Call: tracer.Call{Name: "PTRACE_GETREGS", Request: tracer.GetRegs, Pointer: "&regs", By: tracer.ByTracer, TID: 4211}},
		&event.Output{Base: at(13), Stream: "stdout", Text: "Hello\x1b[2J\n"},
		&event.ProgramCount{Base: at(14), Program: []string{"hello64"}, Instructions: 7, Stops: 7, Engine: "step", Seconds: 0.5, Exit: 1},
		&event.Table{Base: at(15), Title: "Two programs", Columns: []event.Column{{Name: "program"}, {Name: "instructions", Right: true}, {Bar: true}},
			Rows: [][]any{{"assembly", 7, 7}, {"C", event.Count(1008), event.Count(1008)}}},
		&event.End{Base: at(16)},
	}
}
