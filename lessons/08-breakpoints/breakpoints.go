// Package breakpoints is lesson 8: int3, and who else runs into it.
package breakpoints

import (
	"strings"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 8, Name: "breakpoints", Title: "who else runs into yours?",
	Summary: "int3: plant, hit, step over; threads, forks, PIE; debug registers.",
	Minutes: 25, Goal: "stop a program at a function, and take every trace of that away",
	Can: []string{
		"plant an int3, and go on from it: byte, rip, step, plant again",
		"say what threads and children meet while it is in, or out",
		"tell your int3 from the program's own",
		"plant in a PIE, or without a byte: a debug register",
		"leave a program so that it lives on",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "pokeuser", "options", "cont", "singlestep", "siginfo",
		"peekdata", "pokedata", "int3", "proc", "debugreg?"},
	Sections: []stage.Section{
		{Title: "A byte over an instruction", Run: aByte},
		{Title: "Go on from there", Run: goOn},
		{Title: "Byte, rip, step, and the byte again", Run: stepOver},
		{Title: "Another thread, meanwhile", Run: anotherThread},
		{Title: "Hold the other", Run: holdTheOther},
		{Title: "A child is forked", Run: forked},
		{Title: "Take it out of the child", Run: takenOut},
		{Title: "The program's own int3", Run: itsOwn},
		{Title: "In a PIE", Run: inAPIE},
		{Title: "Without a byte", Run: withoutAByte},
		{Title: "What stays behind", Run: leftBehind},
	},
}

// int3 is an instruction of one byte. It raises the breakpoint exception.
const int3 = 0xcc

func aByte(s *stage.Stage) {
	s.Say(`visitor calls its function visit three times. We want it to stop there.
	       int3 is an instruction of one byte, 0xcc. It raises an exception, of
	       which the kernel makes a SIGTRAP. We write it over the first byte.`)
	child := s.Ready(asm.Visitor)
	visit := child.Symbol("visit")
	word := child.PeekData(visit)
	child.PokeData(visit, word&^0xff|int3)
	on := stage.Answer{Text: "at visit", Why: "A fault leaves rip at the instruction, as in lesson 3. int3 is a trap: it is over."}
	behind := stage.Answer{Text: "one byte behind", Why: "int3 is a trap, not a fault: it has been executed, and rip points behind it."}
	where := s.Predict("It runs into the int3. Where does rip point then?", on, behind)
	child.Cont(0)
	child.Wait()
	regs := child.Regs("rip", "rdi")
	if regs.PC() == visit {
		where.Is(on)
	} else {
		where.Is(behind)
	}
	s.Note("visit is at %v, and nothing of it has been executed. rdi is its argument.", visit)
	s.Briefly(child.End)
}

// plant writes an int3 at a, and returns the word that was there.
func plant(child *stage.Child, a tracer.Addr) tracer.Word {
	word := child.PeekData(a)
	child.PokeData(a, word&^0xff|int3)
	return word
}

func goOn(s *stage.Stage) {
	s.Say(`We are in the same place. The byte that we have overwritten is a whole
	       instruction, push rbx. We put it back, and the program goes on.`)
	child := s.Ready(asm.Visitor)
	visit := child.Symbol("visit")
	var word tracer.Word
	s.Briefly(func() {
		word = plant(child, visit)
		child.Cont(0)
		child.Wait()
	})
	ends := stage.Answer{Text: "three visits, and its end", Why: "The code is as it was. But rip is behind the push, so that it is not executed."}
	crash := stage.Answer{Text: "it crashes", Why: "rip is behind the push, and nobody executes it. The pop at the end takes the return address in its place."}
	does := s.Predict("We CONT. What does the program do?", ends, crash)
	child.PokeData(visit, word)
	child.Cont(0)
	stop := child.Wait()
	if stop.Signal == tracer.SIGSEGV {
		does.Is(crash)
	} else {
		does.Is(ends)
	}
	child.Regs("rip")
	s.Say(`There it has returned to. rip has to be put back by one as well: the
	       kernel does not do that for us.`)
	s.Briefly(child.End)
}

