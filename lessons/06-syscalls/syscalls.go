// Package syscalls is lesson 6: from one system call to the next.
package syscalls

import (
	_ "embed" // for the source of the loop

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

//go:embed syscalls.go
var source string

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 6, Name: "syscalls", Title: "does each call stop twice?",
	Summary: "PTRACE_SYSCALL: entry and exit, strace in twenty lines, a call that is changed.",
	Minutes: 25, Goal: "write a small strace, and say which stop is which",
	Can: []string{
		"stop a program at the entry and at the exit of each call",
		"tell the two apart, where counting and rax do not",
		"read a string argument, at the end of the memory too",
		"change a call, skip it, or change its result",
		"say which calls a tracer does not see, and choose by a filter",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "pokeuser", "peekdata", "vm-read", "siginfo",
		"options", "cont", "syscall", "syscall-info", "proc"},
	Sections: []stage.Section{
		{Title: "Two calls", Run: twoCalls},
		{Title: "Which of the two", Run: whichOfTheTwo},
		{Title: "Counting goes wrong", Run: countingGoesWrong},
		{Title: "A small strace", Run: smallStrace},
		{Title: "A name at the end of the memory", Run: atThePagesEnd},
		{Title: "A call that is not made", Run: notMade},
		{Title: "Two more requests", Run: inOneRequest},
		{Title: "A call and a signal", Run: madeTwice},
		{Title: "A thousand times the time", Run: notThere},
		{Title: "One stop, for some calls", Run: byAFilter},
		{Title: "What a stop costs", Run: whatStopsCost},
		{Title: "For sandboxes", Run: forSandboxes},
	},
}

func twoCalls(s *stage.Stage) {
	s.Say(`hello64 makes two system calls, write and exit. PTRACE_SYSCALL lets it
	       run until a call begins, and the next one until that call is over.`)
	child := s.Ready(asm.Hello64)
	child.SetOptions(tracer.TraceSysGood)
	how := s.Predict("We repeat PTRACE_SYSCALL to the end. How many stops will there be?",
		stage.Answer{Text: "2", Why: "A call stops when it begins and when it is over."},
		stage.Answer{Text: "3", Why: "write stops twice. exit begins, and does not come back."},
		stage.Answer{Text: "4", Why: "Two each, but exit does not come back."})
	stops := 0
	var rows [][]any
	child.Syscall(0)
	stop := child.Wait()
	for !stop.Ended() {
		stops++
		s.Briefly(func() {
			nr := child.PeekUser(user.OrigRAX)
			rows = append(rows, []any{stops, tracer.Word(stop.Status).Hex(), int(nr), names.SyscallName(names.X8664, int64(nr)), int(child.PeekUser(user.RAX))})
			child.Syscall(0)
			stop = child.Wait()
		})
	}
	s.Table("", []stage.Column{{Name: "stop", Right: true}, {Name: "status"}, {Name: "orig_rax", Right: true}, {Name: "call"}, {Name: "rax", Right: true}}, rows)
	how.Is(stops)
}

func whichOfTheTwo(s *stage.Stage) {
	s.Say(`Entry and exit have the same status. At an entry the kernel has put -38,
	       ENOSYS, into rax. At an exit rax is the result. A program that asks for
	       a call that does not exist:`)
	child := s.Ready(asm.NoSuchCall)
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		child.Syscall(0)
		child.Wait()
	})
	entry := stage.Answer{Text: "an entry", Why: "It was the stop before. This call's result is -38 too."}
	exit := stage.Answer{Text: "an exit", Why: "The result of a call that does not exist is -38 as well, so rax tells nothing here."}
	child.PeekUser(user.RAX)
	child.Syscall(0)
	s.Briefly(func() { child.Wait() })
	child.PeekUser(user.RAX)
	which := s.Predict("rax is -38 at this stop. What is it?", entry, exit)
	info := child.SyscallInfo()
	if info.Op() == tracer.SyscallInfoExit {
		which.Is(exit)
	} else {
		which.Is(entry)
	}
	s.Say(`PTRACE_GET_SYSCALL_INFO, since Linux 5.3, says which of the two it is.
	       Before that a tracer had to count.`)
	child.End()
}

