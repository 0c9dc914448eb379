package count

import "golang.org/x/sys/unix"

// await waits until something can be reported, and leaves it to be. It says whether
// a signal of ours has come first.
func await() (interrupted bool) {
	err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT|unix.WALL|unix.WNOTHREAD, nil)
	return err == unix.EINTR
}

// thisThread is the number of the thread that calls it.
func thisThread() int { return unix.Gettid() }

// interrupt interrupts a wait of a thread of ours, see quietStops.
func interrupt(thread int) { unix.Tgkill(unix.Getpid(), thread, unix.SIGCHLD) }
