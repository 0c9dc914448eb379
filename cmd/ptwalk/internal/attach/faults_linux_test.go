package attach

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"ptwalk/internal/cmdtest"
)

// Faults that strace injects into the requests of a run of attach, one at a time. The
// other tests of a tracer that ends do it by signals; here the kernel itself seems to
// fail.

// requests is how many of the first ptrace requests and waits get a fault.
const requests = 40

// faults are the kinds. A delay is in microseconds.
var faults = []string{
	"error=EPERM", "error=ESRCH", "error=EIO", "error=EINVAL", "error=ENOSYS", "error=EFAULT", "error=EINTR",
	"delay_enter=100000", "delay_exit=100000",
}

// quick is how many faults a test tries. The soak tries all.
const quick = 45

// fault is one of them, in one place.
type fault struct {
	call string // "ptrace" or "wait4"
	kind string
	when int // from 1
}

func (f fault) String() string { return fmt.Sprintf("%s:%s:when=%d", f.call, f.kind, f.when) }

func allFaults() (all []fault) {
	for when := 1; when <= requests; when++ {
		for _, kind := range faults {
			all = append(all, fault{"ptrace", kind, when})
		}
	}
	for when := 1; when <= 10; when++ {
		for _, kind := range []string{"error=EINTR", "error=ECHILD", "delay_exit=100000"} {
			all = append(all, fault{"wait4", kind, when})
		}
	}
	return all
}

// injected attaches to k with a fault. It has to end within 5 seconds with the
// process unharmed: either as if nothing had been, or with one clear message.
func injected(t *testing.T, k *cmdtest.Target, f fault) {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	cmdtest.Must(t, err)
	defer log.Close()
	e := cmdtest.Run(t, []string{"strace", "-f", "-qq", "-o", log.Name(), "-e", "signal=none", "-e", "trace=" + f.call,
		"-e", "inject=" + f.String(), "ptwalk", "attach", k.String()})
	if e.Took > 5*time.Second {
		t.Errorf("%v: it took %v", f, e.Took)
	}
	switch {
	case e.Status == 0 && e.Stderr == "":
	case (e.Status == 1 || e.Status == 3 || e.Status == 4) && !strings.Contains(f.kind, "delay"):
		e.OneSentence(t)
	default:
		t.Errorf("%v: status %d\n%s", f, e.Status, e.Stderr)
	}
	k.Runs()
	if t.Failed() {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("%v: after this\n%s", f, text)
	}
}

// TestC10EINTR: a wait that is interrupted is made again.
func TestC10EINTR(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	k := cmdtest.Tickers(t)
	for when := 1; when <= 5; when++ {
		injected(t, k, fault{"wait4", "error=EINTR", when})
	}
	k.Unharmed()
}

// TestE02FaultsWhileAttached tries a sample of the faults.
func TestE02FaultsWhileAttached(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	r := cmdtest.Seeded(t)
	one, four := cmdtest.Ticker(t), cmdtest.Tickers(t)
	for when := 1; when <= 4; when++ { // the only thread seems to be gone
		injected(t, one, fault{"ptrace", "error=ESRCH", when})
	}
	all := allFaults()
	begin := time.Now()
	for i, n := range r.Perm(len(all)) {
		if i == quick || time.Since(begin) > 30*time.Second {
			t.Logf("%d faults of %d", i, len(all))
			break
		}
		injected(t, []*cmdtest.Target{one, four}[i%2], all[n])
	}
	one.Unharmed()
	four.Unharmed()
}

// TestSoakFaults injects every fault into a run of attach. make soak runs it;
// without a soak the sample of TestE02FaultsWhileAttached has to do.
func TestSoakFaults(t *testing.T) {
	if *cmdtest.Soak < time.Minute {
		t.Skip("only in a soak: make soak")
	}
	cmdtest.Needs(t, "ptrace", "attach", "strace")
	for _, k := range []*cmdtest.Target{cmdtest.Ticker(t), cmdtest.Tickers(t)} {
		for _, f := range allFaults() {
			injected(t, k, f)
		}
		k.Unharmed()
	}
}
