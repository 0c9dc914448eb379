// Package traceme is lesson 1: how a program becomes a tracee.
package traceme

import (
	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 1, Name: "traceme", Title: "a program asks to be traced",
	Summary: "fork, TRACEME, exec, wait: how a debugger begins.",
	Minutes: 30, Goal: "say who stops whom, when, and who has to wait",
	Opening: `Each line that begins with a name is a result of this machine, made for
	          you now:

	          | tracer, child   a call to the kernel, who made it, what it returned
	          | kernel          what the kernel said of a stop; its bits stand below
	          | tracee          what the program wrote;   memory: what was read of it
	          | calls           the calls that the lines above them tell, by name

	          At a question, type a letter. At any prompt ? and a word explain it.
	          To go slowly, with questions of your own: *ptwalk present 1*.`,
	Can: []string{
		"start a program as your tracee: fork, TRACEME, execve, wait4",
		"read a wait status: stopped, exited or killed, and by what",
		"say where a tracee stands after execve, and why it stopped",
		"let it go on, and reap it, so that no zombie is left",
		"tell who may ask: the one thread that traces",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "siginfo", "options", "cont", "proc"},
	Sections: []stage.Section{
		{Title: "The volunteer", Run: theVolunteer},
		{Title: "The stop at execve", Run: theExecStop},
		{Title: "Let it go, and reap it", Run: letItGo},
		{Title: "TRACEME alone", Run: tracemeAlone},
		{Title: "The same in C", Run: theSameInC},
		{Title: "SIGTRAP is blocked", Run: missedTrap},
		{Title: "PTRACE_O_TRACEEXEC cannot be missed", Run: traceExec},
		{Title: "One thread asks", Run: oneThread},
	},
}

func theVolunteer(s *stage.Stage) {
	s.Say(`A debugger is an ordinary program. It asks the kernel, by the system
	       call ptrace, to look at another one. Who asks is the *tracer*. What
	       it looks at is the *tracee*, always one thread. The oldest way to
	       become one is to volunteer: a child does it between fork and execve.`)
	child := s.Start(asm.Hello64)

	yes := stage.Answer{Text: "yes", Why: "It would have, without the TRACEME."}
	no := stage.Answer{Text: "no", Why: "After execve the kernel stopped it: no instruction of hello64 has run."}
	seen := s.Predict("hello64 writes one line. Has it written it by now?", yes, no)
	stop := child.Wait()
	if stop.Ended() {
		seen.Is(yes)
		return
	}
	seen.Is(no)
	s.Note("The bits of a status in a stop: 31 to 16 are the event, 15 to 8 the signal, 6 to 0 are 0x7f. Section 3 shows the status of an end.")
	s.Note("/proc/%v/status: State %s, TracerPid %v: our thread that traces.",
		child.TID(), child.Status("State"), stage.Fact(child.Status("TracerPid")))
	s.Note("Each section ends its child, if need be by SIGKILL, signal 9. The next one starts another child, with another pid.")
	child.End()
}

func theExecStop(s *stage.Stage) {
	s.Say(`The wait status of section 1 said: stopped, by SIGTRAP. A SIGTRAP can
	       have many reasons. The siginfo tells which one it was.`)
	child := s.Ready(asm.Hello64)
	info := child.SigInfo()
	s.Note("si_code is %d, %s, and si_pid is %v, the child itself. The kernel raised it in execve, on the child's behalf.",
		info.Code, names.SICodeName(int(info.Signo), int(info.Code)), info.PID())

	s.Say(`Registers are the few variables of the processor itself. rip holds the
	       address of the next instruction, rsp that of the top of the stack,
	       rax the result of a system call, and orig_rax its number.`)
	atMain := stage.Answer{Text: "at main", Why: "hello64 has no main, and in C a lot of code runs before main."}
	atEntry := stage.Answer{Text: "at the ELF entry point", Why: "execve has built the new memory and set rip to e_entry of the file."}
	inExecve := stage.Answer{Text: "inside execve", Why: "execve is over: rax holds its result, 0."}
	place := s.Predict("Where does it stand?", atMain, atEntry, inExecve)
	regs := child.Regs("rip", "rsp", "rax", "orig_rax")
	entry := child.Entry()
	if tracer.Addr(regs.RIP) == entry {
		place.Is(atEntry)
	} else {
		place.Is(inExecve)
	}
	s.Note("rip is %v, and the ELF header says e_entry = %v.", regs.RIP, entry)
	child.End()
}

func letItGo(s *stage.Stage) {
	s.Say(`PTRACE_CONT lets the tracee run until the next stop. hello64 makes
	       none: it writes its line and exits. To *reap* it is to collect its
	       exit status by a wait. waitid with WNOWAIT waits too, and reaps
	       nothing.`)
	child := s.Ready(asm.Hello64)
	child.Cont(0)
	child.AwaitEnd()
	nothing := stage.Answer{Text: "nothing", Why: "The kernel keeps the exit status until the parent reaps its child, unless the parent ignores SIGCHLD. Ours does not."}
	zombie := stage.Answer{Text: "a zombie", Why: "That is what is left of a process until it is reaped: its pid and its exit status."}
	state := s.Predict("It has exited, and nobody has reaped it. What is left?", nothing, zombie)
	if child.Status("State") == "Z (zombie)" {
		state.Is(zombie)
	} else {
		state.Is(nothing)
	}
	s.Note("State: %s. Many small tracers forget this second wait, which reaps the child:", child.Status("State"))
	stop := child.Wait()
	s.Note("The exit status is %d, and that is no error. hello64 has put it into edi as the file of its write, standard output. exit finds it there.", stop.ExitCode)
	s.Say(`These three sections are a first evening. For a second one, *ptwalk 1.4*
	       begins at section 4.`)
}