func stepOver(s *stage.Stage) {
	s.Say(`Now in full: the byte back, rip back, one step over the instruction, and
	       the int3 in its place again, for the next visit.`)
	child := s.Ready(asm.Visitor)
	visit := child.Symbol("visit")
	var word tracer.Word
	var end tracer.Stop
	s.Briefly(func() {
		word = plant(child, visit)
		child.Cont(0)
		child.Wait()
	})
	arguments := []string{child.PeekUser(user.RDI).String()}
	child.PokeData(visit, word)
	child.PokeUser(user.RIP, tracer.Word(visit))
	child.SingleStep(0)
	s.Briefly(func() { child.Wait() })
	child.PokeData(visit, word&^0xff|int3)
	s.Say(`And so each time:`)
	s.Briefly(func() {
		child.Cont(0)
		for end = child.Wait(); !end.Ended(); end = child.Wait() {
			arguments = append(arguments, child.PeekUser(user.RDI).String())
			pass(child, visit, word)
			child.Cont(0)
		}
	})
	s.Note("%d hits, with the arguments %s.", len(arguments), strings.Join(arguments, ", "))
	s.Note("The exit status is %d, their sum: no visit was lost or made twice.", end.ExitCode)
}

// pass lets a child that has hit the int3 at a go over the instruction there, and
// plants the int3 again. Word is what was there before.
func pass(child *stage.Child, a tracer.Addr, word tracer.Word) {
	child.PokeData(a, word)
	child.PokeUser(user.RIP, tracer.Word(a))
	child.SingleStep(0)
	child.Wait()
	child.PokeData(a, word&^0xff|int3)
}

// twoThreads starts twins with an int3 at visit, and returns when its first thread
// has hit it and its second is about to begin.
func twoThreads(s *stage.Stage) (first, second *stage.Child, visit tracer.Addr, word tracer.Word) {
	first = s.Ready(asm.Twins)
	visit = first.Symbol("visit")
	s.Briefly(func() {
		word = plant(first, visit)
		first.SetOptions(tracer.TraceClone | tracer.ExitKill)
		first.Cont(0)
		first.Wait() // PTRACE_EVENT_CLONE
		second = first.Joined(tracer.TID(first.EventMsg()))
		second.Wait() // it begins with a SIGSTOP
		first.Cont(0)
		first.Wait()
	})
	return first, second, visit, word
}

func anotherThread(s *stage.Stage) {
	s.Say(`twins has two threads, and each calls visit six times. The first has hit
	       our int3. To step over it we take it out, and in that moment the
	       second thread runs.`)
	first, second, visit, word := twoThreads(s)
	first.PokeData(visit, word)
	first.PokeUser(user.RIP, tracer.Word(visit))
	each := stage.Answer{Text: "six times", Why: "The threads have registers of their own, and share the memory: the int3 is out for both."}
	never := stage.Answer{Text: "never", Why: "Threads share their memory: what is out for one is out for all."}
	stops := s.Predict("How often does the second thread stop at visit?", each, never)
	second.Cont(0)
	var hits int
	s.Briefly(func() { hits, _ = hitsOf(second, visit, word) })
	if hits == 0 {
		stops.Is(never)
	} else {
		stops.Is(each)
	}
	s.Say(`The program has counted its visits:`)
	first.PeekData(first.Symbol("visits"))
	s.Briefly(first.End)
}

func holdTheOther(s *stage.Stage) {
	s.Say(`The same once more. The second thread stays stopped while the first steps
	       over, and goes on when the int3 is in its place again. Then the
	       first one waits for the second.`)
	first, second, visit, word := twoThreads(s)
	s.Briefly(func() {
		pass(first, visit, word)
		second.Cont(0)
		seconds, _ := hitsOf(second, visit, word)
		first.Cont(0)
		more, end := hitsOf(first, visit, word)
		s.Table("", []stage.Column{{Name: "thread"}, {Name: "hits", Right: true}}, [][]any{
			{first.TID(), 1 + more}, {second.TID(), seconds},
		})
		s.Note("The exit status is %d: so many visits has the program counted.", end.ExitCode)
	})
	s.Say(`Debuggers stop all threads before one of them steps over, which costs
	       requests for each. Another way is to leave the int3 in its place, and
	       to execute a copy of the instruction somewhere else.`)
}

// hitsOf takes a thread that runs to its end, over the int3, and counts its hits.
func hitsOf(thread *stage.Child, a tracer.Addr, word tracer.Word) (hits int, end tracer.Stop) {
	for end = thread.Wait(); !end.Ended(); end = thread.Wait() {
		hits++
		pass(thread, a, word)
		thread.Cont(0)
	}
	return hits, end
}
