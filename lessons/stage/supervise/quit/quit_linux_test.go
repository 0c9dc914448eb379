package quit

import (
	"os"
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
