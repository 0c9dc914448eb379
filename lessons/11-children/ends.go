package children

import (
	_ "embed"
	"slices"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

//go:embed ends.go
var source string

// The sections about ends, and about many at once.

func execFromThread(s *stage.Stage) {
	s.Say(`The second thread of crew calls execve. The new program has one thread,
	       so the first has to go.`)
	first, second := two(s, asm.Crew, "execve", followed)
	s.Briefly(func() {
		first.Cont(0)
		second.Cont(0)
	})
	s.Note("%v is the first thread, %v the second.", first.TID(), second.TID())
	own := stage.Answer{Text: "its own", Why: "The new program has the number of the process, for those who wait for it. That was the first thread's."}
	leader := stage.Answer{Text: "that of the first", Why: "A process keeps its number, and that is the number of its first thread."}
	under := s.Predict("Under which number does it come back?", own, leader)
	child, stop := s.WaitAny()
	if stop.TID == second.TID() {
		under.Is(own)
	} else {
		under.Is(leader)
	}
	s.Note("The message of PTRACE_EVENT_EXEC is the number that it had: %v.", tracer.TID(child.EventMsg()))
	second.Gone()
	ends := s.Predict("Two threads were there. How many ends will wait4 tell?",
		stage.Answer{Text: "1", Why: "One thread has gone without one: the first. The second goes on under its number."},
		stage.Answer{Text: "2", Why: "The first thread has ended, but its number has not: the second has it."})
	told := 0
	s.Briefly(func() {
		toTheEnd(s, first)
		told++
		if _, err := s.Tracer.Wait(tracer.Any); err == nil {
			told++
		}
	})
	ends.Is(told)
}

func leaderEnds(s *stage.Stage) {
	s.Say(`Now the first thread ends at once, with 2, and the second lives on.
	       PTRACE_O_TRACEEXIT stops each thread on its way out.`)
	first, second := two(s, asm.Crew, "leader", followed|tracer.TraceExit)
	coming := onItsWayOut(s, first)
	s.Note("The message of PTRACE_EVENT_EXIT is the status to come, %v: 2, shifted by 8 bits.", coming.Hex())
	first.Cont(0)
	first.AwaitState("Z")
	end := stage.Answer{Text: "its end, 0x0200", Why: "It is a zombie. But it is the process as well, and that is not over."}
	nothing := stage.Answer{Text: "nothing yet", Why: "Its end is that of the process, and is told when the last thread has been reaped."}
	tells := s.Predict("It is a zombie now. What does a wait for it tell?", end, nothing)
	if _, told := first.Poll(); told {
		tells.Is(end)
	} else {
		tells.Is(nothing)
	}
	coming = onItsWayOut(s, second)
	s.Note("Now the second comes to its end, with %v.", coming.Hex())
	status := s.Predict("Which status will the process have?",
		stage.Answer{Text: "2", Why: "This kernel takes that of the first thread. Newer kernels take that of the last."},
		stage.Answer{Text: "3", Why: "The last thread decides. In older kernels it was the first."})
	s.Briefly(func() {
		toTheEnd(s, second)
		status.Is(first.Wait().ExitCode)
	})
}

// onItsWayOut lets a thread run to its PTRACE_EVENT_EXIT.
func onItsWayOut(s *stage.Stage, thread *stage.Child) (status tracer.Word) {
	s.Briefly(func() {
		thread.Cont(0)
		thread.Wait()
		status = thread.EventMsg()
	})
	return status
}

func stopAll(s *stage.Stage) {
	s.Say(`To stop a process that runs, one reads its threads in /proc/PID/task,
	       and seizes and interrupts each. breeder has two threads.`)
	first := s.Spawn(asm.Breeder)
	first.AwaitTasks(2)
	tasks := first.Tasks()
	s.Briefly(func() {
		first.Write([]byte{1}, first.Symbol("wanted"))
		first.AwaitTasks(3)
		for _, tid := range tasks {
			interrupted(first, tid)
		}
	})
	s.Note("%d threads were in the list, and all of it are stopped.", len(tasks))
	runs := s.Predict("How many threads of breeder run on?",
		stage.Answer{Text: "0", Why: "All of the list. But a list is old when it has been read."},
		stage.Answer{Text: "1", Why: "It made one between our reading and the first SEIZE: here we had told it to, by process_vm_writev."})
	running := 0
	for _, tid := range first.Tasks() {
		if first.Thread(tid).Status("State")[0] != 't' {
			running++
		}
	}
	runs.Is(running)
	s.Say(`So the list is read again until nobody in it is new. What a thread makes
	       after its SEIZE joins by itself: PTRACE_O_TRACECLONE, in the same
	       request.`)
	var rows [][]any
	s.Briefly(func() {
		for _, tid := range first.Tasks() {
			if !slices.Contains(tasks, tid) {
				interrupted(first, tid)
			}
			rows = append(rows, []any{tid, first.Thread(tid).Status("State")})
		}
	})
	s.Table("", []stage.Column{{Name: "thread"}, {Name: "state"}}, rows)
	s.EndAll()
}

// interrupted seizes a thread of a process, and stops it.
func interrupted(first *stage.Child, tid tracer.TID) {
	thread := first
	if tid != first.TID() {
		thread = first.Joined(tid)
	}
	thread.Seize(tracer.TraceClone | tracer.ExitKill)
	thread.Interrupt()
	thread.Wait()
}

func smallStrace(s *stage.Stage) {
	s.Say(`The strace of lesson 6, for all at once. It restarts whoever has stopped.`)
	s.Function(source, "follow")
	stops, of := 0, map[tracer.TID]bool{}
	s.Briefly(func() {
		parent := s.Start(asm.Family, "many")
		parent.Wait()
		parent.SetOptions(followed)
		s.Loop(func() {
			follow(s, parent, func(child *stage.Child) {
				stops++
				of[child.TID()] = true
			})
		})
	})
	s.Note("%d stops of calls, by %d processes.", stops, len(of))
}

func follow(s *stage.Stage, first *stage.Child, told func(*stage.Child)) {
	first.Syscall(0)
	for running := 1; running > 0; {
		child, stop := s.WaitAny()
		switch {
		case stop.Ended():
			running--
			continue
		case stop.Event == tracer.EventFork:
			running++
		case stop.SysGood:
			told(child)
		}
		child.Syscall(passedOn(stop))
	}
}

func returnsTwice(s *stage.Stage) {
	s.Say(`fork is called once and returns twice: in the parent with the number of
	       the child, in the child with 0.`)
	parent := s.Ready(asm.Family, "pipe")
	once := stage.Answer{Text: "1", Why: "In the parent. The child begins with a stop of its own, behind the call, and goes on to its next entry."}
	twice := stage.Answer{Text: "2", Why: "It returns in both. But the child's first stop is behind the call already: its exit has gone by."}
	exits := s.Predict("At how many exits of fork will our strace stop?", once, twice)
	calls := map[tracer.TID][][]any{}
	forks := 0
	s.Briefly(func() {
		parent.SetOptions(followed)
		s.Loop(func() {
			follow(s, parent, func(child *stage.Child) {
				info, who := child.SyscallInfo(), child.TID()
				rows := calls[who]
				if info.Op() == tracer.SyscallInfoEntry {
					calls[who] = append(rows, []any{who, names.SyscallName(info.Arch(), info.Nr()), "?"})
					return
				}
				if len(rows) == 0 || rows[len(rows)-1][1] == "fork" {
					forks++ // in a child that has called nothing yet, it can be no other
				}
				if len(rows) > 0 {
					rows[len(rows)-1][2] = result(info)
				}
			})
		})
	})
	all := calls[parent.TID()]
	delete(calls, parent.TID())
	for _, rows := range calls {
		all = append(all, rows...)
	}
	s.Table("", []stage.Column{{Name: "who"}, {Name: "calls"}, {Name: "result", Right: true}}, all)
	exits.Is(forks)
	s.Say(`So a tracer that counts entry, exit, entry is wrong from there on. The
	       rows are in order for each process. Between the two there is none.`)
}

// result is what a call has brought. A large number is that of a process here.
func result(info tracer.SyscallInfo) any {
	if n := info.Result(); n > 4 {
		return tracer.TID(n)
	}
	return tracer.Word(info.Result())
}

func tracerEnds(s *stage.Stage) {
	s.Say(`A tracer is a thread. Another thread of ours seizes ticker, stops it,
	       and ends.`)
	child := s.Spawn(asm.Ticker)
	child.AwaitCount(child.Symbol("counter"), 0)
	s.Briefly(func() { s.Elsewhere(func() { stopped(s, child, 0) }) })
	stays := stage.Answer{Text: "it stays stopped", Why: "The kernel detaches from what a tracer leaves behind, and that goes on."}
	goes := stage.Answer{Text: "it runs on", Why: "The kernel has detached from it, as PTRACE_DETACH does."}
	dies := stage.Answer{Text: "it is killed", Why: "There is an option for that. It has not been set."}
	left := s.Predict("What becomes of ticker?", stays, goes, dies)
	child.AwaitStatus("TracerPid", "0")
	switch child.Status("State")[0] {
	case 't', 'T':
		left.Is(stays)
	case 'Z':
		left.Is(dies)
	default:
		left.Is(goes)
	}
	s.Say(`That is right for a process of others. But with a planted int3, or in
	       the middle of a step, it dies soon after. For what we have started
	       ourselves there is PTRACE_O_EXITKILL:`)
	s.Elsewhere(func() { stopped(s, child, tracer.ExitKill) })
	child.Wait()
	s.Say(`The children and threads that options attach have it too. ptwalk can be
	       killed at any moment of this lesson, and leaves nobody behind.`)
}

// stopped seizes a child for a tracer of its own, and stops it.
func stopped(s *stage.Stage, child *stage.Child, options tracer.Option) {
	other := tracer.Tracer{Observer: s.Tracer.Observer}
	tracee, err := other.Seize(child.TID(), options)
	s.Must(err)
	s.Briefly(func() {
		s.Must(tracee.Interrupt())
		_, err = tracee.Wait()
		s.Must(err)
	})
}
