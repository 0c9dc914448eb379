package stage

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// stopHere sends SIGSTOP to this very thread, so that the call does not return
// before the process has been continued.
func stopHere() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGSTOP)
}

// orphaned says whether nobody in the session, outside the process group, is an
// ancestor of pid: POSIX, "orphaned process group".
func orphaned(pid int) bool {
	group, err := unix.Getpgid(pid)
	if err != nil {
		return true
	}
	session, _ := unix.Getsid(pid)
	for {
		pid = parent(pid)
		if above, err := unix.Getsid(pid); pid == 0 || err != nil || above != session {
			return true
		}
		if its, _ := unix.Getpgid(pid); its != group {
			return false
		}
	}
}

// parent is the parent's pid, or 0. In /proc/PID/stat it is the second field
// after the name, which may hold any character and ends at the last bracket.
func parent(pid int) (ppid int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	var state string
	fmt.Sscan(string(text[strings.LastIndexByte(string(text), ')')+1:]), &state, &ppid)
	return ppid
}
