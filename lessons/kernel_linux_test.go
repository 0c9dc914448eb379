package lessons_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/internal/seccomptest"
)

// older is set in the environment of a test that is to see a kernel before 6.16: one
// that does not know PTRACE_SET_SYSCALL_INFO.
const older = "PTWALK_TEST_OLDER_KERNEL"

const setSyscallInfo = 0x4212

func TestMain(m *testing.M) {
	if os.Getenv(older) != "" {
		err := seccomptest.Install(seccomptest.Unless(seccomptest.AtNumber, unix.SYS_PTRACE, unix.SECCOMP_RET_ALLOW),
			seccomptest.Where(seccomptest.AtArg0, setSyscallInfo, seccomptest.Fails(unix.EIO)))
		if err != nil {
			fmt.Fprintln(os.Stderr, "seccomp:", err)
			os.Exit(1)
		}
	}
	if err := loseDebugRegisters(); err != nil {
		fmt.Fprintln(os.Stderr, "seccomp:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// setsSyscallInfo says whether the kernel knows PTRACE_SET_SYSCALL_INFO: since 6.16.
func setsSyscallInfo() bool { return os.Getenv(older) == "" && since(6, 16) }

// since says whether the kernel is as new as that.
func since(major, minor int) bool {
	var name unix.Utsname
	var is, and int
	if unix.Uname(&name) != nil {
		return false
	}
	fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &is, &and)
	return is > major || is == major && and >= minor
}

// TestGoldenOfAnOlderKernel runs lesson 6 as a kernel before 6.16 has it.
func TestGoldenOfAnOlderKernel(t *testing.T) {
	if os.Getenv(older) != "" {
		t.Skip("this is the run of it")
	}
	args := []string{"-test.run=^TestGolden$/06", "-test.count=1"}
	if *golden {
		args = append(args, "-golden")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), older+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join("06-syscalls", "testdata", "golden-before-6.16.txt")); err != nil {
		t.Error(err)
	}
}
