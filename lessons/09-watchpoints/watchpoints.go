// Package watchpoints is lesson 9: who writes here?
package watchpoints

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 9, Name: "watchpoints", Title: "does it see every write?",
	Summary: "Debug registers: a trap after a write, who inherits it, and what is missed.",
	Minutes: 25, Goal: "find out who changes a variable, and say which changes go unseen",
	Can: []string{
		"watch a variable by DR0 and DR7, and find out who wrote to it",
		"read DR7 and DR6 bit by bit",
		"say which writes a watchpoint misses, and which a debugger does",
		"say who inherits the debug registers: a thread, a child, execve",
		"leave a program without leaving a trap in it",
	},
	Needs: []string{"traceme", "options", "cont", "singlestep", "siginfo", "peekuser", "pokeuser",
		"peekdata", "debugreg"},
	Sections: []stage.Section{
		{Title: "One address", Run: oneAddress},
		{Title: "Which of the four", Run: whichOfThem},
		{Title: "DR7, bit by bit", Run: bitByBit},
		{Title: "The same number again", Run: theSameAgain},
		{Title: "A neighbour's byte", Run: neighboursByte},
		{Title: "What cannot be watched", Run: cannotBeWatched},
		{Title: "Reads as well", Run: readsAsWell},
		{Title: "A write by the kernel", Run: byTheKernel},
		{Title: "Another thread", Run: anotherThread},
		{Title: "A child, and a new program", Run: forkAndExec},
		{Title: "What is left after DETACH", Run: afterDetach},
		{Title: "The slow way", Run: slowWay},
	},
}

// watching is ledger at the stop of execve, with a watch on bytes of its balance.
func watching(s *stage.Stage, on tracer.Trigger, at tracer.Addr, length int) *stage.Child {
	child := s.Ready(asm.Ledger)
	s.Briefly(func() { watch(child, on, child.Symbol("balance")+at, length) })
	return child
}

// watch writes an address to DR0, and what is watched there to DR7.
func watch(child *stage.Child, on tracer.Trigger, at tracer.Addr, length int) {
	var dr7 tracer.DR7
	child.PokeDebugReg(0, tracer.Word(at))
	child.PokeDebugReg(7, tracer.Word(dr7.With(0, tracer.Watch{Enabled: true, On: on, Len: length})))
}

// goOn lets the child run to its next trap, or its end.
func goOn(child *stage.Child) tracer.Stop {
	child.Cont(0)
	return child.Wait()
}

// trap is goOn where a debug register has to trap.
func trap(child *stage.Child) tracer.Stop {
	child.Cont(0)
	return child.WaitForTrap()
}

// place is the function in which the child stands.
func place(child *stage.Child) string {
	return child.Function(tracer.Addr(child.PeekUser(user.RIP)))
}

func oneAddress(s *stage.Stage) {
	s.Say(`ledger has a number in memory, balance. Who writes to it? The processor
	       can tell. It has four registers for addresses, DR0 to DR3, and DR7 says
	       what is watched there. They are words of the USER area.`)
	child := s.Ready(asm.Ledger)
	balance := child.Symbol("balance")
	watch(child, tracer.OnWrite, balance, 8)
	before := stage.Answer{Text: "0, as before", Why: "An int3 stops before what it replaces. The processor traps after a write."}
	after := stage.Answer{Text: "100", Why: "The trap comes after the instruction that wrote. What was there before is gone."}
	reads := s.Predict("opening sets it to 100 by one instruction. At the trap, what is in balance?", before, after)
	child.Cont(0)
	var rip tracer.Addr
	s.Briefly(func() {
		child.WaitForTrap()
		rip = tracer.Addr(child.PeekUser(user.RIP))
	})
	if child.PeekData(balance) == 0 {
		reads.Is(before)
	} else {
		reads.Is(after)
	}
	s.Note("rip is %v, %s: behind the instruction.", rip, child.Where(rip))
	child.End()
}

