package quit

import (
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A SIGQUIT that came before Leave does not end the process after it: somebody
// else may have started a program by then.
func TestLeaveHandsOn(t *testing.T) {
	signal.Notify(caught, syscall.SIGQUIT) // as at the start: a test may run again
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	to := make(chan os.Signal, 1)
	Leave(to)
	Exit()
	select {
	case sig := <-to:
		if sig != syscall.SIGQUIT {
			t.Errorf("%v, want SIGQUIT", sig)
		}
	case <-time.After(10 * time.Second):
		t.Error("the signal is lost")
	}
}

// Whoever has caught signals may stop to do so before the process has ended. A SIGQUIT
// that comes then is answered as in the rest of the run, and not by the runtime.
func TestReturnTakesItBack(t *testing.T) {
	if os.Getenv("PTWALK_TEST_QUIT") != "" {
		Exit()
		to := make(chan os.Signal, 1)
		signal.Notify(to, syscall.SIGQUIT)
		Leave(to)
		Return()
		signal.Stop(to)
		unix.Kill(os.Getpid(), unix.SIGQUIT)
		select {} // until it ends us
	}
	self := exec.Command(os.Args[0], "-test.run=^TestReturnTakesItBack$")
	self.Env = append(os.Environ(), "PTWALK_TEST_QUIT=1")
	out, _ := self.CombinedOutput()
	if status := self.ProcessState.ExitCode(); status != 128+int(syscall.SIGQUIT) || len(out) > 0 {
		t.Errorf("status %d, want 131, without a word\n%.300s", status, out)
	}
}
