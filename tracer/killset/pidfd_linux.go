package killset

import (
	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// pidfd is a process that can be sent a signal without a race. fd is -1 where
// the kernel has no pidfd_open(2), before Linux 5.3, or where too few descriptors
// are left for it; then the number is used.
type pidfd struct {
	pid tracer.TID
	fd  int
}

func openPidfd(pid tracer.TID, spare int) pidfd {
	fd, err := unix.PidfdOpen(int(pid), 0)
	if err != nil {
		return pidfd{pid, -1}
	}
	var limit unix.Rlimit
	if spare > 0 && unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil && uint64(fd+spare) >= limit.Cur {
		unix.Close(fd)
		fd = -1
	}
	return pidfd{pid, fd}
}

// send takes the number where there is no pidfd, and where a filter knows kill(2)
// and not pidfd_send_signal(2).
func (p pidfd) send(sig tracer.Signal) {
	if p.fd >= 0 {
		if err := unix.PidfdSendSignal(p.fd, unix.Signal(sig), nil, 0); err == nil || err == unix.ESRCH {
			return
		}
	}
	unix.Kill(int(p.pid), unix.Signal(sig))
}

func (p pidfd) close() {
	if p.fd >= 0 {
		unix.Close(p.fd)
	}
}

// reaped reaps a child that has ended, and says whether there is nothing more to
// reap. See waitid(2).
func reaped(pid tracer.TID) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, int(pid), &info, unix.WEXITED|unix.WNOHANG|unix.WALL, nil)
	return err == unix.ECHILD || err == nil && info.Signo != 0
}
