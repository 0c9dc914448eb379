// Package syscalls is lesson 6: from one system call to the next.
package syscalls

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

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
		{Title: "Requests made for it", Run: inOneRequest},
		{Title: "A call that is made twice", Run: madeTwice},
		{Title: "Calls that are not there", Run: notThere},
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
			rows = append(rows, []any{stops, stop.Status, int(nr), names.SyscallName(names.X8664, int64(nr)), int(child.PeekUser(user.RAX))})
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
