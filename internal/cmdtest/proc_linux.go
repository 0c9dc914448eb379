package cmdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Status is a field of /proc/PID/status, "" if there is none.
func Status(pid int, field string) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && name == field {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Describe is a process in a few words: its number, name and state.
func Describe(pid int) string {
	return fmt.Sprintf("%d %s %s", pid, Status(pid, "Name"), Status(pid, "State"))
}

// Gone says whether a process has ended, reaped or not.
func Gone(pid int) bool {
	state := Status(pid, "State")
	return state == "" || state[0] == 'Z'
}

// Children are the children of a process that are no zombies.
func Children(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, _ := os.ReadFile(name)
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) && fields[0] != "Z" {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// dying says whether a process is on its way out: SIGKILL waits for it, or it is in
// exit(2), as PF_EXITING of linux/sched.h among its flags says.
func dying(pid int) bool {
	const exiting, flags = 0x4, 6
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) <= flags {
		return true // it is gone
	}
	n, _ := strconv.ParseUint(fields[flags], 10, 64)
	return n&exiting != 0 || Pending(pid, syscall.SIGKILL)
}

// Tasks are the threads of a process.
func Tasks(pid int) (tids []int) {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, e := range entries {
		tid, _ := strconv.Atoi(e.Name())
		tids = append(tids, tid)
	}
	return tids
}

// OtherThreads are the threads of a process but for its first.
func OtherThreads(pid int) []int {
	return slices.DeleteFunc(Tasks(pid), func(tid int) bool { return tid == pid })
}

// WaitsIn says whether a thread of the process waits in write(2) or read(2) of
// something whose name in the kernel holds the word. Where /proc does not tell
// the name, any wait in write(2) will do.
func WaitsIn(pid int, word string) bool {
	for _, tid := range Tasks(pid) {
		dir := fmt.Sprintf("/proc/%d/task/%d/", pid, tid)
		wchan, _ := os.ReadFile(dir + "wchan")
		call, _ := os.ReadFile(dir + "syscall")
		if strings.Contains(string(wchan), word) || (len(wchan) < 2 && strings.HasPrefix(string(call), "1 ")) {
			return true
		}
	}
	return false
}

// FirstCPU is a CPU that this process may use.
func FirstCPU() string {
	list := Status(os.Getpid(), "Cpus_allowed_list")
	return list[:len(list)-len(strings.TrimLeft(list, "0123456789"))]
}
