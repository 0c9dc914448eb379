package supervise

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
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

// parent is the parent's pid, or 0.
func parent(pid int) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return parentIn(string(text))
}

// parentIn reads the second field after the name, which may hold any character
// and ends at the last bracket.
func parentIn(stat string) int {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	ppid, err := strconv.ParseUint(fields[1], 10, 31)
	if err != nil {
		return 0
	}
	return int(ppid)
}
