package site

import (
	"strings"
	"testing"
)

// TestResultsAreShown: a step has what its request has brought. Registers and
// memory that were read are there; what the tracee wrote, and the status, come
// with the wait that tells of its stop, and an instruction is told when it is known
// what it did.
func TestResultsAreShown(t *testing.T) {
	all, _ := built(t)
	regs, memory, output, ran := 0, 0, 0, 0
	for _, r := range all {
		for i, s := range runOf(r.Events).Steps {
			lacks := func(what string) { t.Errorf("%s, step %d: %s without %s", r.ID, i+1, s.Call, what) }
			wrong := func(what string) { t.Errorf("%s, step %d: %s brings %s", r.ID, i+1, s.Call, what) }
			reads := s.request == "process_vm_readv" || s.request == "PTRACE_PEEKDATA" || s.request == "PTRACE_PEEKTEXT"
			switch {
			case s.request == "PTRACE_GETREGS" && s.Failed == "":
				regs++
				if s.Regs == nil {
					lacks("registers")
				}
			case reads && s.Failed == "":
				memory++
				if s.Memory == nil {
					lacks("memory")
				}
			}
			if s.Stop != nil && !strings.HasPrefix(s.request, "wait") {
				wrong("a status")
			}
			if s.Output != "" {
				output++
				if s.request == "PTRACE_SINGLESTEP" || s.request == "PTRACE_CONT" {
					wrong("output, before anybody has waited")
				}
			}
			if s.Ran != nil {
				ran++
				if s.request == "PTRACE_SINGLESTEP" {
					wrong("what the step has done, before it is over")
				}
			}
		}
	}
	if regs == 0 || memory == 0 || output == 0 || ran == 0 {
		t.Errorf("%d times registers, %d memory, %d output, %d instructions: nothing is tested", regs, memory, output, ran)
	}
}
