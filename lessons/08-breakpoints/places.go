package breakpoints

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The sections about other places, another way, and the end.

func inAPIE(s *stage.Stage) {
	s.Say(`wanderer is a PIE: its symbol table says how far main is from the begin of
	       the program. We are at the stop of execve, before its first
	       instruction.`)
	child := s.Ready(asm.Wanderer)
	symbol := child.Symbol("main")
	yes := stage.Answer{Text: "yes", Why: "execve itself has mapped the program. No instruction of it has run."}
	no := stage.Answer{Text: "no", Why: "Nothing of the program is mapped here yet."}
	known := s.Predict("Can the address of main be known already?", yes, no)
	base := child.Base()
	s.Note("The symbol table: %v. The begin, from /proc/PID/maps: %v.", symbol, base)
	word := child.PeekData(base + symbol)
	child.PokeData(base+symbol, word&^0xff|int3)
	child.Cont(0)
	s.Briefly(func() { child.Wait() })
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip)-1 == base+symbol {
		known.Is(yes)
	} else {
		known.Is(no)
	}
	s.Note("rip less 1, less the begin, is %v.", tracer.Addr(rip)-1-base)
	s.Say(`A library is mapped later, by the dynamic linker. Who wants to stop in
	       one waits until it is there.`)
	s.Briefly(child.End)
}

func withoutAByte(s *stage.Stage) {
	s.Say(`Debug registers of the processor: DR0 has the address, DR7 says what for.`)
	child := s.Ready(asm.Visitor)
	visit := child.Symbol("visit")
	execution := tracer.DR7(0).With(0, tracer.Watch{Enabled: true, On: tracer.OnExecute, Len: 1})
	err := child.Tracee.PokeDebugReg(0, tracer.Word(visit))
	if err == nil {
		err = child.Tracee.PokeDebugReg(7, tracer.Word(execution))
	}
	if err != nil {
		s.Note("This machine has none for us: %s.", stage.ErrnoName(err))
		s.Briefly(child.End)
		return
	}
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
	child.SigInfo()
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip) == visit {
		s.Note("rip is at visit: this one comes before the instruction.")
	}
	again := stage.Answer{Text: "it stops here again", Why: "It would without RF in EFLAGS, the resume flag, which the kernel sets."}
	next := stage.Answer{Text: "it stops at the next visit", Why: "The kernel sets RF in EFLAGS, the resume flag: one instruction passes."}
	ends := stage.Answer{Text: "it ends", Why: "A debug register stays set until somebody clears it."}
	goes := s.Predict("We CONT, and do nothing else. What happens?", again, next, ends)
	var stop tracer.Stop
	s.Briefly(func() {
		child.Cont(0)
		stop = child.Wait()
	})
	switch {
	case stop.Ended():
		goes.Is(ends)
	case child.Written() == 0: // visit has not been executed
		goes.Is(again)
	default:
		goes.Is(next)
	}
	child.PeekUser(user.RDI)
	s.Note("No byte was changed. There are only four, and each thread has its own.")
	s.Briefly(child.End)
}

func leftBehind(s *stage.Stage) {
	s.Say(`We have stopped visitor at its first visit, and let it pass as we should,
	       with the int3 in its place again. Now we have seen enough.`)
	child := s.Ready(asm.Visitor)
	visit := child.Symbol("visit")
	s.Briefly(func() {
		word := plant(child, visit)
		child.Cont(0)
		child.Wait()
		pass(child, visit, word)
	})
	lives := stage.Answer{Text: "it ends as always", Why: "DETACH ends the tracing, and changes no memory. The int3 is a byte of its code."}
	stops := stage.Answer{Text: "it stops", Why: "A stop is for a tracer. There is none, so SIGTRAP does what it does."}
	dies := stage.Answer{Text: "it is killed", Why: "DETACH changes no memory. At the next visit there is a SIGTRAP, and nobody takes it."}
	does := s.Predict("We DETACH. What does it do?", lives, stops, dies)
	child.Detach(0)
	var stop tracer.Stop
	s.Briefly(func() { stop = child.Wait() })
	switch {
	case stop.Kind == tracer.Killed:
		does.Is(dies)
	case stop.Ended():
		does.Is(lives)
	default:
		does.Is(stops)
	}
	s.Say(`The same, with the byte put back before:`)
	child = s.Ready(asm.Visitor)
	var word tracer.Word
	s.Briefly(func() {
		word = plant(child, visit)
		child.Cont(0)
		child.Wait()
		pass(child, visit, word)
	})
	child.PokeData(visit, word)
	child.Detach(0)
	s.Briefly(func() { child.Wait() })
}
