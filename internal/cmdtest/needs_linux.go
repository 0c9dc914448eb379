package cmdtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	"ptwalk/internal/become"
)

// Must ends the test where something fails that the test itself does.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Await waits until something is so, and fails the test after the limit.
func Await(t testing.TB, what string, ready func() bool) {
	t.Helper()
	pause := 200 * time.Microsecond
	for begin := time.Now(); !ready(); time.Sleep(pause) {
		if time.Since(begin) > Limit {
			t.Fatalf("not within %v: %s", Limit, what)
		}
		pause = min(pause+pause/8, 5*time.Millisecond)
	}
}

// needs are the reasons why something cannot be tested here, "" where it can.
var needs = map[string]func() string{
	"ptrace": sync.OnceValue(func() string {
		if out, err := exec.Command("ptwalk", "doctor", "--for", "5").CombinedOutput(); err != nil {
			return fmt.Sprintf("ptrace is refused here: %v: %s", err, out)
		}
		return ""
	}),
	"root": func() string {
		if !become.Capable() {
			return "only root with its capabilities can make other users' processes and mount"
		}
		return ""
	},
	"attach": func() string {
		scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
		if err == nil && scope[0] != '0' && os.Getuid() != 0 {
			return "Yama lets an ordinary user attach to descendants alone"
		}
		return ""
	},
	"ia32": sync.OnceValue(func() string {
		if !asm.Hello32.Runs() {
			return "this kernel has no IA32 emulation"
		}
		return ""
	}),
}

// lacks says what this machine has not of what a test needs: ptrace; root with its
// capabilities; attach, to processes that are no descendants; ia32 programs; or a
// program by its name. Where CI is set, it must not lack ptrace and programs.
func lacks(what ...string) (why string, must bool) {
	for _, name := range what {
		if need := needs[name]; need != nil {
			if why = need(); why != "" {
				return why, name == "ptrace" && os.Getenv("CI") != ""
			}
		} else if _, err := exec.LookPath(name); err != nil {
			return name + " is not installed", os.Getenv("CI") != ""
		}
	}
	return "", false
}

// Needs skips a test for which this machine lacks something: see lacks.
func Needs(t testing.TB, what ...string) {
	t.Helper()
	switch why, must := lacks(what...); {
	case must:
		t.Fatal("CI is set, and " + why)
	case why != "":
		t.Skip("SKIPPED, NOTHING IS TESTED: " + why)
	}
}

// File makes a file in a folder of the test.
func File(t testing.TB, name string, data []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	Must(t, writeFile(path, data, mode))
	return path
}

// writeFile writes a file that may be executed. While it is open no other test may
// fork: the child would have it open for writing up to its own execve, and an execve
// of the file would fail with ETXTBSY.
func writeFile(path string, data []byte, mode os.FileMode) error {
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, data, mode)
	syscall.ForkLock.RUnlock()
	if err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// OpenTo lets other users come to the folder of a file of the test, and gives the
// file a mode.
func OpenTo(t testing.TB, path string, mode os.FileMode) {
	t.Helper()
	Must(t, os.Chmod(path, mode))
	for range 2 {
		path = filepath.Dir(path)
		Must(t, os.Chmod(path, 0o755))
	}
}

// Fill writes to a pipe until it takes no more.
func Fill(t testing.TB, write *os.File) {
	t.Helper()
	fd := int(write.Fd())
	Must(t, unix.SetNonblock(fd, true))
	for _, err := unix.Write(fd, make([]byte, 4096)); err == nil; {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	Must(t, unix.SetNonblock(fd, false))
}

// Seeded is a source of random numbers whose seed is printed. PTWALK_SEED
// repeats a run.
func Seeded(t testing.TB) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("PTWALK_SEED"); text != "" {
		fmt.Sscan(text, &seed)
	}
	t.Logf("PTWALK_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// AnyMoment is a delay that ends somewhere in a run of attach, or just after it.
func AnyMoment(r *rand.Rand) time.Duration {
	return time.Duration(r.Int64N(int64(60 * time.Millisecond)))
}
