package stage

import (
	"os"

	"golang.org/x/sys/unix"
)

// drain reads what is in the pipe now, and not what others write meanwhile.
func drain(f *os.File) string {
	var text []byte
	conn, err := f.SyscallConn()
	if err != nil {
		return ""
	}
	conn.Read(func(fd uintptr) bool {
		has, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ) // FIONREAD
		if err != nil || has <= 0 {
			return true
		}
		text = make([]byte, has)
		n, _ := unix.Read(int(fd), text)
		text = text[:max(0, n)]
		return true
	})
	return string(text)
}

// KillNow sends SIGKILL from any goroutine, and tells nobody: for a timer. The
// tracer's own Wait reports the end.
func (c *Child) KillNow() { unix.Kill(int(c.TID()), unix.SIGKILL) }

// noCore keeps a child that crashes from leaving a core file.
func noCore(pid int) {
	unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
}

// thisMachine is the kernel release and the machine name of uname(2).
func thisMachine() (kernel, machine string) {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown", "unknown"
	}
	return unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
}

// OneCPU runs do while we and the child are held on one CPU. Where that is
// refused, do runs without it. See sched_setaffinity(2).
func (s *Stage) OneCPU(child *Child, do func()) {
	var mask, one unix.CPUSet
	if unix.SchedGetaffinity(0, &mask) == nil {
		for cpu := 0; one.Count() == 0 && cpu < 1024; cpu++ {
			if mask.IsSet(cpu) {
				one.Set(cpu)
			}
		}
		for _, tid := range []int{0, int(child.TID())} {
			if unix.SchedSetaffinity(tid, &one) == nil {
				defer unix.SchedSetaffinity(tid, &mask)
			}
		}
	}
	do()
}
