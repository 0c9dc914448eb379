package breakpoints

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The sections about other processes and places, another way, and the end.

func forked(s *stage.Stage) {
	s.Say(`forker forks. Its child calls visit, and exits with 12. Our int3 is at
	       visit. We trace the parent alone, and it never goes there: it waits,
	       and exits with the status of its child, or with the signal that has
	       killed it.`)
	child := s.Ready(asm.Forker)
	visit := child.Symbol("visit")
	s.Briefly(func() { plant(child, visit) })
	ours := stage.Answer{Text: "it stops for us", Why: "It would, if it were our tracee. A child of a tracee is none, unless an option asks for it."}
	exits := stage.Answer{Text: "it exits with 12", Why: "It would without the int3. But fork copies the memory, and our int3 is in it."}
	dies := stage.Answer{Text: "it is killed", Why: "fork copies the memory with our int3 in it. Nobody traces the child, so SIGTRAP kills it."}
	becomes := s.Predict("What becomes of the child?", ours, exits, dies)
	child.Cont(0)
	var stop tracer.Stop
	s.Briefly(func() { stop = toItsEnd(child) })
	switch {
	case tracer.Signal(stop.ExitCode) == tracer.SIGTRAP:
		becomes.Is(dies)
		s.Note("The exit status of the parent is %d: %v.", stop.ExitCode, tracer.Signal(stop.ExitCode))
	default:
		becomes.Is(exits)
	}
	s.Say(`The one stop of the parent was its SIGCHLD, and we have passed it on.`)
}

// toItsEnd waits for the end of a child that runs, and passes its signals on.
func toItsEnd(child *stage.Child) tracer.Stop {
	stop := child.Wait()
	for !stop.Ended() {
		child.Cont(stop.Signal)
		stop = child.Wait()
	}
	return stop
}

func takenOut(s *stage.Stage) {
	s.Say(`With PTRACE_O_TRACEFORK the child is our tracee before it executes an
	       instruction. That is the moment to put its byte back.`)
	parent := s.Ready(asm.Forker)
	visit := parent.Symbol("visit")
	var word tracer.Word
	s.Briefly(func() { word = plant(parent, visit) })
	parent.SetOptions(tracer.TraceFork | tracer.ExitKill)
	parent.Cont(0)
	s.Briefly(func() { parent.Wait() })
	child := parent.Joined(tracer.TID(parent.EventMsg()))
	s.Briefly(func() { child.Wait() })
	child.PokeData(visit, word)
	still := stage.Answer{Text: "yes", Why: "The two have the same content in pages of their own. A write to one is not seen by the other."}
	gone := stage.Answer{Text: "no", Why: "Here the two share their memory, as threads do."}
	has := s.Predict("Does the parent still have its int3?", still, gone)
	if parent.PeekData(visit)&0xff == int3 {
		has.Is(still)
	} else {
		has.Is(gone)
	}
	child.Cont(0)
	s.Briefly(func() {
		end := child.Wait()
		parent.Cont(0)
		s.Note("The child exits with %d, and so does the parent: %d.", end.ExitCode, toItsEnd(parent).ExitCode)
	})
}

func itsOwn(s *stage.Stage) {
	s.Say(`ownint3 executes an int3 of its own. It has a handler for SIGTRAP, and
	       exits with the number of times that it ran.`)
	child := s.Ready(asm.OwnInt3)
	child.Cont(0)
	s.Briefly(func() { child.Wait() })
	child.SigInfo()
	rip := child.PeekUser(user.RIP)
	s.Note("It looks like a hit of ours. But at rip-1, %v, we have planted nothing.", rip-1)
	one := stage.Answer{Text: "1", Why: "We would have to pass the SIGTRAP on. 0 drops it, and the handler never runs."}
	zero := stage.Answer{Text: "0", Why: "The signal is dropped, and the handler never runs."}
	exits := s.Predict("We CONT with 0, as at our own. What does it exit with?", one, zero)
	child.Cont(0)
	s.Briefly(func() { exits.Is(child.Wait().ExitCode) })
	s.Say(`It is the program's signal, so it has to be delivered, and rip stays as
	       it is:`)
	child = s.Ready(asm.OwnInt3)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
	child.Cont(tracer.SIGTRAP)
	s.Briefly(func() { s.Note("It exits with %d.", child.Wait().ExitCode) })
}

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
	var stop tracer.Stop
	s.Briefly(func() {
		child.Cont(0)
		stop = child.Wait()
	})
	if stop.Ended() {
		s.Note("This machine takes the registers, and never stops by them.")
		return
	}
	child.SigInfo()
	rip := child.PeekUser(user.RIP)
	if tracer.Addr(rip) == visit {
		s.Note("rip is at visit: this one comes before the instruction.")
	}
	again := stage.Answer{Text: "it stops here again", Why: "It would without RF in EFLAGS, the resume flag, which the kernel sets."}
	next := stage.Answer{Text: "it stops at the next visit", Why: "The kernel sets RF in EFLAGS, the resume flag: one instruction passes."}
	ends := stage.Answer{Text: "it ends", Why: "A debug register stays set until somebody clears it."}
	goes := s.Predict("We CONT, and do nothing else. What happens?", again, next, ends)
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
