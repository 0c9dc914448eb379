package program

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// leastFiles is how many open files we need at most at one time. The Go runtime
// has no error for a process without descriptors: it dumps its stacks.
const leastFiles = 20

// TooFewFiles is a limit on open files that is too low for us, or nil. Exit is the
// status of a failure.
func TooFewFiles(exit int) *Problem {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur >= leastFiles {
		return nil
	}
	return &Problem{fmt.Sprintf("the limit of open files is %d, and ptwalk needs %d: ulimit -n %d", limit.Cur, leastFiles, leastFiles), exit}
}

// ReleaseFiles puts /dev/null in the place of files that are the program's alone.
// Where a pipe's other end waits for the program to close it, our copy would
// keep it open.
func ReleaseFiles(files ...*os.File) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer null.Close()
	for _, f := range files {
		unix.Dup3(int(null.Fd()), int(f.Fd()), 0)
	}
}

// mayExecute asks the kernel, which knows of modes, folders and mounts.
func mayExecute(path string) bool { return unix.Access(path, unix.X_OK) == nil }
