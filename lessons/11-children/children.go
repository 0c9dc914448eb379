// Package children is lesson 11: many tracees at once.
package children

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 11, Name: "children", Title: "is a tid for ever?",
	Summary: "fork, vfork, clone, execve and exit of processes and threads; strace -f.",
	Minutes: 25, Goal: "follow a program with all its children and threads, and leave none behind",
	Can: []string{
		"trace each child and thread from its first instruction on",
		"tell fork, vfork and clone by their events, and know what waits",
		"say which tid is left after an execve, and which ends are told",
		"stop every thread of a process, those that begin meanwhile too",
		"write strace -f, and have no tracee live longer than its tracer",
	},
	Needs: []string{"traceme", "options", "cont", "syscall", "syscall-info", "seize", "proc", "proc-mem", "vm-read"},
	Sections: []stage.Section{
		{Title: "Whose child is it?", Run: whoseChild},
		{Title: "An option for each way", Run: anOption},
		{Title: "Whose stop comes first", Run: whoseStop},
		{Title: "The parent of a vfork", Run: vforked},
		{Title: "A thread is a tracee", Run: aThread},
		{Title: "execve from a thread", Run: execFromThread},
		{Title: "The first thread ends first", Run: leaderEnds},
		{Title: "Stop them all", Run: stopAll},
		{Title: "A small strace -f", Run: smallStrace},
		{Title: "fork returns twice", Run: returnsTwice},
		{Title: "When the tracer ends", Run: tracerEnds},
	},
}

// followed are the options of a tracer that follows everybody, and leaves nobody
// behind.
const followed = tracer.TraceSysGood | tracer.TraceFork | tracer.TraceVfork | tracer.TraceVforkDone |
	tracer.TraceClone | tracer.TraceExec | tracer.ExitKill

func whoseChild(s *stage.Stage) {
	s.Say(`family makes a child by fork, and waits for it. We trace family,
	       and follow it to the exit of its fork. The result is the child's number.`)
	parent := s.Ready(asm.Family)
	yes := stage.Answer{Text: "yes", Why: "An option of its parent asks for that. Nobody has set one here."}
	no := stage.Answer{Text: "no", Why: "A tracee is one thread. A new one is nobody's, unless an option asks for it."}
	traced := s.Predict("Do we trace the child too?", yes, no)
	var fork tracer.SyscallInfo
	s.Briefly(func() {
		parent.SetOptions(tracer.TraceSysGood)
		for fork.Op() != tracer.SyscallInfoExit {
			parent.Syscall(0)
			parent.Wait()
			fork = parent.SyscallInfo()
		}
	})
	child := parent.Thread(tracer.TID(fork.Result()))
	if child.Status("TracerPid") == "0" {
		traced.Is(no)
	} else {
		traced.Is(yes)
	}
	s.Note("TracerPid of %v: %v. Of %v: %s. It ran on while its parent was stopped.",
		parent.TID(), stage.Fact(parent.Status("TracerPid")), child.TID(), child.Status("TracerPid"))
	s.Say(`A breakpoint that we had set would be in its memory too, and kill it. An
	       strace without -f does not see what it does.`)
	s.Briefly(func() { toTheEnd(s, parent) })
}

// toTheEnd lets a tracee run to its end, with the signals that it gets.
func toTheEnd(s *stage.Stage, child *stage.Child) (end tracer.Stop) {
	s.Loop(func() {
		child.Cont(0)
		for end = child.Wait(); !end.Ended(); end = child.Wait() {
			child.Cont(signalOf(end))
		}
	})
	return end
}

// signalOf is the signal that a stop is for: it is to be delivered.
func signalOf(stop tracer.Stop) tracer.Signal {
	if stop.Kind == tracer.SignalDelivery {
		return stop.Signal
	}
	return 0
}

func anOption(s *stage.Stage) {
	s.Say(`PTRACE_O_TRACEFORK asks for it. The parent stops, with an event whose
	       message is the child's number, and the kernel has attached to the child.`)
	parent := s.Ready(asm.Family)
	parent.SetOptions(tracer.TraceFork | tracer.ExitKill)
	var child *stage.Child
	s.Briefly(func() {
		parent.Cont(0)
		parent.Wait()
		child = parent.Joined(tracer.TID(parent.EventMsg()))
	})
	s.Note("The message of the event is %v.", child.TID())
	execve := stage.Answer{Text: "0x057f, SIGTRAP", Why: "That is what execve brings. The child runs its parent's program, and executes none."}
	stop := stage.Answer{Text: "0x137f, SIGSTOP", Why: "The kernel sends it to a child of a tracee, as PTRACE_ATTACH would."}
	event := stage.Answer{Text: "0x80057f, PTRACE_EVENT_STOP", Why: "A child of one that was SEIZEd begins so, without a signal."}
	first := s.Predict("What is the child's first stop?", execve, stop, event)
	switch status := child.Wait(); {
	case status.Event == tracer.EventPtrace:
		first.Is(event)
	case status.Signal == tracer.SIGSTOP:
		first.Is(stop)
	default:
		first.Is(execve)
	}
	s.Say(`That SIGSTOP is the tracer's, and is dropped. The child has the options
	       of its parent. Each of the two is restarted by itself.`)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
		toTheEnd(s, parent)
	})
}

