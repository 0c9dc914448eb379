package event

import (
	"fmt"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Syscall is what PTRACE_GET_SYSCALL_INFO has told of a stop: the entry to a system
// call, its exit, a seccomp stop, or none of these.
type Syscall struct {
	Base   `json:"-"`
	TID    tracer.TID    `json:"tid"`
	Op     string        `json:"op"`             // entry, exit, seccomp or none
	Arch   tracer.Arch   `json:"arch"`           // whose table the number is of
	Nr     int64         `json:"nr"`             // at entry
	Name   string        `json:"name,omitempty"` // of that number
	Args   []tracer.Word `json:"args,omitempty"` // at entry: six
	Result int64         `json:"result"`         // at exit: -errno where it has failed
	Failed bool          `json:"failed,omitempty"`
	Brief  bool          `json:"brief,omitempty"`
}

// NewSyscall is what an info says.
func NewSyscall(tid tracer.TID, info tracer.SyscallInfo) *Syscall {
	e := &Syscall{TID: tid, Op: "none", Arch: info.Arch()}
	switch info.Op() {
	case tracer.SyscallInfoEntry, tracer.SyscallInfoSeccomp:
		e.Op = "entry"
		if info.Op() == tracer.SyscallInfoSeccomp {
			e.Op = "seccomp"
		}
		e.Nr = info.Nr()
		e.Name = names.SyscallName(e.Arch, e.Nr)
		for n := range 6 {
			e.Args = append(e.Args, info.Arg(n))
		}
	case tracer.SyscallInfoExit:
		e.Op, e.Result, e.Failed = "exit", info.Result(), info.IsError()
	}
	return e
}

// Text is the stop in a few words.
func (e *Syscall) Text(sp Speller) string {
	switch {
	case e.Op == "exit" && e.Failed:
		return fmt.Sprintf("exit of a system call, result %d: %s", e.Result, names.ErrnoName(int(-e.Result)))
	case e.Op == "exit":
		return fmt.Sprintf("exit of a system call, result %v", sp.Word(tracer.Word(e.Result)))
	case e.Args == nil:
		return "no system call"
	}
	name := e.Name
	if name == "" {
		name = "which has no name"
	}
	var args []string
	for _, a := range e.Args {
		args = append(args, sp.Word(a))
	}
	return fmt.Sprintf("%s of call %d of %s, %s: %s", e.Op, e.Nr, e.Arch, name, strings.Join(args, ", "))
}
