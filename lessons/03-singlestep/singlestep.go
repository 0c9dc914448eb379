// Package singlestep is lesson 3: one machine instruction at a time.
package singlestep

import (
	"cmp"
	"maps"
	"slices"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 3, Name: "singlestep", Title: "one instruction, and stop",
	Summary: "PTRACE_SINGLESTEP through seven instructions, rep, mov ss and malloc.",
	Minutes: 40, Goal: "say what one step is, and what it is not",
	Can: []string{
		"execute one instruction of a program, and say what it did",
		"tell by si_code a step from a step over a system call",
		"find the arguments of a system call in the registers",
		"say why stops and instructions are not the same number",
		"say what a debugger does that seems stuck on a line",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "singlestep", "vm-read?"},
	Sections: []stage.Section{
		{Title: "One step", Run: oneStep},
		{Title: "The first four", Run: firstFour},
		{Title: "The system call", Run: theCall},
		{Title: "The last two", Run: lastTwo},
		{Title: "rep stosb", Run: repeated},
		{Title: "One line of C", Run: oneLine},
	},
}

func oneStep(s *stage.Stage) {
	s.Say(`This is all of hello64, seven instructions:`)
	s.Source(asm.Hello64, "_start:", "does not return")
	child := s.Ready(asm.Hello64)
	var before tracer.Regs
	s.Briefly(func() { before = child.Regs() })
	s.Say(`PTRACE_SINGLESTEP lets it run until the trap after the next instruction.`)
	far := s.Predict("How many bytes will rip go on?",
		stage.Answer{Text: "1", Why: "Instructions have different lengths here: 1 to 15 bytes."},
		stage.Answer{Text: "4", Why: "It is so on many other processors. Here lengths differ."},
		stage.Answer{Text: "5", Why: "mov edi, 1 has one byte for what, four for the number."})
	child.SingleStep(0)
	child.Wait()
	rip := child.PeekUser(user.RIP)
	far.Is(int(rip - before.RIP))
	child.End()
}

func firstFour(s *stage.Stage) {
	s.Say(`Four rows. edi is the lower half of rdi; writing it clears the upper half.`)
	child := s.Ready(asm.Hello64)
	for range 4 {
		child.Row(0)
	}
	child.End()
}

func theCall(s *stage.Stage) {
	s.Say(`The arguments of write are in place. The fifth instruction is syscall.`)
	child := s.Ready(asm.Hello64)
	s.Briefly(func() {
		for range 4 {
			child.SingleStep(0)
			child.Wait()
		}
	})
	before := stage.Answer{Text: "before this step", Why: "The four instructions before have only loaded registers."}
	during := stage.Answer{Text: "during this step", Why: "One step over syscall runs the whole call: the kernel writes before it traps."}
	atExit := stage.Answer{Text: "at the exit", Why: "write is no buffered printf. There is no libc here."}
	when := s.Predict("When does the line of text appear?", before, during, atExit)
	wrote := child.Written()
	child.Row(0)
	if child.Written() > wrote {
		when.Is(during)
	} else {
		when.Is(atExit)
	}
	info := child.SigInfo()
	s.Note("si_code %d: the kernel made this trap itself, on its way out of the call. No breakpoint is there. The processor made the others.", info.Code)
	r11 := child.PeekUser(user.R11) // before the call it was 0
	if r11 == 0 {
		s.Note("r11 is 0, as before the call: this processor enters the kernel by FRED, and its syscall leaves rcx and r11 alone. Elsewhere it keeps rip in rcx and eflags in r11, trap flag and all.")
	} else {
		s.Note("syscall keeps rip in rcx and eflags in r11. Bit 8 of eflags is the trap flag. %d is %s: the bit is %d.", int(r11), r11.Hex(), int(r11>>8&1))
	}
	child.End()
}

func lastTwo(s *stage.Stage) {
	child := s.Ready(asm.Hello64)
	s.Briefly(func() {
		for range 5 {
			child.SingleStep(0)
			child.Wait()
		}
	})
	child.Row(0)
	s.Say(`Now only the exit is left.`)
	trap := stage.Answer{Text: "a SIGTRAP", Why: "The step would trap after the instruction, and exit does not come back."}
	end := stage.Answer{Text: "the end", Why: "exit does not come back, so nothing is left that could trap."}
	stops := s.Predict("What follows the step over the last instruction?", trap, end)
	if child.Row(0).Ended() {
		stops.Is(end)
	} else {
		stops.Is(trap)
	}
}