func tracemeAlone(s *stage.Stage) {
	s.Say(`Some texts say that after TRACEME every instruction stops. exits7 is a
	       C program. An execve starts it, as always. Then it calls TRACEME, and
	       no execve follows:`)
	s.Source(asm.Exits7, "SYS_ptrace", "return")
	seen := s.Predict("How often will the parent see it stopped?",
		stage.Answer{Text: "0", Why: "TRACEME changes who is told of stops. It makes none."},
		stage.Answer{Text: "1", Why: "That would be the stop of an execve, and the only one was before the TRACEME."},
		stage.Answer{Text: "at every instruction", Why: "Nobody has asked for PTRACE_SINGLESTEP."})
	child := s.Spawn(asm.Exits7)
	stops := 0
	stop := child.Wait()
	for !stop.Ended() {
		stops++
		child.Cont(0)
		stop = child.Wait()
	}
	seen.Is(stops)
	if stop.ExitCode == 7 {
		child.Volunteered()
		s.Note("This request stands last, though it was made before the end: we know of it by the exit status, which is 7 only if ptrace has returned 0. So exits7 was a tracee, ran, and was gone.")
	}
}

func theSameInC(s *stage.Stage) {
	s.Say(`Until now our Go code made the TRACEME. Here the program does it by
	       itself, as in every C text on ptrace:`)
	s.Source(asm.Volunteer, "SYS_ptrace", "SYS_execve")
	child := s.Spawn(asm.Volunteer)
	child.Wait()
	child.Volunteered()
	s.Note("We did not see this request, nor the execve behind it, the second in the listing. The stop proves both: that execve raised a SIGTRAP, and without a TRACEME none is raised.")
	child.Cont(0)
	child.Wait()
}

func missedTrap(s *stage.Stage) {
	s.Say(`The SIGTRAP of execve is an ordinary signal, sent by the kernel to
	       the thread. So what a program may do to a signal works on it too.
	       This one blocks SIGTRAP before it execs:`)
	s.Source(asm.Blocker, "SIG_BLOCK", "SIG_BLOCK")
	child := s.Spawn(asm.Blocker)
	yes := stage.Answer{Text: "yes", Why: "A blocked signal waits. It is delivered when it is unblocked, and only a delivery stops."}
	no := stage.Answer{Text: "no", Why: "The signal is blocked, so it waits until the program ends."}
	seen := s.Predict("Does the parent see the stop?", yes, no)
	stop := child.Wait()
	if stop.Ended() {
		seen.Is(no)
		if stop.ExitCode == 3 {
			child.Volunteered()
		}
		s.Note("It ran to its end, and its exit status %d says that the TRACEME was granted and the execve went well. No tracer saw it.", stop.ExitCode)
		return
	}
	seen.Is(yes)
}

func traceExec(s *stage.Stage) {
	s.Say(`The cure is an option. With PTRACE_O_TRACEEXEC the kernel reports
	       execve by a stop of its own, which no mask can hold back. Options
	       need a stopped tracee, so this time the program stops itself first.`)
	child := s.Spawn(asm.Blocker, "stop")
	s.Briefly(func() { child.Wait() })
	child.Volunteered()
	child.SetOptions(tracer.TraceExec)
	child.Cont(0)
	stop := child.Wait()
	if stop.Ended() {
		s.Note("This kernel made no PTRACE_EVENT_EXEC stop.")
		return
	}
	rax := child.PeekUser(user.RAX)
	s.Note("The event is in bits 31 to 16. rax is %v, -ENOSYS: the kernel puts that there at the entry to a call, in case no call has the number. This stop is inside execve, before the result.", rax)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
}

func oneThread(s *stage.Stage) {
	s.Say(`The kernel does not remember a tracing *process*. It remembers the
	       one thread that forked the child. We break the rule on purpose: a
	       second thread of ours asks for ORIG_RAX, a word of the child's
	       registers. Lesson 2 is about that request.`)
	child := s.Ready(asm.Hello64)
	answer := s.Predict("What does PTRACE_PEEKUSER answer to the other thread?",
		stage.Answer{Text: "59", Why: "That is what the tracer's own thread gets."},
		stage.Answer{Text: "EPERM", Why: "EPERM would say: you may not. The kernel says: you have no such tracee."},
		stage.Answer{Text: "ESRCH", Why: "No such process: not a tracee of this thread."})
	var err error
	s.Elsewhere(func() { _, err = child.Tracee.PeekUser(user.OrigRAX) })
	answer.Is(stage.ErrnoName(err))
	child.PeekUser(user.OrigRAX)
	s.Say(`The same request from the right thread is answered. In Go the rule
	       means runtime.LockOSThread; in C it means one thread for all of it.`)
	child.End()
	s.Say(`A tracee is a thread, too: of a program with five threads each one is
	       attached, stopped and asked by itself. Lesson 5 does that.`)
}
