package explain

import (
	"fmt"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

func statusPages(word string) []Page {
	n, isNumber := numberOf(word)
	if !isNumber || n < 0 || n > 0xffffffff {
		return nil
	}
	if n == 0x7f {
		return []Page{{Title: "0x7f in the lower 8 bits of a wait status means: stopped",
			Text: "The signal of the stop stands in bits 15 to 8, and the event in bits 31 to 16. 0x7f00 would be an exit with 127."}}
	}
	stop := tracer.DecodeStatus(tracer.Status(n))
	if !happens(stop) {
		return nil
	}
	p := Page{Title: fmt.Sprintf("0x%04x is a wait status: %s", n, stop.Said())}
	if stop.Kind == tracer.ContinuedProcess { // its bits would be drawn as those of a stop
		p.Text = "SIGCONT has woken the child. Only a wait with WCONTINUED reports it, and to its parent alone."
	} else {
		p.Status = &stop
	}
	if s, ok := names.StopByName(stop.Name()); ok {
		p.Text = s.Sentence
		p.add("next", s.Next)
	}
	if or := otherwise(stop); or != "" {
		p.add("or", or)
	}
	p.add("in C", macros(stop))
	return []Page{p}
}

// happens says whether the kernel makes such a status: no signal kills whose default
// is another, and there is none above 64.
func happens(stop tracer.Stop) bool {
	if stop.Kind != tracer.Killed {
		return stop.Kind != tracer.Unknown
	}
	s, ok := names.SignalByWord(fmt.Sprint(int(stop.Signal)))
	return ok && s.Ends()
}

// otherwise is what a status can mean beside what was read from it.
func otherwise(stop tracer.Stop) string {
	switch {
	case stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP:
		return "the stop of execve, a step, a handler's beginning under steps, where no signal waits, an int3, or a syscall-stop without PTRACE_O_TRACESYSGOOD: PTRACE_GETSIGINFO tells"
	case stop.Kind == tracer.SignalDelivery && stop.Signal.Stops():
		return "a group-stop of a tracee that was not seized: then PTRACE_GETSIGINFO fails with EINVAL"
	case stop.Kind == tracer.SyscallEnter:
		return "the exit of the call: the status is the same, and PTRACE_GET_SYSCALL_INFO tells"
	}
	return ""
}

// macros are what the macros of wait(2) say of a status.
func macros(stop tracer.Stop) string {
	switch {
	case stop.Kind == tracer.ContinuedProcess:
		return "WIFCONTINUED"
	case stop.Kind == tracer.Exited:
		return fmt.Sprintf("WIFEXITED, and WEXITSTATUS is %d", stop.ExitCode)
	case stop.Kind == tracer.Killed && stop.CoreDumped:
		return fmt.Sprintf("WIFSIGNALED, WTERMSIG is %d, and WCOREDUMP is true", int(stop.Signal))
	case stop.Kind == tracer.Killed:
		return fmt.Sprintf("WIFSIGNALED, and WTERMSIG is %d", int(stop.Signal))
	case stop.SysGood:
		return "WIFSTOPPED, and WSTOPSIG is SIGTRAP|0x80"
	case stop.Event != 0:
		return fmt.Sprintf("WIFSTOPPED, WSTOPSIG is %s, and status>>16 is %s", names.SignalName(int(stop.Signal)), names.EventName(stop.Event))
	}
	return fmt.Sprintf("WIFSTOPPED, WSTOPSIG is %s, and status>>16 is 0", names.SignalName(int(stop.Signal)))
}
