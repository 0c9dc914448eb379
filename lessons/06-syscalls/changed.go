package syscalls

import (
	"fmt"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// The sections about calls that are changed, repeated, avoided and chosen.

// noCall is a number that no call has: the kernel makes none.
const noCall = ^tracer.Word(0)

func notMade(s *stage.Stage) {
	s.Say(`selfkill asks the kernel to kill it. At the entry the call is not made
	       yet. We write -1, the number of no call, into orig_rax.`)
	child := s.Ready(asm.SelfKill)
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		toEntry(child, "kill")
	})
	child.PokeUser(user.OrigRAX, noCall)
	zero := stage.Answer{Text: "0, as if it had worked", Why: "Nobody has written a 0. rax still holds what the kernel put there at the entry."}
	enosys := stage.Answer{Text: "-38, ENOSYS", Why: "The kernel had put it into rax at the entry, and no call has written another result."}
	told := s.Predict("It lives. Which result does the program get?", zero, enosys)
	s.Briefly(func() {
		child.Syscall(0)
		child.Wait()
	})
	if rax := child.PeekUser(user.RAX); rax == 0 {
		told.Is(zero)
	} else {
		told.Is(enosys)
	}
	s.Say(`At the exit we can write any result. 0 says that the kill has worked.`)
	child.PokeUser(user.RAX, 0)
	child.Cont(0)
	child.Wait()
	inOneRequest(s)
}

// inOneRequest skips the call once more, by the request that is made for it.
func inOneRequest(s *stage.Stage) {
	child := s.Ready(asm.SelfKill)
	var kill tracer.SyscallInfo
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		kill = toEntry(child, "kill")
	})
	kill.SetNr(-1)
	if err := child.Tracee.SetSyscallInfo(kill); err != nil {
		s.Note("PTRACE_SET_SYSCALL_INFO does the same since Linux 6.16. This kernel answers %s.", stage.ErrnoName(err))
	}
	child.End()
}

func madeTwice(s *stage.Stage) {
	s.Say(`patient waits in read. We send it SIGUSR1, for which it has a handler.`)
	child := s.Ready(asm.Patient)
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		toEntry(child, "read")
		child.Syscall(0)
		child.AwaitState("S")
	})
	child.Signal(tracer.SIGUSR1)
	s.Briefly(func() { child.Wait() })
	rax := int64(child.PeekUser(user.RAX))
	once := stage.Answer{Text: "1, it failed", Why: "The program would have to make it again itself."}
	twice := stage.Answer{Text: "2", Why: "After the handler the kernel sets rip back to the instruction, and the call is made anew."}
	times := s.Predict(fmt.Sprintf("rax is %d. No program ever sees this. How often does read begin?", rax), once, twice)
	begins := 1
	var rows [][]any
	s.Briefly(func() {
		s.Loop(func() {
			follow(child, func(info tracer.SyscallInfo) {
				if info.Op() == tracer.SyscallInfoEntry {
					name := names.SyscallName(info.Arch(), info.Nr())
					if name == "read" {
						begins++
					}
					rows = append(rows, []any{name})
				}
			})
		})
	})
	s.Table("", []stage.Column{{Name: "after that"}}, rows)
	if begins == 2 {
		times.Is(twice)
	} else {
		times.Is(once)
	}
	s.Note("%d is ERESTARTSYS, the kernel's mark for itself. With SA_RESTART the call begins again. Without it, the program gets EINTR.", rax)
}

func notThere(s *stage.Stage) {
	s.Say(`clock asks for the time a thousand times, by clock_gettime, call 228.`)
	child := s.Ready(asm.Clock)
	none := stage.Answer{Text: "none", Why: "The C library calls the vDSO, code of the kernel in the program's own memory."}
	all := stage.Answer{Text: "1000", Why: "Each time is read without the kernel's help, or is it? Here it was not."}
	seen := s.Predict("How many of them does the tracer see?", none, stage.Answer{Text: "1", Why: "Nothing is kept: each of them reads the time anew."}, all)
	count := map[string]int{}
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		s.Loop(func() {
			follow(child, func(info tracer.SyscallInfo) {
				if info.Op() == tracer.SyscallInfoEntry {
					count[names.SyscallName(info.Arch(), info.Nr())]++
				}
			})
		})
	})
	var rows [][]any
	for _, name := range []string{"arch_prctl", "set_tid_address", "clock_gettime", "exit_group"} {
		rows = append(rows, []any{name, count[name]})
	}
	s.Table("", []stage.Column{{Name: "call"}, {Name: "entries", Right: true}}, rows)
	switch count["clock_gettime"] {
	case 0:
		seen.Is(none)
	default:
		seen.Is(all)
	}
}

func byAFilter(s *stage.Stage) {
	s.Say(`filtered calls getpid and getppid in turn, 300 times each. With a filter
	       of seccomp it asks its tracer about getppid alone.`)
	two := stage.Answer{Text: "300", Why: "One for each getppid. The call begins when the tracer lets it."}
	four := stage.Answer{Text: "600", Why: "PTRACE_SYSCALL would stop twice. A filter asks once."}
	child := s.Ready(asm.Filtered, "filter")
	child.SetOptions(tracer.TraceSeccomp)
	stops := s.Predict("We repeat PTRACE_CONT. How many stops are there?", two, four)
	child.Cont(0)
	child.Wait()
	child.EventMsg()
	n := 1
	s.Briefly(func() {
		s.Loop(func() {
			for {
				child.Cont(0)
				if child.Wait().Ended() {
					return
				}
				n++
			}
		})
	})
	stops.Is(n)
}
