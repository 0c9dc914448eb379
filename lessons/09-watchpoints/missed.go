package watchpoints

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
)

// The sections about what a watch misses, who inherits it, and what it leaves.

func readsAsWell(s *stage.Stage) {
	s.Say(`R/W 11 traps after reads as well; there is no code for reads alone.
	       deposit is balance += 20, three instructions: read, add, write.`)
	child := watching(s, tracer.OnReadWrite, 0, 8)
	s.Briefly(func() { trap(child) })
	deposit := s.Predict("It stands in opening. How many stops are there in deposit?",
		stage.Answer{Text: "1", Why: "One statement of C. But two of its instructions use balance."},
		stage.Answer{Text: "2", Why: "One after the instruction that reads, one after the instruction that writes."})
	n := 0
	var rows [][]any
	s.Briefly(func() {
		for stop := goOn(child); !stop.Ended(); stop = goOn(child) {
			in := place(child)
			if in == "deposit" {
				n++
			}
			rows = append(rows, []any{in, stop.Status, int(child.PeekData(child.Symbol("balance")))})
		}
	})
	s.Table("", stops, rows)
	deposit.Is(n)
}

func byTheKernel(s *stage.Stage) {
	s.Say(`transfer has no instruction that writes balance. It hands its address to
	       read(2), which brings a 7 from a pipe. withdraw then takes 5 away.`)
	s.Source(asm.Ledger, "call(SYS_read", ";")
	child := watching(s, tracer.OnWrite, 0, 8)
	yes := stage.Answer{Text: "yes", Why: "Memory is memory, whoever writes. But the trap would come inside the kernel."}
	no := stage.Answer{Text: "no", Why: "The kernel wrote. There is a signal for what the program's own instructions do, and for nothing else."}
	seen := s.Predict("Is there a stop for the 7?", yes, no)
	told := no
	var rows [][]any
	s.Briefly(func() {
		for stop := goOn(child); !stop.Ended(); stop = goOn(child) {
			in := place(child)
			if in == "transfer" {
				told = yes
			}
			rows = append(rows, []any{in, stop.Status, int(child.PeekData(child.Symbol("balance")))})
		}
	})
	s.Table("", stops, rows)
	seen.Is(told)
}

func anotherThread(s *stage.Stage) {
	s.Say(`heirs starts a thread, which adds 20 to a balance. We set the watch
	       before, and trace the new thread by PTRACE_O_TRACECLONE.`)
	child := s.Ready(asm.Heirs, "thread")
	var thread *stage.Child
	s.Briefly(func() {
		watch(child, tracer.OnWrite, child.Symbol("balance"), 8)
		thread = next(child, tracer.TraceClone)
	})
	s.Note("%v stands at its first stop.", thread.TID())
	thread.PeekDebugReg(7)
	yes := stage.Answer{Text: "yes", Why: "DR7 reads as if. But the debug registers belong to a thread."}
	no := stage.Answer{Text: "no", Why: "The debug registers belong to a thread, and a new one has no watch. DR7 is a note of the kernel's that was copied."}
	traps := s.Predict("DR7 is as we set it for the first thread. Does this one stop when it writes?", yes, no)
	address := thread.PeekDebugReg(0)
	var end, stop tracer.Stop
	s.Briefly(func() {
		child.Cont(0) // it waits for the thread
		end = goOn(thread)
	})
	if !end.Ended() {
		traps.Is(yes)
		child.End()
		return
	}
	traps.Is(no)
	s.Briefly(func() {
		stop = child.WaitForTrap()
		child.End()
	})
	s.Note("Its DR0 was %v. The first thread wrote next: %s.", address, stop.Said())
}

// next lets the child run until it makes a thread or a process, and returns that at
// its first stop.
func next(child *stage.Child, option tracer.Option) *stage.Child {
	child.SetOptions(option | tracer.ExitKill)
	goOn(child)
	heir := child.Joined(tracer.TID(child.EventMsg()))
	heir.Wait()
	return heir
}

