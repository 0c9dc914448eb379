//go:build linux && amd64

package plain_test

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A condition is what a parent, a user or the kernel can do to a tracer that has done
// nothing wrong. This test binary makes it, in the place of the program's parent.
const condition = "PLAIN_CONDITION" // the environment variable that asks for one

// conditions begin with the command line of a program, and do not return.
var conditions = map[string]func(argv []string){
	"SIGTRAP blocked": func(argv []string) {
		runtime.LockOSThread() // a mask belongs to a thread, and execve keeps this one's
		set := unix.Sigset_t{Val: [16]uint64{1 << (unix.SIGTRAP - 1)}}
		fatal(unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil))
		fatal(syscall.Exec(argv[0], argv, os.Environ()))
	},
	"SIGCHLD ignored": func(argv []string) {
		signal.Ignore(syscall.SIGCHLD) // which execve keeps, too
		fatal(syscall.Exec(argv[0], argv, os.Environ()))
	},
	"EINTR":               func(argv []string) { meddle(argv, 0) },
	"SIGWINCH came first": func(argv []string) { meddle(argv, unix.SIGWINCH) },
	"SIGTERM came first":  func(argv []string) { meddle(argv, unix.SIGTERM) },
}

// never is the exit status for a condition that did not come about.
const never = 99

func TestMain(m *testing.M) {
	if make, ok := conditions[os.Getenv(condition)]; ok {
		os.Unsetenv(condition)
		make(os.Args[1:])
	}
	os.Exit(m.Run())
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "plain_test:", err)
		os.Exit(never)
	}
}