func whichOfThem(s *stage.Stage) {
	s.Say(`DR1 is to watch another number, seen, to which audit copies balance. So
	       the traps are DR0, DR0, DR1. DR6 has a bit for each. The processor sets
	       it, and does not have to clear the others.`)
	child := s.Ready(asm.Ledger)
	s.Briefly(func() {
		var dr7 tracer.DR7
		child.PokeDebugReg(0, tracer.Word(child.Symbol("balance")))
		child.PokeDebugReg(1, tracer.Word(child.Symbol("seen")))
		w := tracer.Watch{Enabled: true, On: tracer.OnWrite, Len: 8}
		child.PokeDebugReg(7, tracer.Word(dr7.With(0, w).With(1, w)))
		trap(child)
		trap(child)
	})
	fresh := stage.Answer{Text: "bit 1", Why: "The kernel keeps a DR6 of its own for each thread, and begins it anew at each trap."}
	kept := stage.Answer{Text: "bits 0 and 1", Why: "Nobody has cleared the bit of the traps before."}
	bits := s.Predict("At the third trap, which of them are set?", kept, fresh)
	trap(child)
	child.SigInfo()
	dr6 := tracer.DR6(child.PeekDebugReg(6))
	if dr6.Hit(0) {
		bits.Is(kept)
	} else {
		bits.Is(fresh)
	}
	s.Note("Bit 14 is %s: no step. Bits that have no meaning read 1.", bit(dr6.Step()))
	child.End()
}

func bit(set bool) string {
	if set {
		return "1"
	}
	return "0"
}

func bitByBit(s *stage.Stage) {
	s.Say(`DR7 has 2 bits that switch each of the four on, bits 0 to 7, and 4 bits
	       each from 16 on: R/W, what is waited for, and LEN, how many bytes.`)
	child := watching(s, tracer.OnWrite, 0, 8)
	word := child.PeekDebugReg(7)
	bits := uint64(word)
	s.Table("", []stage.Column{{Name: "bits"}, {Name: "value"}, {Name: "field"}, {Name: "says"}}, [][]any{
		{"0", fmt.Sprintf("%b", bits&1), "L0", "DR0 is on"},
		{"2, 4, 6", fmt.Sprintf("%b%b%b", bits>>2&1, bits>>4&1, bits>>6&1), "L1, L2, L3", "the others are off"},
		{"17, 16", fmt.Sprintf("%02b", bits>>16&3), "R/W0", "00 execute, 01 write, 11 read or write"},
		{"19, 18", fmt.Sprintf("%02b", bits>>18&3), "LEN0", "00 1 byte, 01 2, 11 4, 10 8"},
	})
	four := s.Predict("Which DR7 watches 4 bytes at DR1 for writes?",
		stage.Answer{Text: "0xd00004", Why: "Bit 2 is L1, and 1101 from bit 20 on: LEN 11 is 4 bytes, R/W 01 is write."},
		stage.Answer{Text: "0x900004", Why: "From bit 20 on it is 1001: LEN 10 would be 8 bytes."},
		stage.Answer{Text: "0xd0004", Why: "Bit 2 is L1, but the four bits of DR1 begin at bit 20."})
	var dr7 tracer.DR7
	dr7 = dr7.With(1, tracer.Watch{Enabled: true, On: tracer.OnWrite, Len: 4})
	s.Briefly(func() {
		child.PokeDebugReg(1, tracer.Word(child.Symbol("balance")))
		child.PokeDebugReg(7, tracer.Word(dr7))
	})
	four.Is(fmt.Sprintf("%#x", uint64(child.PeekDebugReg(7))))
	child.End()
}

// stops are the columns of the tables of stops.
var stops = []stage.Column{{Name: "stop in"}, {Name: "status"}, {Name: "balance", Right: true}}

