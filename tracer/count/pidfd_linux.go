package count

import (
	"golang.org/x/sys/unix"

	"ptwalk/tracer"
)

// pidfd is a process that can be sent a signal without a race. fd is -1 where
// the kernel has no pidfd_open(2), before Linux 5.3, or where too few descriptors are
// left for it; then the number is used.
type pidfd struct {
	pid tracer.TID
	fd  int
}

// spare is how many descriptors stay free for what is read in /proc.
const spare = 12

func openPidfd(pid tracer.TID) pidfd {
	fd, err := unix.PidfdOpen(int(pid), 0)
	if err != nil {
		return pidfd{pid, -1}
	}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil && uint64(fd+spare) >= limit.Cur {
		unix.Close(fd)
		fd = -1
	}
	return pidfd{pid, fd}
}

func (p pidfd) send(sig tracer.Signal) {
	if p.fd >= 0 {
		unix.PidfdSendSignal(p.fd, unix.Signal(sig), nil, 0)
		return
	}
	unix.Kill(int(p.pid), unix.Signal(sig))
}

func (p pidfd) close() {
	if p.fd >= 0 {
		unix.Close(p.fd)
	}
}
