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
	stops := s.Predict("How many stops until the int3 has been executed?",
		stage.Answer{Text: "1", Why: "Without the trap flag nothing stops it on the way."},
		stage.Answer{Text: "5", Why: "That would be stepping: one stop for each instruction."})
	child.Cont(0)
	_, info := child.WaitInfo()
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip) == end+1 {
		stops.Is("1")
	} else {
		stops.Is("5")
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
	const rounds = 25
	var rows [][]any
	var faster float64
	s.Briefly(func() {
		child := s.Ready(asm.Hello64)
		begin := child.Entry()
		end := begin + 4*5
		row := func(label string, seconds float64) float64 {
			rows = append(rows, []any{label, stage.Count(seconds * 1e9 / (4 * rounds))})
			return seconds
		}
		stepped := func() float64 {
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
		row("stepped", stepped())
		s.OneCPU(child, func() {
			faster = row("stepped, one CPU", stepped())
			word := child.PeekData(end)
			child.PokeData(end, word&^0xff|int3)
			timer := child.Timer()
			s.Loop(func() {
				for range rounds {
					child.PokeUser(user.RIP, tracer.Word(begin))
					child.Cont(0)
					child.Wait()
				}
			})
			faster /= row("int3, one CPU", timer())
			child.PokeData(end, word)
		})
		child.End()
	})
	s.Table("", []stage.Column{{Name: "how"}, {Name: "ns an instruction", Right: true}}, rows)
	s.Note("The times are of this machine and of this moment. With one stop for four instructions it was %v times as fast, on one CPU.",
		stage.Fact(fmt.Sprintf("%.1f", faster)))
	s.Say(`How many instructions a stop serves in another program depends on how
	       far apart its branches are. *ptwalk count* works so: it plants at the
	       end of each piece, carries out the branch there, and steps where that
	       would not be exact.`)
}
