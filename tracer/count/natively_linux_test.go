package count

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"ptwalk/tracer"
)

// built is where the program of a C file is.
type built func() (string, error)

var natively, moments, handoff, untraced = build("testdata/natively.c"), build("testdata/moments.c"),
	build("testdata/handoff.c"), build("testdata/untraced.c")

// build builds a C file once.
func build(source string) built {
	return sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "natively")
		if err != nil {
			return "", err
		}
		path := filepath.Join(dir, "program")
		out, err := exec.Command("gcc", "-O1", "-static", "-pthread", "-o", path, source).CombinedOutput()
		os.Stderr.Write(out)
		return path, err
	})
}

func TestMain(m *testing.M) {
	status := m.Run()
	for _, program := range []built{natively, moments, handoff, untraced} {
		if path, err := program(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(status)
}

func endsAsNatively(t *testing.T, name string) Result {
	t.Helper()
	return natively.endsAlike(t, name)
}

// path compiles the file, if gcc is there.
func (program built) path(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("gcc is not installed")
		}
		t.Skip("gcc is not installed")
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// endsAlike runs one of the programs of a file untraced and counted.
func (program built) endsAlike(t *testing.T, name string) Result {
	t.Helper()
	path := program.path(t)
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

// What runs in the step of mov ss is what it is natively: pushf and r11 show no
// flag of ours, int3 has its signal, and an exit counts.
func TestG07WhatMovSSHolds(t *testing.T) {
	wantExit(t, moments.endsAlike(t, "held"), 42)
	exits := program(t, mov(rdi, 5), mov(rax, 60), []byte{0x66, 0x8c, 0xd2, 0x8e, 0xd2}, syscall64)
	res := runConfig(t, Config{Command: command(exits)})
	wantExit(t, res, 5)
	wantCounts(t, res, 4, 4)
	if res.Syscalls["exit"] != 1 {
		t.Errorf("system calls %v, want one exit", res.Syscalls)
	}
}

func TestG07WhatTheKernelCarriesOut(t *testing.T) { moments.endsAlike(t, "umip") }

// Code in a segment of the program's own cannot be looked at: that ends the count.
func TestG07OwnSegment(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd := command(moments.path(t), "segment")
	cmd.Files = []*os.File{null, null, null}
	_, err = Run(Config{Command: cmd, Timeout: deadline})
	if err == nil || !strings.Contains(err.Error(), "a segment of its own") {
		t.Errorf("error %v, want one of a segment of its own", err)
	}
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

// Signals, flags and masks where a tracer that steps is easily seen.
func TestG20SignalsAtOddMoments(t *testing.T) {
	for _, name := range []string{"mask", "blocked", "waits", "returned", "iretq", "branch", "popf", "popf ID", "popf faults"} {
		t.Run(name, func(t *testing.T) { moments.endsAlike(t, name) })
	}
}

func TestG04FlagsInOddPlaces(t *testing.T) {
	for _, name := range []string{"edge", "prefixes", "vforked", "rewritten"} {
		t.Run(name, func(t *testing.T) { moments.endsAlike(t, name) })
	}
}

// The processor looks at the rights of a page before it executes what lies there.
func TestPopfInAPageThatIsNotToBeExecutedYet(t *testing.T) {
	for _, name := range []string{"packed", "packed, wide"} {
		t.Run(name, func(t *testing.T) { wantExit(t, moments.endsAlike(t, name), 43) })
	}
}

func TestG13SyscallUserDispatch(t *testing.T) { moments.endsAlike(t, "dispatch") }

// A filter that kills does so in place of the call, which then does not count.
func TestG13KilledCallDoesNotCount(t *testing.T) {
	withoutRandomAddresses(t)
	res := endsAsNatively(t, "kill")
	path, _ := natively()
	if want, _ := plainLoop(t, command(path, "kill")); res.Stops != want {
		t.Errorf("%d stops, the plain loop %d", res.Stops, want)
	}
}

func TestDeathSignalIsNotSeen(t *testing.T) { endsAsNatively(t, "deathsig") }
