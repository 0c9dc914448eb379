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
	s.Say(`The program *selfkill* asks the kernel to kill it. At the entry the call is not made
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
}

func inOneRequest(s *stage.Stage) {
	s.Say(`There are requests for this alone. PTRACE_SYSEMU restarts it like
	       PTRACE_SYSCALL, but the call at which it stops will not be made.`)
	child := s.Ready(asm.SelfKill)
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		toEntry(child, "getpid")
		child.Syscall(0)
		child.Wait()
	})
	child.SysEmu(0)
	s.Briefly(func() { child.Wait() })
	exit := stage.Answer{Text: "an exit of kill", Why: "PTRACE_SYSCALL stops on the way out of the kernel, whether a call was made or not."}
	next := stage.Answer{Text: "the entry of exit", Why: "No call was made. But there is a way out of the kernel, and PTRACE_SYSCALL stops there."}
	follows := s.Predict("It stands at kill, which is not made. We ask for PTRACE_SYSCALL. Where does it stop?", exit, next)
	child.Syscall(0)
	s.Briefly(func() { child.Wait() })
	info := child.SyscallInfo()
	if info.Op() == tracer.SyscallInfoExit {
		follows.Is(exit)
	} else {
		follows.Is(next)
	}
	s.Say(`PTRACE_SET_SYSCALL_INFO, since Linux 6.16, writes what GET_SYSCALL_INFO
	       reads: a result in place of -38, on any processor.`)
	info.SetResult(0)
	if err := child.Tracee.SetSyscallInfo(info); err != nil {
		s.Note("This kernel does not have it: %s.", stage.ErrnoName(err))
	}
	child.Cont(0)
	s.Briefly(func() {
		stop := child.Wait()
		s.Note("The exit status is %d: what the program made of the result of kill.", stop.ExitCode)
	})
}

func madeTwice(s *stage.Stage) {
	s.Say(`The program *patient* waits in read. We send it SIGUSR1, for which it has a handler.`)
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
	twice := stage.Answer{Text: "2", Why: "Before the handler runs, the kernel sets the saved rip back to the instruction. After it the call is made anew."}
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
	s.Say(`The program *clock* asks for the time a thousand times, by clock_gettime, call 228.`)
	child := s.Ready(asm.Clock)
	none := stage.Answer{Text: "none", Why: "The C library calls the vDSO, code of the kernel in the program's own memory."}
	all := stage.Answer{Text: "1000", Why: "Here the vDSO cannot read this clock, and asks the kernel each time."}
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
	s.Say(`The program *filtered* calls getpid and getppid in turn, 300 times each. With a filter
	       of seccomp it asks its tracer about getppid alone.`)
	once := stage.Answer{Text: "300", Why: "One for each getppid, before it is made. Nothing stops at its exit."}
	twice := stage.Answer{Text: "600", Why: "PTRACE_SYSCALL would stop twice. A filter asks once."}
	child := s.Ready(asm.Filtered, "filter")
	child.SetOptions(tracer.TraceSeccomp)
	stops := s.Predict("We repeat PTRACE_CONT. How many stops are there?", once, twice)
	child.Cont(0)
	child.Wait()
	number := child.EventMsg()
	n := 1 + toTheEnd(s, child, child.Cont)
	if n == 2*perCall {
		stops.Is(twice)
	} else {
		stops.Is(n)
	}
	s.Note("The message, %v, is the number that the filter has given. Without a tracer that asks for them such calls fail with ENOSYS.", number)
}

// perCall is how often filtered makes each of its calls.
const perCall = 300

// toTheEnd lets the child run by one request again and again, and counts the stops.
func toTheEnd(s *stage.Stage, child *stage.Child, request func(tracer.Signal)) (stops int) {
	s.Briefly(func() {
		s.Loop(func() {
			for {
				request(0)
				if child.Wait().Ended() {
					return
				}
				stops++
			}
		})
	})
	return stops
}

func whatStopsCost(s *stage.Stage) {
	s.Say(`The same 600 calls three times: without a stop, with the stops of the
	       filter, and with two stops for each call.`)
	child := s.Ready(asm.Filtered)
	timer := child.Timer()
	toTheEnd(s, child, child.Cont)
	alone := timer()

	child = s.Ready(asm.Filtered, "filter")
	s.Briefly(func() { child.SetOptions(tracer.TraceSeccomp) })
	timer = child.Timer()
	some := toTheEnd(s, child, child.Cont)
	filtered := timer()

	child = s.Ready(asm.Filtered)
	timer = child.Timer()
	all := toTheEnd(s, child, child.Syscall)
	followed := timer()

	s.Table("", []stage.Column{{Name: "how"}, {Name: "stops", Right: true}, {Name: "times as long", Right: true}}, [][]any{
		{"PTRACE_CONT", 0, ratio(alone, alone)},
		{"PTRACE_CONT, with the filter", some, ratio(filtered, alone)},
		{"PTRACE_SYSCALL", all, ratio(followed, alone)},
	})
	s.Say(`A getpid is nothing beside a stop: each wakes the tracer, and the tracer
	       wakes the tracee. So strace has an option, --seccomp-bpf, that installs
	       a filter for the calls that it is to show.`)
}

func ratio(seconds, alone float64) stage.Fact {
	return stage.Fact(fmt.Sprintf("%.1f", seconds/alone))
}

func forSandboxes(s *stage.Stage) {
	s.Say(`Some requests serve sandboxes, and programs that save a process and
	       bring it back. What they answer depends on who asks, and on the kernel.`)
	child := s.Ready(asm.Filtered, "filter")
	var rows [][]any
	add := func(request, serves string, err error) {
		answer := "done"
		if err != nil {
			answer = stage.ErrnoName(err)
		}
		rows = append(rows, []any{request, serves, stage.Fact(answer)})
	}
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSeccomp)
		child.Cont(0)
		child.Wait()
		_, err := child.Tracee.SeccompFilterLen(0)
		add("PTRACE_SECCOMP_GET_FILTER", "the instructions of a filter", err)
		_, err = child.Tracee.SeccompGetMetadata(0)
		add("PTRACE_SECCOMP_GET_METADATA", "the flags of a filter", err)
		add("PTRACE_O_SUSPEND_SECCOMP", "switches filters off", child.Tracee.SetOptions(tracer.SuspendSeccomp))
		config, err := child.Tracee.GetSyscallUserDispatchConfig()
		add("PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", "calls handed back by SIGSYS", err)
		add("PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", "changes that", child.Tracee.SetSyscallUserDispatchConfig(config))
		add("PTRACE_SYSEMU_SINGLESTEP", "a step, and no call is made", child.Tracee.SysEmuSingleStep(0))
		child.Wait()
	})
	s.Table("", []stage.Column{{Name: "request"}, {Name: "serves"}, {Name: "answer"}}, rows)
	child.End()
}
