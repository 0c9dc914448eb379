package stage

import "golang.org/x/sys/unix"

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
