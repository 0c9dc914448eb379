package lessons_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/internal/seccomptest"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// pokesAnswer is set in the environment of a test that is to see a machine without
// debug registers: to the errno of PTRACE_POKEUSER. 0 says that it is content, and
// writes nothing.
const pokesAnswer = "PTWALK_TEST_POKEUSER_ANSWERS"

func loseDebugRegisters() error {
	text, set := os.LookupEnv(pokesAnswer)
	if !set {
		return nil
	}
	errno, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	return seccomptest.Install(seccomptest.Unless(seccomptest.AtNumber, unix.SYS_PTRACE, unix.SECCOMP_RET_ALLOW),
		seccomptest.Where(seccomptest.AtArg0, unix.PTRACE_POKEUSR, seccomptest.Fails(syscall.Errno(errno))))
}

// TestWithoutDebugRegisters runs lesson 9 where they are taken, may not be set, or do
// nothing. It is refused with a diagnosis, before it says what is not so.
func TestWithoutDebugRegisters(t *testing.T) {
	if _, set := os.LookupEnv(pokesAnswer); set {
		l, _ := lessons.Find("watchpoints")
		fmt.Println("refused:", stage.Walk([]*stage.Lesson{l}, stage.Options{}))
		return
	}
	for errno, says := range map[syscall.Errno]string{
		unix.ENOSPC: "in use by somebody else",
		unix.EIO:    "does not let a tracer set the debug registers",
		0:           "carries out no hardware breakpoints",
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWithoutDebugRegisters$", "-test.v")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", pokesAnswer, int(errno)))
		out, err := cmd.CombinedOutput()
		text := strings.Join(strings.Fields(string(out)), " ")
		if err != nil || !strings.Contains(text, says) || !strings.Contains(text, "PT-KERNEL") {
			t.Errorf("errno %d: %v, want %q and PT-KERNEL:\n%s", int(errno), err, says, out)
		}
	}
}
