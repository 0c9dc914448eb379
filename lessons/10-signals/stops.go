package signals

import (
	"strings"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// The sections about handlers under a step, about stops of job control, and about
// the end.

func intoTheHandler(s *stage.Stage) {
	s.Say(`told stops by its SIGUSR1. We ask for one step, and give the signal
	       with it.`)
	child := atSignal(s)
	before := child.Regs("rip", "rsp")
	none := stage.Answer{Text: "none", Why: "The kernel builds a frame on the stack, sets rip to the handler, and reports that."}
	first := stage.Answer{Text: "the handler's first", Why: "That would be one step. But entering a handler is a stop of its own, before it."}
	next := stage.Answer{Text: "the next one of main", Why: "So it is with 0 in place of the signal. The handler comes first."}
	does := s.Predict("Which instruction is executed until the next stop?", none, first, next)
	child.SingleStep(tracer.SIGUSR1)
	s.Briefly(func() { child.Wait() })
	child.SigInfo()
	after := child.Regs("rip", "rsp")
	switch at := tracer.Addr(after.RIP); {
	case at == child.Symbol("tell"):
		does.Is(none)
	case strings.HasPrefix(child.Where(at), "tell"):
		does.Is(first)
	default:
		does.Is(next)
	}
	s.Note("rip is at the begin of the handler. Between the two rsp are %v bytes: registers, mask and siginfo. rt_sigreturn puts them back:",
		stage.Count(int64(tracer.Word(before.RSP)-tracer.Word(after.RSP))))
	steps := 0
	s.Briefly(func() {
		s.Loop(func() {
			for regs := after; regs.RIP != before.RIP; regs = child.Regs() {
				child.SingleStep(0)
				child.Wait()
				steps++
			}
		})
	})
	s.Note("%d steps later it is where it was.", steps)
	child.End()
}

// ticking starts a program that counts in memory and sleeps for ever.
func ticking(s *stage.Stage) *stage.Child {
	child := s.Spawn(asm.Ticker)
	child.AwaitCount(child.Symbol("counter"), 0)
	child.AwaitState("S")
	return child
}

func whoseStop(s *stage.Stage) {
	s.Say(`We ATTACH to ticker, and somebody sends it a SIGSTOP. We drop the SIGSTOP
	       of the ATTACH, and pass on the other, which is not ours.`)
	var rows [][]any
	var child *stage.Child
	row := func(by string) {
		stop := child.Wait()
		info, err := child.Tracee.SigInfo()
		code := info.CodeName()
		if err != nil {
			code = stage.ErrnoName(err)
		}
		rows = append(rows, []any{stop.Status, code, by})
	}
	s.Briefly(func() {
		child = ticking(s)
		child.Attach()
		row("the ATTACH")
		child.Signal(tracer.SIGSTOP)
		child.Cont(0)
		row("kill")
	})
	nothing := stage.Answer{Text: "nothing", Why: "The process is stopped now, for good. But the tracer is told that too, by a stop of its own."}
	same := stage.Answer{Text: "the same status", Why: "A group-stop: job control has stopped the process. No signal waits here, so it has no siginfo."}
	other := stage.Answer{Text: "another status", Why: "A group-stop: job control has stopped the process."}
	next := s.Predict("The second is passed on, and stops ticker. What does wait4 report then?", nothing, same, other)
	s.Briefly(func() {
		child.Cont(tracer.SIGSTOP)
		row("job control")
	})
	s.Table("", []stage.Column{{Name: "status"}, {Name: "GETSIGINFO"}, {Name: "stopped by"}}, rows)
	if rows[2][0] == rows[1][0] {
		next.Is(same)
	} else {
		next.Is(other)
	}
	s.Briefly(func() { child.Tracee.SigInfo() })
	stays := stage.Answer{Text: "stopped", Why: "That is what the SIGSTOP was to do."}
	runs := stage.Answer{Text: "running", Why: "CONT ends any stop, and the SIGSTOP is undone."}
	then := s.Predict("A group-stop ends by SIGCONT. We restart it by CONT. What is ticker?", stays, runs)
	child.Cont(0)
	child.AwaitState("S")
	if child.Status("State")[0] == 'S' {
		then.Is(runs)
	} else {
		then.Is(stays)
	}
	child.End()
}

func lasting(s *stage.Stage) {
	s.Say(`A tracer that only watches must not undo a stop. PTRACE_LISTEN, for
	       tracees that were SEIZEd, leaves it stopped and waits for more.`)
	var child *stage.Child
	s.Briefly(func() {
		child = ticking(s)
		child.Seize(0)
		child.Signal(tracer.SIGSTOP)
		child.Wait()
		child.Cont(tracer.SIGSTOP)
	})
	child.Wait()
	child.Listen()
	one := stage.Answer{Text: "1", Why: "The signal stops it, as others do. But before that the end of the group-stop is told."}
	two := stage.Answer{Text: "2", Why: "First the end of the group-stop is told, by an event, and then the signal."}
	number := s.Predict("Now SIGCONT comes. How many stops are there until it runs?", one, two)
	child.Signal(tracer.SIGCONT)
	stops := 0
	s.Briefly(func() {
		for stop := child.Wait(); stop.Signal != tracer.SIGCONT; stop = child.Wait() {
			stops++
			child.Cont(0)
		}
		stops++
	})
	number.Is(stops)
	s.Briefly(func() { child.SigInfo() })
	stays := stage.Answer{Text: "stopped", Why: "The signal has done that already when it was sent. What we drop is its delivery."}
	runs := stage.Answer{Text: "running", Why: "SIGCONT wakes a process when it is sent, before it is delivered. To drop it keeps its handler from running."}
	then := s.Predict("It stands at SIGCONT. We drop that. What is ticker?", stays, runs)
	child.Cont(0)
	child.AwaitState("S")
	if child.Status("State")[0] == 'S' {
		then.Is(runs)
	} else {
		then.Is(stays)
	}
	child.End()
}

func killed(s *stage.Stage) {
	s.Say(`SIGKILL has no signal-delivery-stop: nothing can be changed or dropped. But
	       there is an option for the last moment, PTRACE_O_TRACEEXIT.`)
	var child *stage.Child
	s.Briefly(func() {
		child = ticking(s)
		child.Seize(tracer.TraceExit)
	})
	end := stage.Answer{Text: "killed, 0x0009", Why: "That is next. First the thread stops on its way out, as we have asked for."}
	event := stage.Answer{Text: "EVENT_EXIT", Why: "The thread is on its way out of the kernel for good, and stops there once more."}
	reports := s.Predict("We kill it. What does wait4 report first?", end, event)
	child.Signal(tracer.SIGKILL)
	if stop := child.Wait(); stop.Ended() {
		reports.Is(end)
		return
	}
	reports.Is(event)
	message := child.EventMsg()
	s.Briefly(func() { child.PeekUser(user.RIP) })
	s.Note("The message is %v, the low bits of the status that is to come. Registers and memory can still be read. To save it is too late.", message)
	child.Cont(0)
	s.Briefly(func() { child.Wait() })
}

func oldKill(s *stage.Stage) {
	s.Say(`There is an old request for it. The manual says: do not use it. Nearly
	       every request fails with ESRCH on a tracee that is not stopped.`)
	var child *stage.Child
	s.Briefly(func() {
		child = ticking(s)
		child.Seize(0)
	})
	refused := stage.Answer{Text: "it fails: ESRCH", Why: "The rule has three exceptions: TRACEME, INTERRUPT and KILL."}
	nothing := stage.Answer{Text: "0, and it lives", Why: "So says the manual, and here it holds: only at a stop by a signal does KILL work."}
	kills := stage.Answer{Text: "0, and it is killed", Why: "KILL needs no stop. The manual's warning, that it works at a stop by a signal alone, is older than this kernel."}
	does := s.Predict("ticker runs. What does PTRACE_KILL do to it?", refused, nothing, kills)
	err := child.Tracee.PtraceKill()
	ended := false
	s.Briefly(func() {
		child.Tracee.Interrupt() // if it lives, this stops it
		ended = child.Wait().Ended()
	})
	switch {
	case err != nil:
		does.Is(refused)
	case ended:
		does.Is(kills)
	default:
		does.Is(nothing)
	}
	s.Say(`Since Linux 5.19 it sends SIGKILL, and maintained kernels of older series
	       have that too. Before, it was a restart with signal 9: away from a stop
	       by a signal it answered 0, and killed nothing.

	       kill(2) works on all kernels, in all states, and needs no tracer.`)
}
