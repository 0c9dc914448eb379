package count

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"ptwalk/tracer"
)

// natively builds testdata/natively.c once.
var natively = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "natively")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "natively")
	out, err := exec.Command("gcc", "-O1", "-static", "-pthread", "-o", path, "testdata/natively.c").CombinedOutput()
	os.Stderr.Write(out)
	return path, err
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := natively(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// endsAsNatively runs one of the programs of natively.c untraced and counted.
func endsAsNatively(t *testing.T, name string) Result {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("gcc is not installed")
		}
		t.Skip("gcc is not installed")
	}
	path, err := natively()
	if err != nil {
		t.Fatal(err)
	}
	native := exec.CommandContext(t.Context(), path, name)
	native.Run()
	want := native.ProcessState.Sys().(syscall.WaitStatus)
	var res Result
	for _, follow := range []bool{false, true} {
		res = runConfig(t, Config{Command: command(path, name), Follow: follow})
		if got := syscall.WaitStatus(res.End.Status); got&0xff7f != want&0xff7f { // but for a core file
			t.Errorf("%s, follow %v: wait status %#x, natively %#x", name, follow, got, want)
		}
	}
	return res
}

func TestG03Sysenter(t *testing.T) { endsAsNatively(t, "sysenter") }

func TestG06OwnTrapFlag(t *testing.T) { endsAsNatively(t, "flag") }

// mov ax, ss; mov ss, ax; nop: the processor holds the trap back over the nop.
func TestG07MovSSHidesAStop(t *testing.T) {
	path := program(t, []byte{0x66, 0x8c, 0xd0, 0x8e, 0xd0, 0x90}, exit(0))
	wantCounts(t, runConfig(t, Config{Command: command(path)}), 2+3, 2+3)
}

func TestG09Faults(t *testing.T) {
	for _, name := range []string{"ud2", "hlt", "cli", "divide"} {
		if res := endsAsNatively(t, name); res.End.Kind != tracer.Killed {
			t.Errorf("%s: it %s", name, res.End.Name())
		}
	}
}

func TestG10CloneAndVfork(t *testing.T) {
	for name, status := range map[string]int{"clone": 7, "clone3": 8, "vfork": 9} {
		wantExit(t, endsAsNatively(t, name), status)
	}
}

func TestG12ReturnsFromHandlers(t *testing.T) { wantExit(t, endsAsNatively(t, "handlers"), 5) }

func TestG13OwnSeccompFilter(t *testing.T) {
	for _, name := range []string{"errno", "trap", "kill", "trace", "strict"} {
		endsAsNatively(t, name)
	}
}

func TestG14Vsyscall(t *testing.T) { endsAsNatively(t, "vsyscall") }

func TestG16TimerStorm(t *testing.T) { wantExit(t, endsAsNatively(t, "storm"), 12) }

func TestG18CPUs(t *testing.T) { endsAsNatively(t, "affinity") }

func TestG20DispositionAndMask(t *testing.T) { endsAsNatively(t, "disposition") }

func TestDeathSignalIsNotSeen(t *testing.T) { endsAsNatively(t, "deathsig") }
