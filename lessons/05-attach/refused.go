package attach

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// The sections about what is refused, and why.

func hasTracer(s *stage.Stage) {
	s.Say(`A thread has one tracer at most. ticker has one already: a thread of
	       ours.`)
	child, _ := ticking(s)
	child.Seize(0)
	_, err := s.Tracer.Attach(child.TID())
	s.Refused(child.TID(), err)
	s.Say(`gdb and strace fail in the same way on a process that is being
	       debugged. The next refusal: nobody traces itself. The number is that
	       of our process. TracerPid in section 1 named our thread that traces.`)
	us := tracer.TID(os.Getpid())
	_, err = s.Tracer.Attach(us)
	s.Refused(us, err)
	child.End()
}

func notYours(s *stage.Stage) {
	s.Say(`The kernel compares the user ids of the two, unless the one who asks has
	       a privilege. So that somebody is refused here, a child gives up all
	       its privileges, and then asks for process 1. We trace the child, and see
	       its call at its syscall-stops.`)
	var end tracer.Stop
	var call tracer.SyscallInfo
	s.Briefly(func() {
		child := s.Start(asm.Stranger, "1")
		child.Wait()
		child.SetOptions(tracer.TraceSysGood | tracer.ExitKill)
		for {
			child.Syscall(0)
			if end = child.Wait(); end.Ended() {
				return
			}
			info := child.SyscallInfo()
			if info.Op() == tracer.SyscallInfoEntry && names.SyscallName("x86-64", info.Nr()) == "ptrace" {
				call = info
			}
			if info.Op() == tracer.SyscallInfoExit && call.Op() != 0 {
				child.Asked(call, info)
				call = tracer.SyscallInfo{}
			}
		}
	})
	if end.ExitCode != 0 {
		s.Note("%s. The kernel does not say which of its reasons it was. ptwalk attach PID looks for it in /proc.", names.ErrnoName(end.ExitCode))
	} else {
		s.Note("Here it was allowed: process 1 belongs to the same user. The child has ended, and with it the tracing.")
	}
	scope := "this kernel has no Yama"
	text, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if !errors.Is(err, fs.ErrNotExist) {
		scope = "here ptrace_scope is " + strings.TrimSpace(string(text))
	}
	s.Note("The guard Yama, where there is one, refuses more. With its ptrace_scope 1 we may attach to our descendants, to a process that has named us by PR_SET_PTRACER, and with CAP_SYS_PTRACE to others. 2 asks for that capability, 3 allows nothing.")
	s.Note("On this machine: %s.", stage.Fact(scope))
}
