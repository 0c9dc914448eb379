// Package attach is lesson 5: a process that runs already.
package attach

import (
	"encoding/binary"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 5, Name: "attach", Title: "a process that runs already",
	Summary: "ATTACH, look, change, DETACH; SEIZE and INTERRUPT; and every refusal.",
	Minutes: 40, Goal: "look at a running process, leave it as it was, and explain a refusal",
	Can: []string{
		"stop a running process, look at it, and leave it as it was",
		"choose: ATTACH sends a SIGSTOP, SEIZE sends nothing",
		"change its memory while it is stopped",
		"attach to every thread, and leave a stopped process stopped",
		"explain a refusal: ptwalk attach PID, ptwalk doctor",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "options", "syscall", "syscall-info",
		"attach", "seize", "peekdata", "pokedata", "vm-read", "proc", "proc-mem", "siginfo?"},
	Sections: []stage.Section{
		{Title: "PTRACE_ATTACH stops it", Run: attachStops},
		{Title: "Look at it", Run: look},
		{Title: "Change one thing, and let it go", Run: change},
		{Title: "SEIZE and INTERRUPT", Run: seize},
		{Title: "The two ways do not mix", Run: notMixed},
		{Title: "A stopped process stays stopped", Run: staysStopped},
		{Title: "Every thread", Run: everyThread},
		{Title: "No: it has a tracer", Run: hasTracer},
		{Title: "No: it is not yours", Run: notYours},
	},
}

// restartBlock is -ERESTART_RESTARTBLOCK of include/linux/errno.h. A program
// never sees it.
const restartBlock = -516

// ticking starts a program that counts in memory and sleeps, and returns when
// it has counted for the first time and sleeps.
func ticking(s *stage.Stage) (*stage.Child, tracer.Addr) {
	child := s.Spawn(asm.Ticker)
	counter := child.Symbol("counter")
	child.AwaitCount(counter, 0)
	child.AwaitState("S")
	return child, counter
}

func attachStops(s *stage.Stage) {
	s.Say(`ticker runs and knows nothing of us. It adds 1 to a counter, sleeps
	       5 milliseconds, and so on. It has not volunteered.`)
	child, _ := ticking(s)
	how := s.Predict("PTRACE_ATTACH will stop it. By which signal?",
		stage.Answer{Text: "SIGTRAP", Why: "That is what execve and single steps raise."},
		stage.Answer{Text: "SIGSTOP", Why: "ATTACH sends a SIGSTOP, and returns at once. Only wait4 tells when it has worked."},
		stage.Answer{Text: "no signal", Why: "There is a request that stops without a signal; it comes in section 4."})
	child.Attach()
	stop := child.Wait()
	for stop.Signal != tracer.SIGSTOP { // another signal was faster: pass it on
		child.Cont(stop.Signal)
		stop = child.Wait()
	}
	how.Is(stop.Signal)
	s.Note("State: %s. TracerPid: %v, our thread that traces.", child.Status("State"), stage.Fact(child.Status("TracerPid")))
	s.Say(`DETACH with 0 drops the SIGSTOP, which was ours, and lets it run.`)
	child.Detach(0)
	child.AwaitState("S")
	s.Note("State: %s. It sleeps between two ticks, as before.", child.Status("State"))
	child.End()
}

// attached attaches, as section 1 did: it returns at the SIGSTOP of ATTACH, and
// passes on what comes before.
func attached(child *stage.Child) {
	child.Attach()
	for stop := child.Wait(); stop.Signal != tracer.SIGSTOP; stop = child.Wait() {
		child.Cont(stop.Signal)
	}
}

func look(s *stage.Stage) {
	s.Say(`A stopped process can be looked at: where it is, and what for.`)
	child, counter := ticking(s)
	s.Briefly(func() { attached(child) })
	regs := child.Regs("rip", "orig_rax", "rax", "rsp")
	s.Note("rip is in %s. orig_rax is %v, the system call %s: there it sleeps.",
		child.Where(tracer.Addr(regs.RIP)), regs.OrigRAX, names.SyscallName("x86-64", int64(regs.OrigRAX)))
	if int64(regs.RAX) == restartBlock {
		s.Note("rax is %d, ERESTART_RESTARTBLOCK: the kernel's own mark that the sleep goes on for the rest of its time.", int64(regs.RAX))
	}
	yes := stage.Answer{Text: "yes", Why: "Between two requests a stopped tracee does nothing."}
	no := stage.Answer{Text: "no", Why: "It would tick on if it ran. But it is stopped until we restart it."}
	s.Say(`Its counter is at an address that its symbol table names. ticker is linked
	       to fixed addresses. In a PIE, as most programs are, the base from
	       /proc/PID/maps has to be added.`)
	same := s.Predict("We read its counter twice. Are the two words equal?", yes, no)
	first := child.PeekData(counter)
	second := child.PeekData(counter)
	if first == second {
		same.Is(yes)
	} else {
		same.Is(no)
	}
	child.Detach(0)
	child.End()
}