func forkAndExec(s *stage.Stage) {
	s.Say(`The same with a child that is forked, and with a program that executes
	       another. Both then add to their balance.`)
	cleared := stage.Answer{Text: "0 in both", Why: "execve clears it. A child gets a copy of what the kernel has noted of DR7."}
	mixed := stage.Answer{Text: "as set in the child, 0 after execve", Why: "fork copies the kernel's note of DR7, execve clears it. Neither has a watch."}
	set := stage.Answer{Text: "as set in both", Why: "fork copies the kernel's note of DR7. execve clears it: the address meant another program."}
	reads := s.Predict("What does DR7 read then?", cleared, mixed, set)
	var rows [][]any
	row := func(who string, c *stage.Child) (dr7 tracer.Word) {
		dr0 := c.PeekDebugReg(0)
		dr7 = c.PeekDebugReg(7)
		traps := "yes"
		if goOn(c).Ended() {
			traps = "no"
		}
		rows = append(rows, []any{who, dr0.Hex(), dr7.Hex(), traps})
		return dr7
	}
	var forked, executed tracer.Word
	s.Briefly(func() {
		child := s.Ready(asm.Heirs, "fork")
		watch(child, tracer.OnWrite, child.Symbol("balance"), 8)
		heir := next(child, tracer.TraceFork)
		forked = row("the child", heir)
		heir.End()
		for !goOn(child).Ended() { // its parent waits for it: no zombie is left
		}
		child = s.Ready(asm.Heirs, "exec")
		watch(child, tracer.OnWrite, child.Symbol("balance"), 8)
		child.SetOptions(tracer.TraceExec)
		goOn(child)
		executed = row("after execve", child)
	})
	s.Table("", []stage.Column{{Name: "who"}, {Name: "DR0"}, {Name: "DR7"}, {Name: "stops at its write"}}, rows)
	switch {
	case forked != 0 && executed == 0:
		reads.Is(mixed)
	case forked == 0 && executed == 0:
		reads.Is(cleared)
	default:
		reads.Is(set)
	}
	s.Say(`So a debugger that follows threads sets its watches in each of them, at
	       their first stop.`)
}

func afterDetach(s *stage.Stage) {
	s.Say(`A watch is set, and the tracer has seen enough.`)
	child := watching(s, tracer.OnWrite, 0, 8)
	lives := stage.Answer{Text: "exits with 2", Why: "That would need a DETACH that clears the debug registers, and it does not."}
	dies := stage.Answer{Text: "dies of SIGTRAP", Why: "DETACH leaves the debug registers as they are. The trap comes, and nobody takes its signal."}
	ends := s.Predict("After DETACH, how does ledger end?", lives, dies)
	child.Detach(0)
	if child.Wait().Kind == tracer.Exited {
		ends.Is(lives)
	} else {
		ends.Is(dies)
	}
	s.Say(`The same happens if the tracer is killed. So a tracer clears DR7 first:`)
	child = watching(s, tracer.OnWrite, 0, 8)
	child.PokeDebugReg(7, 0)
	s.Briefly(func() {
		child.Detach(0)
		child.Wait()
	})
	s.Say(`And it sets no watch in a process that is not its own: it could be
	       killed in between.`)
}

func slowWay(s *stage.Stage) {
	s.Say(`Without debug registers, or with more than four variables, a debugger
	       single-steps, and compares after each step. It sees what changes.`)
	watched := map[string]bool{}
	child := watching(s, tracer.OnWrite, 0, 8)
	balance := child.Symbol("balance")
	timer := child.Timer()
	s.Briefly(func() {
		for !goOn(child).Ended() {
			watched[place(child)] = true
		}
	})
	fast := timer()
	five := stage.Answer{Text: "5", Why: "It sees what the kernel writes. But correct changes nothing."}
	four := stage.Answer{Text: "4", Why: "It sees transfer, and misses correct, which stores what is there already."}
	sees := s.Predict("The watch has missed transfer, one write of five. How many does this see?", five, four)
	compared := map[string]bool{}
	steps := 0
	child = s.Ready(asm.Ledger)
	timer = child.Timer()
	s.Briefly(func() {
		s.Loop(func() {
			was := child.PeekData(balance)
			for {
				child.SingleStep(0)
				if child.Wait().Ended() {
					return
				}
				steps++
				if now := child.PeekData(balance); now != was {
					was = now
					compared[place(child)] = true
				}
			}
		})
	})
	slow := timer()
	var rows [][]any
	for _, way := range []string{"opening", "deposit", "correct", "transfer", "withdraw"} {
		rows = append(rows, []any{way, saw(watched[way]), saw(compared[way])})
	}
	s.Table("", []stage.Column{{Name: "write in"}, {Name: "watch"}, {Name: "steps"}}, rows)
	sees.Is(len(compared))
	s.Note("The program has %v instructions, and the steps took %v times as long as the watch.", stage.Count(steps), stage.Fact(fmt.Sprintf("%.0f", slow/fast)))
}

func saw(yes bool) string {
	if yes {
		return "seen"
	}
	return "missed"
}
