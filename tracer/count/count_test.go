package count

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// deadline ends a program that a broken count would leave running. A step can take a
// millisecond where others want the CPU too.
const deadline = 3 * time.Minute

// run counts a program and fails the test if that is not possible.
func runConfig(t *testing.T, cfg Config) Result {
	t.Helper()
	if cfg.Timeout == 0 {
		cfg.Timeout = deadline
	}
	if cfg.Command.Files == nil {
		null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer null.Close()
		cfg.Command.Files = []*os.File{null, null, null}
	}
	res, err := Run(cfg)
	if err != nil {
		t.Fatalf("Run %v: %v", cfg.Command.Argv, err)
	}
	if res.Why == Timeout && cfg.Timeout == deadline {
		t.Fatalf("%v did not end within %v: %d instructions, %v", cfg.Command.Argv, deadline, res.Instructions, res.Syscalls)
	}
	return res
}

func command(path string, args ...string) tracer.Command {
	return tracer.Command{Path: path, Argv: append([]string{filepath.Base(path)}, args...)}
}

// needs skips the test where the kernel does not run the target, a 32-bit one.
func needs(t *testing.T, target asm.Target) {
	t.Helper()
	if target.Arch == "i386" && !target.Runs() {
		t.Skipf("this kernel has no IA32 emulation: it does not run %s", target.Name)
	}
}

// bundled counts one of the programs of package asm, without an environment.
func bundled(t *testing.T, target asm.Target, change func(*Config)) Result {
	t.Helper()
	image, err := target.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	cfg := Config{Command: tracer.Command{Path: image.Path(), Argv: []string{target.Name}}, Histogram: true}
	needs(t, target)
	if change != nil {
		change(&cfg)
	}
	return runConfig(t, cfg)
}

func wantExit(t *testing.T, res Result, status int) {
	t.Helper()
	if res.End.Kind != tracer.Exited || res.End.ExitCode != status {
		t.Errorf("the program %v (status %v), want exit status %d", res.End.Name(), res.End.Status, status)
	}
}

func wantCounts(t *testing.T, res Result, instructions, stops uint64) {
	t.Helper()
	if res.Instructions != instructions || res.Stops != stops {
		t.Errorf("%d instructions and %d stops, want %d and %d", res.Instructions, res.Stops, instructions, stops)
	}
}

func TestSevenInstructionsAndSevenStops(t *testing.T) {
	for _, target := range []asm.Target{asm.Hello64, asm.Hello32} {
		t.Run(target.Name, func(t *testing.T) {
			res := bundled(t, target, nil)
			wantCounts(t, res, 7, 7)
			wantExit(t, res, 1)
			if res.Syscalls["write"] != 1 || res.Syscalls["exit"] != 1 || len(res.Syscalls) != 2 {
				t.Errorf("system calls %v, want one write and one exit", res.Syscalls)
			}
			if len(res.ByFunction) != 1 || res.ByFunction[0].Function != "_start" || res.ByFunction[0].Instructions != 7 {
				t.Errorf("by function %v, want 7 in _start", res.ByFunction)
			}
			if len(res.ByThread) != 1 || res.ByThread[0].Instructions != 7 {
				t.Errorf("by thread %v, want one with 7", res.ByThread)
			}
		})
	}
}

// mov ecx, 1000; dec ecx; jnz; and three for the exit: 1 + 2,000 + 3.
func TestG01LoopIsExact(t *testing.T) {
	path := program(t, mov(1, 1000), []byte{0xff, 0xc9, 0x75, 0xfc}, exit(0))
	res := runConfig(t, Config{Command: command(path)})
	wantCounts(t, res, 2004, 2004)
}

func TestG15StaticProgramRepeats(t *testing.T) {
	first := bundled(t, asm.HelloC, nil)
	again := bundled(t, asm.HelloC, nil)
	wantCounts(t, again, first.Instructions, first.Stops)
	wantExit(t, first, 0)
	if first.Instructions < 100 || first.Instructions != first.Stops {
		t.Errorf("%d instructions, %d stops", first.Instructions, first.Stops)
	}
}

// Twelve instructions: the first rep turns ten times, and the one after mov ss
// has no stop.
func TestG08RepCountsItsTurns(t *testing.T) {
	res := bundled(t, asm.RepSS, nil)
	wantCounts(t, res, 12+9-1, 12+9-1)
	wantExit(t, res, 0)
}

