package count

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The sections about the cost of a stop, how to need fewer, and what stops are not.

// int3 is the instruction of one byte that raises SIGTRAP.
const int3 = 0xcc

func oneStop(s *stage.Stage) {
	s.Say(`int3 is one byte, cc, and raises SIGTRAP. In the place of another
	       instruction it is a *breakpoint*. Four instructions lead to this one.`)
	child := s.Ready(asm.Hello64)
	begin := child.Entry()
	end := begin + 4*5 // four instructions of five bytes
	word := child.PeekData(end)
	child.PokeData(end, word&^0xff|int3)
	one := stage.Answer{Text: "1", Why: "Without the trap flag nothing stops it on the way."}
	five := stage.Answer{Text: "5", Why: "That would be stepping: one stop for each instruction."}
	stops := s.Predict("PTRACE_CONT lets it run. How many stops until the int3 was executed?", one, five)
	child.Cont(0)
	_, info := child.WaitInfo()
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip) == end+1 {
		stops.Is(one)
	} else {
		stops.Is(five)
	}
	s.Note("si_code %d, %s: an int3. rip is one after it. Byte and rip go back:", info.Code, info.CodeName())
	child.PokeData(end, word)
	child.PokeUser(user.RIP, tracer.Word(end))
	s.Briefly(func() {
		child.SingleStep(0)
		child.Wait()
		child.End()
	})
}

func cost(s *stage.Stage) {
	s.Say(`Now the same four instructions again and again: stepped, and with an
	       int3 after them. A stop wakes the tracer, and where that sleeps on
	       another CPU, the kernel has to wake that CPU first. So we also hold
	       both on one CPU.`)
	var stepped, onOneCPU, planted float64
	s.Briefly(func() {
		child := s.Ready(asm.Hello64)
		begin := child.Entry()
		end := begin + 4*5
		stepped = stepRounds(s, child, begin)
		s.OneCPU(child, func() {
			onOneCPU = stepRounds(s, child, begin)
			word := child.PeekData(end)
			child.PokeData(end, word&^0xff|int3)
			planted = int3Rounds(s, child, begin)
			child.PokeData(end, word)
		})
		child.End()
	})
	rows := [][]any{
		{"stepped", eachInstruction(stepped)},
		{"stepped, one CPU", eachInstruction(onOneCPU)},
		{"int3, one CPU", eachInstruction(planted)},
	}
	faster := onOneCPU / planted
	s.Table("", []stage.Column{{Name: "how"}, {Name: "ns an instruction", Right: true}}, rows)
	s.Note("The times are of this machine and of this moment. With one stop for four instructions it was %v times as fast, on one CPU. More than 4 means that a step costs more than an int3.",
		stage.Fact(fmt.Sprintf("%.1f", faster)))
	s.Note("One CPU for both was %v times as fast as two. A number below 1 says that others used this CPU meanwhile.",
		stage.Fact(fmt.Sprintf("%.1f", stepped/onOneCPU)))
	s.Say(`How many instructions a stop serves in another program depends on how
	       far apart its branches are. *ptwalk count* works so: it plants at the
	       end of each piece, carries out the branch there, and steps where that
	       would not be exact.`)
}

// rounds is how often the four instructions are executed.
const rounds = 25

// eachInstruction is the time of one instruction, in nanoseconds.
func eachInstruction(seconds float64) stage.Count {
	return stage.Count(seconds * 1e9 / (4 * rounds))
}

// stepRounds steps the four instructions, again and again.
func stepRounds(s *stage.Stage, child *stage.Child, begin tracer.Addr) (seconds float64) {
	timer := child.Timer()
	s.Loop(func() {
		for range rounds {
			child.PokeUser(user.RIP, tracer.Word(begin))
			for range 4 {
				child.SingleStep(0)
				child.Wait()
			}
		}
	})
	return timer()
}

// int3Rounds lets them run up to the int3, again and again.
func int3Rounds(s *stage.Stage, child *stage.Child, begin tracer.Addr) (seconds float64) {
	timer := child.Timer()
	s.Loop(func() {
		for range rounds {
			child.PokeUser(user.RIP, tracer.Word(begin))
			child.Cont(0)
			child.Wait()
		}
	})
	return timer()
}

func limits(s *stage.Stage) {
	s.Say(`Lesson 3 had the program repss, with rep stosb and mov ss. We count it as
	       in section 2: its stops, and its instructions by the rule of that section.`)
	more := stage.Answer{Text: "the stops", Why: "The stop of execve is one more. But the exit has none."}
	fewer := stage.Answer{Text: "the instructions", Why: "The exit is one without a stop. But the stop of execve makes up for it."}
	equal := stage.Answer{Text: "neither", Why: "One stop too many at the beginning, one too few at the end, as in section 2."}
	greater := s.Predict("Which of its two numbers is greater?", more, fewer, equal)
	instructions, stops := count(s, false, func() *stage.Child { return s.Start(asm.RepSS) })
	switch {
	case instructions < stops:
		greater.Is(more)
	case instructions > stops:
		greater.Is(fewer)
	default:
		greater.Is(equal)
	}
	s.Say(`Equal, and still not what the source shows. By this rule rep counts once
	       for each turn, and the instruction after mov ss, without a stop, not at all. A signal has one and is no
	       instruction. The kernel's own work has none.`)
}