func countingGoesWrong(s *stage.Stage) {
	s.Say(`The program *again* executes itself once, asks for its process id, and
	       exits. We follow it as old tracers did: without an option, counting.`)
	child := s.Ready(asm.Again)
	entry := stage.Answer{Text: "the entry of getpid", Why: "The count says so. But this stop belongs to no call."}
	trap := stage.Answer{Text: "the SIGTRAP of execve", Why: "The kernel sends it when execve is over. Its status is the same."}
	third := s.Predict("The first two stops are the entry and exit of execve. What is the third?", entry, trap)
	var rows [][]any
	calls, wrong := 0, 0
	s.Briefly(func() {
		child.Syscall(0)
		for stop := child.Wait(); !stop.Ended(); stop = child.Wait() {
			counted := half[len(rows)%2]
			nr := child.PeekUser(user.OrigRAX)
			info := child.SigInfo()
			is := "a signal"
			if info.Code == ofACall {
				is = half[calls%2]
				calls++
			}
			rows = append(rows, []any{len(rows) + 1, tracer.Word(stop.Status).Hex(), names.SyscallName(names.X8664, int64(nr)), int(info.Code), counted, is})
			if is != counted {
				wrong++
			}
			child.Syscall(0)
		}
	})
	s.Table("", []stage.Column{{Name: "stop", Right: true}, {Name: "status"}, {Name: "call"}, {Name: "si_code", Right: true}, {Name: "counted"}, {Name: "it is"}}, rows)
	if rows[2][5] == half[0] {
		third.Is(entry)
	} else {
		third.Is(trap)
	}
	s.Note("From there on the count is wrong, at %d stops of %d. With PTRACE_O_TRACESYSGOOD the stops of calls have the status 0x857f, and this SIGTRAP has not.",
		wrong, len(rows))
}

// half names the stops of a call in turn.
var half = []string{"entry", "exit"}

// ofACall is the si_code of a syscall-stop without PTRACE_O_TRACESYSGOOD: SIGTRAP.
const ofACall = 5

func smallStrace(s *stage.Stage) {
	s.Say(`A small strace asks each stop what it is, and passes signals on, in Go:`)
	s.Function(source, "follow")
	child := s.Ready(asm.PageEnd)
	var rows [][]any
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		s.Loop(func() {
			follow(child, func(info tracer.SyscallInfo) {
				switch info.Op() {
				case tracer.SyscallInfoEntry:
					rows = append(rows, []any{names.SyscallName(info.Arch(), info.Nr()), info.Arg(0), info.Arg(1), info.Arg(2), "?"})
				case tracer.SyscallInfoExit:
					rows[len(rows)-1][4] = tracer.Word(info.Result())
				}
			})
		})
	})
	s.Table("", []stage.Column{{Name: "pageend calls"}, {Name: "rdi"}, {Name: "rsi"}, {Name: "rdx"}, {Name: "result", Right: true}}, rows)
}

func follow(child *stage.Child, told func(tracer.SyscallInfo)) {
	child.Syscall(0)
	for stop := child.Wait(); !stop.Ended(); stop = child.Wait() {
		info, deliver := child.SyscallInfo(), stop.Signal
		if info.Op() != tracer.SyscallInfoNone {
			deliver = 0 // the stop of a call, and no signal
		}
		told(info)
		child.Syscall(deliver)
	}
}

// toEntry lets the child run to the entry of a call.
func toEntry(child *stage.Child, name string) tracer.SyscallInfo {
	for {
		child.Syscall(0)
		child.Wait()
		info := child.SyscallInfo()
		if info.Op() == tracer.SyscallInfoEntry && names.SyscallName(info.Arch(), info.Nr()) == name {
			return info
		}
	}
}

func atThePagesEnd(s *stage.Stage) {
	s.Say(`The first argument of open is an address. The name is in the tracee's
	       memory, and ends in a zero byte. Here that byte is the last one of a
	       page, and behind the page there is nothing.`)
	child := s.Ready(asm.PageEnd)
	var open tracer.SyscallInfo
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		open = toEntry(child, "open")
	})
	name := tracer.Addr(open.Arg(0))
	rest := stage.Answer{Text: "its last 6 and two zeros", Why: "There is no byte behind the page, not even a zero."}
	none := stage.Answer{Text: "an error", Why: "A word is read whole or not at all, and two of its bytes are not there."}
	second := s.Predict("The name has 14 bytes. We read words of 8. What does the second bring?", rest, none)
	child.PeekData(name)
	if _, err := child.Tracee.PeekData(name + 8); err != nil {
		second.Is(none)
	} else {
		second.Is(rest)
	}
	s.Say(`A word at a multiple of 8 never crosses the end of a page. So we begin
	       at the multiple below. process_vm_readv reads what is there.`)
	child.PeekData((name + 8) &^ 7)
	child.Read(name, 14)
	child.End()
}
