//go:build amd64

package asm

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// These tests hold the head comments of the sources to their word: what a tracer
// must see.

func TestVolunteerStopsOnceAtItsExecve(t *testing.T) {
	needPtrace(t)
	p := start(t, Volunteer)
	p.end()
	if want := []unix.WaitStatus{0x057f}; !slices.Equal(p.stops, want) {
		t.Errorf("stops %#x, want %#x", p.stops, want)
	}
}

func TestTraceMeAndABlockedSIGTRAPStopNothing(t *testing.T) {
	for _, target := range []Target{Exits7, Blocker} {
		p := start(t, target)
		checkEnd(t, target, p.end())
		if len(p.stops) != 0 {
			t.Errorf("%s: stops %#x, want none", target.Name, p.stops)
		}
	}
}

func TestBlockerIsSeenWithTraceExec(t *testing.T) {
	needPtrace(t)
	p := start(t, Blocker, "stop")
	if ws := p.wait(); ws != 0x137f {
		t.Errorf("first stop %#x, want SIGSTOP (0x137f)", uint32(ws))
	}
	if err := unix.PtraceSetOptions(p.os.Pid, unix.PTRACE_O_TRACEEXEC); err != nil {
		t.Error(err)
	}
	p.cont(0)
	checkEnd(t, Blocker, p.end())
	if want := []unix.WaitStatus{0x4057f}; !slices.Equal(p.stops, want) {
		t.Errorf("stops %#x, want the PTRACE_EVENT_EXEC stop alone", p.stops)
	}
}

// The exec stop and one stop after each instruction but the exit.
func TestSevenInstructions(t *testing.T) {
	needPtrace(t)
	for _, target := range []Target{Hello32, Hello64} {
		t.Run(target.Name, func(t *testing.T) {
			stops, ws := step(t, target)
			checkEnd(t, target, ws)
			if len(stops) != 7 {
				t.Errorf("%d stops, want seven", len(stops))
			}
		})
	}
}

func TestRepStopsPerByteAndMovSSHidesAStop(t *testing.T) {
	needPtrace(t)
	stops, ws := step(t, RepSS)
	checkEnd(t, RepSS, ws)
	for _, c := range []struct {
		label string
		want  int
	}{
		{"rep_ten", 10}, // one before it, and nine between its ten bytes
		{"rep_zero", 1},
		{"mov_ss", 1},
		{"shadow", 0},
		{"after", 1},
	} {
		address, got := symbol(t, RepSS, c.label).Value, 0
		for _, stop := range stops {
			if stop == address {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%d stops at %s, want %d", got, c.label, c.want)
		}
	}
}

func TestLibcProgramsStepTheSameWayEveryTime(t *testing.T) {
	needPtrace(t)
	for _, target := range []Target{HelloC, MallocLine} {
		first, ws := step(t, target)
		checkEnd(t, target, ws)
		again, _ := step(t, target)
		if !slices.Equal(first, again) {
			t.Errorf("%s: %d stops, and then %d, or other ones", target.Name, len(first), len(again))
		}
	}
}

func TestCrashStopsAtFaultAndCanBeMended(t *testing.T) {
	needPtrace(t)
	p := startTraced(t, Crash)
	pid := p.os.Pid
	p.cont(0)
	if ws := p.wait(); !ws.Stopped() || ws.StopSignal() != unix.SIGSEGV {
		t.Errorf("status %#x, want a stop with SIGSEGV", uint32(ws))
	}
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(pid, &regs); err != nil {
		t.Error(err)
	}
	if fault := symbol(t, Crash, "fault").Value; regs.Rip != fault {
		t.Errorf("rip %#x, want fault, %#x", regs.Rip, fault)
	}
	regs.Rax = symbol(t, Crash, "spare").Value
	if err := unix.PtraceSetRegs(pid, &regs); err != nil {
		t.Error(err)
	}
	p.cont(0)
	if ws := p.end(); !ws.Exited() || ws.ExitStatus() != 0 {
		t.Errorf("status %#x, want an exit with 0 after RAX was mended", uint32(ws))
	}
}

func TestHandlerCountsTheSignalsThatArePassedOn(t *testing.T) {
	needPtrace(t)
	p := startTraced(t, Handler)
	exec, swallow, pass := 0, 0, int(unix.SIGUSR1)
	for _, signal := range []int{exec, swallow, pass} {
		p.cont(signal)
		if ws := p.wait(); !ws.Stopped() || ws.StopSignal() != unix.SIGUSR1 {
			t.Errorf("status %#x, want a stop with SIGUSR1", uint32(ws))
		}
	}
	p.cont(pass)
	if ws := p.end(); !ws.Exited() || ws.ExitStatus() != 2 {
		t.Errorf("status %#x, want an exit with 2: one of three was swallowed", uint32(ws))
	}
}

// step starts the target as a tracee and steps it to its end. It returns where
// each stop was, the exec stop first. Of a 32-bit program, whose registers have
// another layout, only their number counts.
func step(t *testing.T, target Target) ([]uint64, unix.WaitStatus) {
	t.Helper()
	p := startTraced(t, target)
	var stops []uint64
	for {
		var regs unix.PtraceRegs
		if err := unix.PtraceGetRegs(p.os.Pid, &regs); err != nil {
			t.Errorf("PTRACE_GETREGS: %v", err)
			p.os.Kill()
			return stops, p.end()
		}
		stops = append(stops, regs.Rip)
		if err := unix.PtraceSingleStep(p.os.Pid); err != nil {
			t.Errorf("PTRACE_SINGLESTEP: %v", err)
			p.os.Kill()
			return stops, p.end()
		}
		if ws := p.wait(); !ws.Stopped() {
			p.finish()
			return stops, ws
		}
	}
}