func change(s *stage.Stage) {
	s.Say(`A tracer can write as well. We set the counter of ticker far ahead: to
	       1000000, which is 0xf4240.`)
	child, counter := ticking(s)
	s.Briefly(func() { attached(child) })
	const ahead = 1000000
	child.PokeData(counter, ahead)
	child.PeekData(counter)
	child.Detach(0)
	ends := stage.Answer{Text: "it ends", Why: "DETACH delivers no signal here, and nothing else ends it."}
	fromOurs := stage.Answer{Text: "it counts from 1000001 on", Why: "It took no notice of us, and adds 1 to what it finds."}
	fromIts := stage.Answer{Text: "it counts from where it was", Why: "That number is gone: we have written over it."}
	lives := s.Predict("After DETACH, what does ticker do?", ends, fromOurs, fromIts)
	child.AwaitCount(counter, ahead)
	now := binary.LittleEndian.Uint64(child.Read(counter, 8))
	if now > ahead {
		lives.Is(fromOurs)
	} else {
		lives.Is(fromIts)
	}
	s.Note("The counter is %v now. TracerPid is %s, and State is %s: it lives and ticks on.", stage.Count(now), child.Status("TracerPid"), stage.Fact(child.Status("State")))
	child.End()
}

func seize(s *stage.Stage) {
	s.Say(`PTRACE_ATTACH sends a signal, and a signal can be mixed up with
	       another. Since Linux 3.4 there is a request that sends none.`)
	child, _ := ticking(s)
	runs := stage.Answer{Text: "it runs on", Why: "SEIZE makes it a tracee, and stops nothing. Its last argument sets options."}
	stops := stage.Answer{Text: "it stops", Why: "That is ATTACH, by its SIGSTOP."}
	what := s.Predict("What does the process do after PTRACE_SEIZE?", runs, stops)
	child.Seize(tracer.TraceSysGood)
	if state := child.Status("State"); state[0] == 't' || state[0] == 'T' {
		what.Is(stops)
	} else {
		what.Is(runs)
	}
	s.Say(`PTRACE_INTERRUPT stops it, with an event of its own: bits 31 to 16 are
	       PTRACE_EVENT_STOP.`)
	child.Interrupt()
	child.Wait()
	child.Detach(0)
	s.Note("TracerPid: %s. No signal was sent, and none was dropped: with event 128 the SIGTRAP in the status is a mark and no signal.", child.Status("TracerPid"))
	child.End()
}

func notMixed(s *stage.Stage) {
	s.Say(`INTERRUPT belongs to SEIZE. What does it say to a process that we
	       ATTACHed?`)
	child, _ := ticking(s)
	s.Briefly(func() { attached(child) })
	answer := s.Predict("Which errno?",
		stage.Answer{Text: "none", Why: "It stops already: nothing is wrong in that. But the request has to fit the way of attaching."},
		stage.Answer{Text: "ESRCH", Why: "It is our tracee, and it is stopped."},
		stage.Answer{Text: "EIO", Why: "PTRACE_INTERRUPT works only on a tracee that was SEIZEd."})
	answer.Is(stage.ErrnoName(child.Tracee.Interrupt()))
	child.Detach(0)
	child.End()
}

func staysStopped(s *stage.Stage) {
	s.Say(`Somebody has stopped ticker by SIGSTOP; Ctrl-Z would send SIGTSTP. We look at it. It has to
	       be stopped afterwards too, as they left it.`)
	child, _ := ticking(s)
	child.Signal(tracer.SIGSTOP)
	child.AwaitState("T")
	child.Seize(tracer.TraceSysGood)
	child.Interrupt()
	child.Wait()
	s.Say(`This is a group-stop: no signal waits for us, job control has stopped
	       the process. After a SEIZE the status tells it: event 128 with a
	       stop signal. After an ATTACH it looks like a SIGSTOP that waits to be
	       delivered. PTRACE_CONT would be wrong: somebody wants it stopped.`)
	stays := stage.Answer{Text: "T, stopped", Why: "The stop of job control is not ours. It lasts until a SIGCONT."}
	goes := stage.Answer{Text: "S, it runs on", Why: "It would, after a CONT or a SIGCONT."}
	left := s.Predict("And after DETACH with 0, in which state is it?", stays, goes)
	child.Detach(0)
	child.AwaitState("T")
	if child.Status("State")[0] == 'T' {
		left.Is(stays)
	} else {
		left.Is(goes)
	}
	child.End()
}

func everyThread(s *stage.Stage) {
	s.Say(`A tracee is one thread. This program has four, and each is attached,
	       stopped and asked by itself.`)
	child := s.Spawn(asm.Tickers)
	counters := child.Symbol("counters")
	for i := range 4 {
		child.AwaitCount(counters+tracer.Addr(8*i), 0)
	}
	times := s.Predict("How many times do we have to SEIZE?",
		stage.Answer{Text: "1", Why: "The process is one, but ptrace knows threads alone."},
		stage.Answer{Text: "4", Why: "Once for each thread: the request takes a thread id."})
	var rows [][]any
	s.Briefly(func() {
		for i, tid := range child.Tasks() {
			thread := child.Thread(tid)
			thread.Seize(tracer.TraceSysGood)
			thread.Interrupt()
			thread.Wait()
			nr := thread.PeekUser(user.OrigRAX)
			rip := thread.PeekUser(user.RIP)
			ticks := thread.PeekData(counters + tracer.Addr(8*i))
			rows = append(rows, []any{tid, names.SyscallName("x86-64", int64(nr)), stage.Fact(child.Where(tracer.Addr(rip))), stage.Count(ticks)})
			thread.Detach(0)
		}
	})
	s.Table("", []stage.Column{{Name: "thread"}, {Name: "sleeps in"}, {Name: "at"}, {Name: "its counter", Right: true}}, rows)
	times.Is(len(rows))
	s.Note("The thread of the process's own number is the first.")
	child.End()
}