func repeated(s *stage.Stage) {
	s.Say(`Is a step always one instruction? This program has rep stosb and mov ss.`)
	child := s.Ready(asm.RepSS)
	var places []tracer.Addr
	var texts []string
	stops := map[tracer.Addr]int{}
	times := s.Predict("rep stosb stores ten bytes. How many stops does it make?",
		stage.Answer{Text: "1", Why: "It is one instruction. But the trap flag is looked at after each byte."},
		stage.Answer{Text: "10", Why: "A trap comes after each byte. rip moves with the last."})
	s.Briefly(func() {
		for {
			regs := child.Regs()
			rip := tracer.Addr(regs.RIP)
			if stops[rip] == 0 {
				places = append(places, rip)
				texts = append(texts, child.Instruction(regs).Text)
			}
			stops[rip]++
			child.SingleStep(0)
			if child.Wait().Ended() {
				return
			}
		}
	})
	shadow, after := child.Symbol("shadow"), child.Symbol("after")
	var rows [][]any
	for i, place := range places {
		if place == after {
			rows = append(rows, []any{shadow, child.Where(shadow), "mov ebx, 0x1", stops[shadow]})
		}
		rows = append(rows, []any{place, child.Where(place), texts[i], stops[place]})
	}
	s.Table("", []stage.Column{{Name: "address"}, {Name: "symbol"}, {Name: "instruction"}, {Name: "steps", Right: true}}, rows)
	times.Is(stops[child.Symbol("rep_ten")])
	s.Note("%v had %d stops: after a move to ss the trap waits, so that nothing comes between the loads of ss and rsp.",
		shadow, stops[shadow])
}

func oneLine(s *stage.Stage) {
	s.Say(`Debuggers seem to get stuck on a line like this one:`)
	s.Source(asm.MallocLine, "malloc(100)", "malloc(100)")
	few := stage.Answer{Text: "fewer than 10", Why: "That is what the compiler made of the line itself, without the call."}
	many := stage.Answer{Text: "more than 50", Why: "Nearly all are in malloc and what it calls."}
	guess := s.Predict("How many instructions does the line take?", few, many)
	in := map[string]int{}
	before, steps := 0, 0
	s.Briefly(func() {
		child := s.Ready(asm.MallocLine)
		line := child.Line("malloc(100)") // where its code is, from the line table
		s.Loop(func() { before = stepTo(child, line.Start) })
		s.Loop(func() {
			for rip := line.Start; rip != line.End; rip = tracer.Addr(child.PeekUser(user.RIP)) {
				in[child.Function(rip)]++
				steps++
				child.SingleStep(0)
				child.Wait()
			}
		})
		child.End()
	})
	if steps > 50 {
		guess.Is(many)
	} else {
		guess.Is(few)
	}
	s.Table("", []stage.Column{{Name: "function"}, {Name: "steps", Right: true}, {Name: "", Bar: true}}, most(in, 6))
	s.Note("%v steps led from _start to the line. The line itself: %v instructions, %d of them its own.",
		stage.Count(before), stage.Count(steps), in["main"])
	s.Note("ptrace knows no lines: to step one, a debugger steps instructions, or plants a breakpoint after the line and lets it run. One that seems stuck is stepping, here through malloc.")
}

// most are the n functions with the most steps, and the rest in one row.
func most(in map[string]int, n int) (rows [][]any) {
	functions := slices.SortedFunc(maps.Keys(in), func(a, b string) int {
		return cmp.Or(cmp.Compare(in[b], in[a]), cmp.Compare(a, b))
	})
	rest := 0
	for i, name := range functions {
		if i < n {
			rows = append(rows, []any{name, stage.Count(in[name]), stage.Count(in[name])})
		} else {
			rest += in[name]
		}
	}
	if rest > 0 {
		rows = append(rows, []any{"others", stage.Count(rest), stage.Count(rest)})
	}
	return rows
}

func stepTo(child *stage.Child, place tracer.Addr) (steps int) {
	for tracer.Addr(child.PeekUser(user.RIP)) != place {
		child.SingleStep(0)
		child.Wait()
		steps++
	}
	return steps
}