func theSameAgain(s *stage.Stage) {
	s.Say(`opening sets balance to 100, deposit adds 20, and audit reads it. Then
	       correct sets it to 120, which it is already.`)
	s.Source(asm.Ledger, "way opening", "way correct")
	child := watching(s, tracer.OnWrite, 0, 8)
	yes := stage.Answer{Text: "yes", Why: "The processor looks at addresses and not at values. A store is a store."}
	no := stage.Answer{Text: "no", Why: "The number did not change, but it was written."}
	traps := s.Predict("Does it stop in correct?", yes, no)
	var rows [][]any
	last := ""
	s.Briefly(func() {
		for range 3 {
			stop := trap(child)
			last = place(child)
			rows = append(rows, []any{last, stop.Status, int(child.PeekData(child.Symbol("balance")))})
		}
	})
	s.Table("", stops, rows)
	if last == "correct" {
		traps.Is(yes)
	} else {
		traps.Is(no)
	}
	child.End()
}

func neighboursByte(s *stage.Stage) {
	s.Say(`A watch of 1 byte, on the highest of the 8 bytes of balance. That byte is
	       0 from begin to end: the numbers are small. opening, deposit, correct
	       and withdraw write all 8 bytes.`)
	child := s.Ready(asm.Ledger)
	watch(child, tracer.OnWrite, child.Symbol("balance")+7, 1)
	many := s.Predict("How many stops will there be?",
		stage.Answer{Text: "0", Why: "The byte does not change. But each of the four writes it."},
		stage.Answer{Text: "4", Why: "A write counts if it touches a byte that is watched, whatever it stores there."})
	n := 0
	s.Briefly(func() {
		s.Loop(func() {
			for !goOn(child).Ended() {
				n++
			}
		})
	})
	many.Is(n)
}

func cannotBeWatched(s *stage.Stage) {
	s.Say(`The processor leaves out the lowest bits of an address: 8 bytes are
	       watched at a multiple of 8. We ask for 8 bytes one byte further on.`)
	child := s.Ready(asm.Ledger)
	balance := child.Symbol("balance")
	watched := stage.Answer{Text: "they are watched", Why: "The processor cannot, and the kernel does not pretend."}
	others := stage.Answer{Text: "the 8 bytes from balance on", Why: "The processor would do that. The kernel looks first."}
	refused := stage.Answer{Text: "an error", Why: "The processor would watch the wrong bytes. The kernel looks first, and refuses."}
	what := s.Predict("What happens?", watched, others, refused)
	var dr7 tracer.DR7
	child.PokeDebugReg(0, tracer.Word(balance+1))
	if child.Tracee.PokeDebugReg(7, tracer.Word(dr7.With(0, tracer.Watch{Enabled: true, On: tracer.OnWrite, Len: 8}))) != nil {
		what.Is(refused)
	} else {
		what.Is(watched)
	}
	var rows [][]any
	try := func(what string, at tracer.Addr, w tracer.Watch) {
		w.Enabled = true
		told := "DR0"
		err := child.Tracee.PokeDebugReg(0, tracer.Word(at))
		if err == nil {
			told = "DR7"
			err = child.Tracee.PokeDebugReg(7, tracer.Word(dr7.With(0, w)))
		}
		rows = append(rows, []any{what, told, stage.ErrnoName(err)})
		child.Tracee.PokeDebugReg(7, 0)
	}
	s.Briefly(func() {
		try("1 byte at an odd address", balance+1, tracer.Watch{On: tracer.OnWrite, Len: 1})
		try("4 bytes in the middle of 8", balance+4, tracer.Watch{On: tracer.OnWrite, Len: 4})
		try("I/O, R/W 10", balance, tracer.Watch{On: tracer.OnIO, Len: 1})
		try("execute, LEN 8 bytes", balance, tracer.Watch{On: tracer.OnExecute, Len: 8})
		try("an address of the kernel", kernelAddress, tracer.Watch{On: tracer.OnWrite, Len: 8})
		rows = append(rows, []any{"DR4, which there is not", "DR4", stage.ErrnoName(child.Tracee.PokeDebugReg(4, 0))})
	})
	s.Table("", []stage.Column{{Name: "asked for"}, {Name: "answer of"}, {Name: "errno"}}, rows)
	child.End()
}

// kernelAddress is in the upper half, where the kernel has its memory.
const kernelAddress = tracer.Addr(0xffffffff81000000)