func whoseStop(s *stage.Stage) {
	s.Say(`So a fork brings two stops. We wait for any: wait4 with -1. family makes
	       ten children, one after the other.`)
	parent := s.Ready(asm.Family, "many")
	first := map[bool]int{} // by the parent?
	s.Briefly(func() {
		parent.SetOptions(tracer.TraceFork | tracer.ExitKill)
		parent.Cont(0)
		s.Loop(func() {
			known := map[tracer.TID]bool{parent.TID(): true}
			for !parent.Over() {
				child, stop := s.WaitAny()
				if stop.Ended() {
					continue
				}
				tid := stop.TID
				if stop.Event == tracer.EventFork {
					tid = tracer.TID(child.EventMsg())
				}
				if !known[tid] {
					known[tid] = true
					first[child == parent]++
				}
				child.Cont(passedOn(stop))
			}
		})
	})
	s.Table("", []stage.Column{{Name: "told first"}, {Name: "times", Right: true}}, [][]any{
		{"the parent, PTRACE_EVENT_FORK", stage.Count(first[true])}, {"the child, SIGSTOP", stage.Count(first[false])}})
	s.Say(`Whatever the numbers are here, nobody promises an order: two threads run,
	       perhaps on two processors. A tracer that is told of a number which no
	       event has named yet has met a child, and keeps it.`)
}

// passedOn is the signal to restart a tracee with. The SIGSTOP that a child begins
// with is the tracer's own.
func passedOn(stop tracer.Stop) tracer.Signal {
	if stop.Signal == tracer.SIGSTOP {
		return 0
	}
	return signalOf(stop)
}

// two starts a program that makes one child or thread, and returns both: the first at
// the event, the second at its first stop.
func two(s *stage.Stage, target asm.Target, argument string, options tracer.Option) (first, second *stage.Child) {
	first = s.Ready(target, argument)
	s.Briefly(func() {
		s.Loop(func() {
			first.SetOptions(options)
			first.Cont(0)
			first.Wait()
			second = first.Joined(tracer.TID(first.EventMsg()))
			second.Wait()
		})
	})
	return first, second
}

func vforked(s *stage.Stage) {
	s.Say(`The child of a vfork borrows the memory of its parent. Both have
	       stopped, and we restart the parent alone.`)
	parent, child := two(s, asm.Family, "vfork", followed)
	parent.Cont(0)
	done := stage.Answer{Text: "at PTRACE_EVENT_VFORK_DONE", Why: "That comes when the child has given the memory back: by execve, or at its end."}
	never := stage.Answer{Text: "it does not", Why: "It waits inside the kernel until the child has given its memory back. The child is stopped, by us."}
	next := s.Predict("Where does the parent stop next, while the child is held?", done, never)
	parent.AwaitState("D")
	if _, told := parent.Poll(); told {
		next.Is(done)
	} else {
		next.Is(never)
	}
	s.Note("Its state is %s. Of all signals SIGKILL alone gets through to it.", parent.Status("State"))
	s.Say(`A tracer that waits for this parent alone waits for ever. The child goes on:`)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
	parent.Wait()
	s.Briefly(func() { toTheEnd(s, parent) })
}

func aThread(s *stage.Stage) {
	s.Say(`crew begins a second thread, by clone. Its event is another, and so is
	       its option: PTRACE_O_TRACECLONE.`)
	first, second := two(s, asm.Crew, "", followed)
	s.Briefly(func() { toEntry(second, "getpid") })
	one := stage.Answer{Text: "the number of the first", Why: "getpid gives every thread of a process the same number. Its tid is another."}
	own := stage.Answer{Text: "its own number", Why: "That is its tid. getpid gives the number of the process, which is the first thread's."}
	pid := s.Predict("The second thread calls getpid. What does it get?", one, own)
	var got tracer.TID
	s.Briefly(func() {
		second.Syscall(0)
		second.Wait()
		got = tracer.TID(second.SyscallInfo().Result())
	})
	if got == first.TID() {
		pid.Is(one)
	} else {
		pid.Is(own)
	}
	s.Note("It got %v. Its tid is %v.", got, second.TID())
	s.Say(`What belongs to a thread is asked of each: its registers, its signal
	       mask, its area for restartable sequences.`)
	for _, thread := range []*stage.Child{first, second} {
		area, err := thread.Tracee.GetRseqConfiguration()
		if err != nil {
			s.Note("This kernel tells nothing of it: %s.", stage.ErrnoName(err))
			break
		}
		s.Note("%v has its area at %v.", thread.TID(), area.ABIPointer)
	}
	s.Briefly(func() {
		toTheEnd(s, second)
		toTheEnd(s, first)
	})
}

// toEntry lets a tracee run to the entry of a call.
func toEntry(child *stage.Child, name string) {
	for {
		child.Syscall(0)
		child.Wait()
		info := child.SyscallInfo()
		if info.Op() == tracer.SyscallInfoEntry && names.SyscallName(info.Arch(), info.Nr()) == name {
			return
		}
	}
}
