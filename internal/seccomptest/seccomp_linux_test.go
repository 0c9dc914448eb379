package seccomptest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// The test binary is also the process that is filtered: a filter stays.
func TestMain(m *testing.M) {
	switch os.Getenv("PTWALK_SECCOMPTEST") {
	case "":
		os.Exit(m.Run())
	case "answer":
		must(Answer(unix.SYS_GETPRIORITY, Fails(unix.ENOTTY)))
	case "parts":
		must(Install(Unless(AtNumber, unix.SYS_GETPRIORITY, unix.SECCOMP_RET_ALLOW), Where(AtArg0, 1, Fails(unix.EDOM))))
	}
	fmt.Println(int(priority(0)), int(priority(1)))
}

// priority is what the kernel says to getpriority(which, 0).
func priority(which uintptr) syscall.Errno {
	_, _, errno := unix.Syscall(unix.SYS_GETPRIORITY, which, 0, 0)
	return errno
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func TestFilters(t *testing.T) {
	for which, want := range map[string]string{
		"nothing": "0 0",
		"answer":  fmt.Sprintf("%d %d", int(unix.ENOTTY), int(unix.ENOTTY)),
		"parts":   fmt.Sprintf("0 %d", int(unix.EDOM)),
	} {
		cmd := exec.Command("/proc/self/exe")
		cmd.Env = []string{"PTWALK_SECCOMPTEST=" + which}
		out, err := cmd.Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s: the errnos are %s, %v, want %s", which, got, err, want)
		}
	}
}