// A fault is a stop and no instruction, and no exit call follows.
func TestFaultCountsNothing(t *testing.T) {
	res := bundled(t, asm.Crash, nil)
	if res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGSEGV {
		t.Errorf("it %s by %v, want killed by SIGSEGV", res.End.Name(), res.End.Signal)
	}
	if res.Stops != res.Instructions+2 {
		t.Errorf("%d stops for %d instructions, want two more: execve and SIGSEGV", res.Stops, res.Instructions)
	}
}

// Each of three signals makes two stops that are no instructions: its delivery
// and the entry to its handler.
func TestG12SignalsReachTheirHandler(t *testing.T) {
	res := bundled(t, asm.Handler, nil)
	wantExit(t, res, 3)
	if res.Stops != res.Instructions+6 {
		t.Errorf("%d stops for %d instructions, want six more", res.Stops, res.Instructions)
	}
	if res.Syscalls["rt_sigreturn"] != 3 {
		t.Errorf("system calls %v, want three rt_sigreturn", res.Syscalls)
	}
}

func TestLimitIsExact(t *testing.T) {
	res := bundled(t, asm.Ticker, func(cfg *Config) { cfg.Limit = 100 })
	if res.Instructions != 100 || !res.Partial || res.Why != Limit {
		t.Errorf("%d instructions, partial %v (%q), want 100 because of the limit", res.Instructions, res.Partial, res.Why)
	}
}

// A limit that falls on the last instruction is reached by the program's own
// end or by our hand; the count is the same.
func TestLimitAtTheLastInstruction(t *testing.T) {
	res := bundled(t, asm.Hello64, func(cfg *Config) { cfg.Limit = 7 })
	if res.Instructions != 7 {
		t.Errorf("%d instructions, want 7", res.Instructions)
	}
}

func TestG02TimeoutEndsABlockedProgram(t *testing.T) {
	path := program(t, mov(rax, 34), syscall64) // pause
	var res Result
	for timeout, paused := 100*time.Millisecond, false; !paused && timeout < deadline; timeout *= 2 {
		res = runConfig(t, Config{Command: command(path), Timeout: timeout, Call: func(c Call) { paused = c.Nr == 34 }})
	}
	if !res.Partial || res.Why != Timeout || res.Instructions != 1 {
		t.Errorf("partial %v (%q) with %d instructions, want 1 and a timeout", res.Partial, res.Why, res.Instructions)
	}
}

// pause again, and a signal that was sent to us alone: it is passed on, and
// kills the program.
func TestG16SignalIsPassedOn(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGINT
	path := program(t, mov(rax, 34), syscall64)
	res := runConfig(t, Config{Command: command(path), Signals: signals, Grace: 5 * time.Second})
	if res.Partial || res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGINT {
		t.Errorf("it %s by %v, partial %v; want killed by its own SIGINT", res.End.Name(), res.End.Signal, res.Partial)
	}
}

// A program that blocks all signals ends when its grace is over.
func TestG16GraceEnds(t *testing.T) {
	signals := make(chan os.Signal, 1)
	path := program(t,
		mov(rdi, 0), mov(rsi, entry+1000), mov(rdx, 0), mov(rax, 14), []byte{0x41, 0xba}, []byte{8, 0, 0, 0},
		[]byte{0xc7, 0x06, 2, 0, 0, 0}, // mov dword [rsi], 1 << (SIGINT-1)
		syscall64, mov(rax, 34), syscall64)
	res := runConfig(t, Config{Command: command(path), Signals: signals, Grace: 100 * time.Millisecond, Call: func(c Call) {
		if c.Nr == 34 { // pause: they are blocked
			signals <- syscall.SIGINT
		}
	}})
	if !res.Partial || res.Why != Interrupted || res.Signal != tracer.SIGINT {
		t.Errorf("partial %v (%q, %v), want an interrupt by SIGINT", res.Partial, res.Why, res.Signal)
	}
}

func TestProgramThatIsNotThere(t *testing.T) {
	_, err := Run(Config{Command: command("/nonexistent/program")})
	if err != syscall.ENOENT {
		t.Errorf("error %v, want ENOENT", err)
	}
}
