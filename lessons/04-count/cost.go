package count

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The section about the cost of a stop, and how to need fewer.

// int3 is the instruction of one byte that raises SIGTRAP.
const int3 = 0xcc

func oneStop(s *stage.Stage) {
	s.Say(`Four instructions of hello64 follow each other without a branch. One
	       stop after them tells that all were executed. We plant an int3 in the
	       place of the fifth.`)
	child := s.Ready(asm.Hello64)
	begin := child.Entry()
	end := begin + 4*5 // four instructions of five bytes
	word := child.PeekData(end)
	child.PokeData(end, word&^0xff|int3)
	one := stage.Answer{Text: "1", Why: "Without the trap flag nothing stops it on the way."}
	five := stage.Answer{Text: "5", Why: "That would be stepping: one stop for each instruction."}
	stops := s.Predict("How many stops until the int3 has been executed?", one, five)
	child.Cont(0)
	_, info := child.WaitInfo()
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip) == end+1 {
		stops.Is(one)
	} else {
		stops.Is(five)
	}
	s.Note("si_code %d, %s, is that of an int3. It was executed, and so rip is after it. Now the byte goes back, and rip too.", info.Code, info.CodeName())
	s.Briefly(func() {
		child.PokeData(end, word)
		child.PokeUser(user.RIP, tracer.Word(end))
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
	s.Note("The times are of this machine and of this moment. With one stop for four instructions it was %v times as fast, on one CPU.",
		stage.Fact(fmt.Sprintf("%.1f", faster)))
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
