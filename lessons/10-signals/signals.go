// Package signals is lesson 10: a signal on its way to a program.
package signals

import (
	"math/bits"
	"strings"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 10, Name: "signals", Title: "does an ignored signal stop?",
	Summary: "Delivery, the mask and the queue, siginfo, group-stop and LISTEN, SIGKILL.",
	Minutes: 25, Goal: "say what becomes of a signal that a tracee gets, and decide it",
	Can: []string{
		"say which signals stop a tracee, and when: ignored, blocked, queued",
		"deliver another signal, or the same one with another sender",
		"read and write the signal mask, and list what waits",
		"tell a group-stop from a delivery, and keep it by LISTEN",
		"say what SIGKILL leaves to a tracer, and why not PTRACE_KILL",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "options", "cont", "singlestep", "attach",
		"seize", "proc", "proc-mem"},
	Sections: []stage.Section{
		{Title: "An ignored signal", Run: ignored},
		{Title: "A blocked signal", Run: blocked},
		{Title: "What waits", Run: queued},
		{Title: "Which comes first", Run: order},
		{Title: "Another signal, another sender", Run: another},
		{Title: "Into the handler", Run: intoTheHandler},
		{Title: "Whose SIGSTOP", Run: whoseStop},
		{Title: "A stop that lasts", Run: lasting},
		{Title: "SIGKILL", Run: killed},
		{Title: "PTRACE_KILL", Run: oldKill},
	},
}

// realTime is a signal that is queued each time.
const realTime = tracer.Signal(34)

func ignored(s *stage.Stage) {
	s.Say(`deaf ignores SIGUSR1, and then sends it to itself.`)
	s.Source(asm.Deaf, "SYS_rt_sigaction", "SYS_kill")
	child := s.Ready(asm.Deaf)
	ends := stage.Answer{Text: "the end", Why: "So it is without a tracer: the kernel drops an ignored signal at once."}
	stops := stage.Answer{Text: "a stop by SIGUSR1", Why: "Without a tracer the kernel drops it at once. With one, the tracer decides first: it may deliver another."}
	next := s.Predict("We restart it. What does wait4 report?", ends, stops)
	child.Cont(0)
	if stop := child.Wait(); stop.Ended() {
		next.Is(ends)
		return
	}
	next.Is(stops)
	s.Say(`We pass it on, and now it is ignored:`)
	child.Cont(tracer.SIGUSR1)
	child.Wait()
}

func blocked(s *stage.Stage) {
	s.Say(`told installs a handler for SIGUSR1, and sends it to itself. Before it
	       begins we block all signals for it: a set of 64 bits.`)
	child := s.Ready(asm.Told)
	child.SetSigMask(^tracer.SigSet(0))
	mask := child.SigMask()
	s.Note("The set is %s, where signal 1 is the lowest bit. It has %d signals. The kernel has taken out SIGKILL, 9, and SIGSTOP, 19: they cannot be blocked.",
		tracer.Word(mask).Hex(), bits.OnesCount64(uint64(mask)))
	stops := stage.Answer{Text: "a stop by SIGUSR1", Why: "An ignored signal stops. A blocked one waits, and stops when it is unblocked."}
	ends := stage.Answer{Text: "the end", Why: "It waits. A stop is made when a signal is delivered, and this one never is."}
	next := s.Predict("We restart it. It sends itself the signal. What is next?", stops, ends)
	child.Cont(0)
	if child.Wait().Ended() {
		next.Is(ends)
	} else {
		next.Is(stops)
	}
}

// block blocks what told has a handler for, and sends signals: 34 twice, SIGUSR1
// three times.
func block(child *stage.Child) {
	child.SetSigMask(tracer.SigSet(0).With(tracer.SIGUSR1).With(realTime))
	for _, sig := range []tracer.Signal{realTime, realTime, tracer.SIGUSR1, tracer.SIGUSR1, tracer.SIGUSR1} {
		child.Signal(sig)
	}
}

