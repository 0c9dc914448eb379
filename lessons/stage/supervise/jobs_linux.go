package supervise

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
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
		stat, _ := procfs.StatOf(tracer.TID(pid))
		pid = stat.PPid
		if above, err := unix.Getsid(pid); pid == 0 || err != nil || above != session {
			return true
		}
		if its, _ := unix.Getpgid(pid); its != group {
			return false
		}
	}
}
