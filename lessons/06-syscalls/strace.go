package syscalls

import (
	_ "embed"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

//go:embed strace.go
var source string

// The sections about following calls: counting them, naming them, reading them.

// kinds are the words for the op of PTRACE_GET_SYSCALL_INFO.
var kinds = map[int]string{tracer.SyscallInfoNone: "none", tracer.SyscallInfoEntry: "entry", tracer.SyscallInfoExit: "exit"}

func countingGoesWrong(s *stage.Stage) {
	s.Say(`again executes itself once, asks for its number, and exits. We follow it
	       as old tracers did: without an option, and counting entry, exit,
	       entry, exit.`)
	child := s.Ready(asm.Again)
	entry := stage.Answer{Text: "the entry of getpid", Why: "The stop before was the exit of execve. But this stop belongs to no call."}
	trap := stage.Answer{Text: "the SIGTRAP of execve", Why: "It comes when execve is over, and looks like one of its stops."}
	third := s.Predict("The first two stops are the entry and exit of execve. What is the third?", entry, trap)
	var rows [][]any
	wrong, thirdKind := 0, tracer.SyscallInfoEntry
	s.Briefly(func() {
		for counted := tracer.SyscallInfoEntry; ; counted = tracer.SyscallInfoEntry + tracer.SyscallInfoExit - counted {
			child.Syscall(0)
			stop := child.Wait()
			if stop.Ended() {
				return
			}
			info := child.SyscallInfo()
			nr := child.PeekUser(user.OrigRAX)
			rows = append(rows, []any{len(rows) + 1, stop.Status, names.SyscallName(names.X8664, int64(nr)), kinds[counted], kinds[info.Op()]})
			if info.Op() != counted {
				wrong++
			}
			if len(rows) == 3 {
				thirdKind = info.Op()
			}
		}
	})
	s.Table("", []stage.Column{{Name: "stop", Right: true}, {Name: "status"}, {Name: "call"}, {Name: "counted"}, {Name: "it is"}}, rows)
	if thirdKind == tracer.SyscallInfoNone {
		third.Is(trap)
	} else {
		third.Is(entry)
	}
	s.Note("From there on the count is wrong: at %d of %d stops. PTRACE_O_TRACESYSGOOD sets bit 7 in the signal of syscall-stops, 0x857f, so that this SIGTRAP is none.",
		wrong, len(rows))
	s.Say(`A new child is the other trap for counters: its first syscall-stop is
	       an entry, though its parent is inside a fork.`)
}

func smallStrace(s *stage.Stage) {
	s.Say(`A small strace asks each stop what it is, and passes signals on:`)
	s.Function(source, "follow")
	child := s.Ready(asm.HelloC)
	var rows [][]any
	s.Briefly(func() {
		child.SetOptions(tracer.TraceSysGood)
		s.Loop(func() {
			follow(child, func(info tracer.SyscallInfo) {
				switch info.Op() {
				case tracer.SyscallInfoEntry:
					rows = append(rows, []any{names.SyscallName(info.Arch(), info.Nr()), info.Arg(0), info.Arg(1), info.Arg(2), "?"})
				case tracer.SyscallInfoExit:
					rows[len(rows)-1][4] = int(info.Result())
				}
			})
		})
	})
	s.Table("", []stage.Column{{Name: "helloc calls"}, {Name: "rdi"}, {Name: "rsi"}, {Name: "rdx"}, {Name: "result", Right: true}}, rows)
}

func follow(child *stage.Child, told func(tracer.SyscallInfo)) {
	child.Syscall(0)
	for stop := child.Wait(); !stop.Ended(); stop = child.Wait() {
		info := child.SyscallInfo()
		told(info)
		if info.Op() == tracer.SyscallInfoNone {
			child.Syscall(stop.Signal)
		} else {
			child.Syscall(0)
		}
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