func queued(s *stage.Stage) {
	s.Say(`We block SIGUSR1 and signal 34, a real-time signal. Then we send 34
	       twice, and SIGUSR1 three times.`)
	child := s.Ready(asm.Told, "unblocks")
	s.Briefly(func() { block(child) })
	five := stage.Answer{Text: "5", Why: "34 is queued each time. A standard signal that waits already is not queued again."}
	three := stage.Answer{Text: "3", Why: "34 is queued each time. A standard signal that waits already is not queued again."}
	two := stage.Answer{Text: "2", Why: "Real-time signals, from 32 up, are queued each time."}
	number := s.Predict("How many signals wait for it now?", five, three, two)
	own := child.PeekSigInfo(0, 0, 8)
	infos := child.PeekSigInfo(0, tracer.PeekShared, 8)
	var rows [][]any
	for i, info := range infos {
		rows = append(rows, []any{i, int(info.Signo), info.CodeName(), info.PID()})
	}
	s.Table("", []stage.Column{{Name: "offset", Right: true}, {Name: "signal", Right: true}, {Name: "si_code"}, {Name: "si_pid"}}, rows)
	number.Is(len(own) + len(infos))
	s.Note("There are two queues. That of the thread has %d: kill sends to the process, and any of its threads may take it. tgkill sends to one.", len(own))
	child.End()
}

func order(s *stage.Stage) {
	s.Say(`The same again. Now told installs a handler for both, and then unblocks
	       all signals. Each one that stops is passed on.`)
	child := s.Ready(asm.Told, "unblocks")
	s.Briefly(func() { block(child) })
	var stop tracer.Stop
	s.Briefly(func() {
		child.Cont(0)
		stop = child.Wait()
	})
	s.Note("34 was sent first, and %d is delivered first: the lowest number.", int(stop.Signal))
	prints := s.Predict("The handlers print. Whose line is the first?",
		stage.Answer{Text: "10", Why: "It was delivered first. But the next signal interrupts its handler before the first instruction."},
		stage.Answer{Text: "34", Why: "It interrupts the handler of 10 before its first instruction. 10 comes last of all."})
	rows, printed := [][]any{}, ""
	s.Briefly(func() {
		for !stop.Ended() {
			rows = append(rows, []any{int(stop.Signal), child.Where(tracer.Addr(child.PeekUser(user.RIP)))})
			child.Cont(stop.Signal)
			stop = child.Wait()
			printed += child.Printed()
		}
	})
	s.Table("", []stage.Column{{Name: "delivered", Right: true}, {Name: "rip is in"}}, rows)
	prints.Is(printed[:2])
}

func another(s *stage.Stage) {
	s.Say(`told sends itself SIGUSR1. We restart it with SIGUSR2 instead.`)
	child := atSignal(s)
	itself := stage.Answer{Text: "told itself", Why: "It has sent a signal, but not this one."}
	us := stage.Answer{Text: "another", Why: "It is us. For a signal that is not the one that stopped, the kernel writes a siginfo as if the tracer had sent it."}
	from := s.Predict("Who has sent it, as the handler is told?", itself, us)
	child.Cont(tracer.SIGUSR2)
	s.Briefly(func() { child.Wait() })
	if strings.Contains(child.Printed(), "itself") {
		from.Is(itself)
	} else {
		from.Is(us)
	}
	s.Say(`The same signal with another siginfo: we write 1 as the sender's pid.`)
	child = atSignal(s)
	info := child.SigInfo()
	info.SetPID(1)
	child.SetSigInfo(info)
	child.Cont(tracer.SIGUSR1)
	s.Briefly(func() { child.Wait() })
}

// atSignal starts told and lets it run to the stop by its SIGUSR1.
func atSignal(s *stage.Stage) *stage.Child {
	child := s.Ready(asm.Told)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
	return child
}
