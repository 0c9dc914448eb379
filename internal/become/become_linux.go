// Package become makes a process into a tracer or a tracee of a certain kind: of
// another user, without a capability, under a seccomp filter, on a machine that
// shows other values in /proc. Its program, become, changes itself, change after
// change, and then runs a command in its place:
//
//	become uid=65534 filter=1 -- ptwalk attach 4211
//
// A change that stays, as stay or crowd, makes it a process to attach to.
package become

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"ptwalk/internal/seccomptest"
)

// Nobody are the changes that make an ordinary user.
const Nobody = "gid=65534 uid=65534"

// Failed is the exit status where a change cannot be made.
const Failed = 99

// changes are what become can be told to do to itself, with a number or without.
var changes = map[string]func(int) error{
	"gid": func(id int) error { return first(syscall.Setgroups(nil), syscall.Setresgid(id, id, id)) },
	"uid": func(id int) error { return syscall.Setresuid(id, id, id) },
	// As a set-user-ID program of root, started by id.
	"setuid": func(id int) error { return syscall.Setresuid(id, 0, 0) },
	// Setting an id takes the dumpable flag, which execve gives back.
	"dumpable": func(n int) error { return unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(n), 0, 0, 0) },
	"nocap":    dropCapability,
	"landlock": enterLandlock,

	"filter": func(errno int) error {
		return seccomptest.Answer(unix.SYS_PTRACE, seccomptest.Fails(unix.Errno(errno)))
	},
	"kill":     func(nr int) error { return seccomptest.Answer(uint32(nr), unix.SECCOMP_RET_KILL_PROCESS) },
	"eperm":    func(nr int) error { return seccomptest.Answer(uint32(nr), seccomptest.Fails(unix.EPERM)) },
	"request":  func(request int) error { return refuseRequests([]uint32{uint32(request)}, nil) },
	"likeyama": likeYama,
	"no32":     killI386,

	"yama":    fakeYama,
	"proc":    hideYama,
	"hidepid": hidePID,
	"noexec":  noexecTemp,
	"notemp":  func(int) error { return os.Remove(os.TempDir()) },
	"memfd":   noexecMemfd,
	"short":   shortTrue,

	"stay":    stay,
	"patient": waitForInput,
	"leave":   leave,
	"churn":   churn,
	"crowd":   crowd,
	"again":   again,
	"leaves":  leaves,
	"zombie":  zombie,
}

func init() {
	if filepath.Base(os.Args[0]) == "become" {
		runtime.LockOSThread() // what it changes belongs to its first thread
	}
}

// Main is the program.
func Main() {
	for i, word := range os.Args[1:] {
		if word == "--" {
			run := os.Args[i+2:]
			path, err := exec.LookPath(run[0])
			if err == nil {
				err = syscall.Exec(path, run, os.Environ())
			}
			fail(run[0], err)
		}
		name, value, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(value)
		if changes[name] == nil {
			fail(word, errors.New("no such change"))
		}
		if err := changes[name](n); err != nil {
			fail(word, err)
		}
	}
}

func fail(word string, err error) {
	fmt.Fprintf(os.Stderr, "become %s: %v\n", word, err)
	os.Exit(Failed)
}

// first is the first error. Each of errs was already tried.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// dropCapability takes a capability from the bounding set and from this thread.
// An execve as root gives back what the bounding set allows.
func dropCapability(bit int) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return err
	}
	data[0].Effective &^= 1 << bit
	data[0].Permitted &^= 1 << bit
	return first(unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(bit), 0, 0, 0), unix.Capset(&header, &data[0]))
}

// Capable says whether this process is root with the capabilities that the changes
// need.
func Capable() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	const all = 1<<unix.CAP_SYS_PTRACE | 1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETPCAP
	return os.Getuid() == 0 && unix.Capget(&header, &data[0]) == nil && data[0].Effective&all == all
}
