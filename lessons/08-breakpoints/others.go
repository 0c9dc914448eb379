package breakpoints

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The sections about those who meet an int3 that was not meant for them.

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
		second = first.Born(tracer.TID(first.EventMsg()))
		second.Wait() // it begins with a SIGSTOP
		first.Cont(0)
		first.Wait()
	})
	return first, second, visit, word
}

func anotherThread(s *stage.Stage) {
	s.Say(`twins has two threads, and each calls visit ten times. The first has hit
	       our int3. To step over it we take it out, and in that moment the
	       second thread runs.`)
	first, second, visit, word := twoThreads(s)
	first.PokeData(visit, word)
	first.PokeUser(user.RIP, tracer.Word(visit))
	each := stage.Answer{Text: "ten times", Why: "The threads have registers of their own, and share the memory: the int3 is out for both."}
	never := stage.Answer{Text: "never", Why: "Threads share their memory: what is out for one is out for all."}
	stops := s.Predict("How often does the second thread stop at visit?", each, never)
	second.Cont(0)
	var hits int
	s.Briefly(func() { hits = hitsOf(second, visit, word) })
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
		seconds := hitsOf(second, visit, word)
		first.Cont(0)
		firsts := 1 + hitsOf(first, visit, word)
		s.Table("", []stage.Column{{Name: "thread"}, {Name: "hits", Right: true}}, [][]any{
			{first.TID(), firsts}, {second.TID(), seconds},
		})
	})
	s.Say(`None is lost. So gdb stops all threads before one of them steps over,
	       which costs requests for each of them. The other way is to leave the
	       int3 in its place, and to execute a copy of the instruction
	       somewhere else.`)
}

// hitsOf takes a thread that runs to its end, over the int3, and counts its hits.
func hitsOf(thread *stage.Child, a tracer.Addr, word tracer.Word) (hits int) {
	for !thread.Wait().Ended() {
		hits++
		pass(thread, a, word)
		thread.Cont(0)
	}
	return hits
}

func forked(s *stage.Stage) {
	s.Say(`forker forks. Its child calls visit, and exits with 7. Our int3 is at
	       visit. We trace the parent alone, and it never goes there: it waits,
	       and exits with the status of its child, or with the signal that has
	       killed it.`)
	child := s.Ready(asm.Forker)
	visit := child.Symbol("visit")
	s.Briefly(func() { plant(child, visit) })
	ours := stage.Answer{Text: "it stops for us", Why: "It would, if it were our tracee. A child of a tracee is none, unless an option asks for it."}
	exits := stage.Answer{Text: "it exits with 7", Why: "It would without the int3. But fork copies the memory, and our int3 is in it."}
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
	child := parent.Born(tracer.TID(parent.EventMsg()))
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
		s.Note("The child exits with %d. The parent is told the same: it exits with %d.", end.ExitCode, toItsEnd(parent).ExitCode)
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
	zero := stage.Answer{Text: "0", Why: "CONT with 0 drops the signal, and the handler never runs."}
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
