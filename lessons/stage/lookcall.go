package stage

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// blockedIn is the system call that a thread waits in although it does not stop,
// and the child that a vfork waits for; "" if /proc does not tell. Registers
// cannot say it: a thread gives them to its tracer at a stop alone.
func blockedIn(pid int, tid tracer.TID) string {
	dir := fmt.Sprintf("/proc/%d/task/%d/", pid, tid)
	text, err := os.ReadFile(dir + "syscall")
	if err != nil {
		return ""
	}
	children, _ := os.ReadFile(dir + "children")
	return parseBlockedIn(string(text), string(children), archOfProcess(pid))
}

// parseBlockedIn reads proc_pid_syscall(5): the number and the arguments of the
// call, or "running", or -1.
func parseBlockedIn(text, children string, arch tracer.Arch) string {
	const cloneVfork = 0x4000
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return ""
	}
	nr, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil || nr < 0 {
		return ""
	}
	name := names.SyscallName(arch, nr)
	flags, _ := strconv.ParseUint(fields[1], 0, 64)
	born := strings.Fields(children)
	if len(born) > 0 && (name == "vfork" || name == "clone3" || name == "clone" && flags&cloneVfork != 0) {
		return name + ", waits for " + born[len(born)-1]
	}
	return name
}

// archOfProcess is the architecture of the program that a process runs, by the
// class of its ELF file.
func archOfProcess(pid int) tracer.Arch {
	f, err := os.Open(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 5)
	if _, err := f.Read(head); err != nil {
		return ""
	}
	if head[4] == 1 { // ELFCLASS32
		return tracer.I386
	}
	return tracer.X8664
}
