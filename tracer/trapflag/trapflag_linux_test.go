package trapflag

import (
	"os"
	"runtime"
	"testing"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
)

// The flags that a stepped pushf has stored show the trap flag, and after After they
// do not. What lies beside them stays.
func TestAfterPushf(t *testing.T) {
	const fill = 0xa5a5a5a5a5a5a5a5 // it has bit 8 set: what is cleared by mistake shows
	for _, c := range []struct {
		about  string
		target asm.Target
		code   []byte
		size   tracer.Word // of what it stores
		high   tracer.Word // bits above those of a 32-bit stack pointer
	}{
		{"pushfq", asm.Hello64, []byte{0x9c}, 8, 0},
		{"pushfw", asm.Hello64, []byte{0x66, 0x9c}, 2, 0},
		{"a REX prefix that means nothing", asm.Hello64, []byte{0x48, 0x66, 0x9c}, 2, 0},
		{"a REX prefix that overrules 0x66", asm.Hello64, []byte{0x66, 0x48, 0x9c}, 8, 0},
		{"prefixes that mean nothing", asm.Hello64, []byte{0x2e, 0xf3, 0x9c}, 8, 0},
		{"pushfd of 32-bit code", asm.Hello32, []byte{0x9c}, 4, 0},
		{"pushfw of 32-bit code", asm.Hello32, []byte{0x66, 0x9c}, 2, 0},
		{"32-bit code whose rsp is longer", asm.Hello32, []byte{0x9c}, 4, 1 << 32},
	} {
		t.Run(c.about, func(t *testing.T) {
			tracee := started(t, c.target)
			regs := must(tracee.GetRegs())
			top := regs.RSP &^ 15
			for a := top - 16; a <= top+16; a += 8 {
				check(t, tracee.PokeData(tracer.Addr(a), fill))
			}
			check(t, tracee.PokeUser(user.RSP, top))
			after := step(t, tracee, c.code)

			pushed := top - c.size
			mask := ^tracer.Word(0) >> (64 - 8*c.size)
			if stored := must(tracee.PeekData(tracer.Addr(pushed))); stored&x86.TF == 0 {
				t.Fatalf("the stored flags are %v: there is nothing to hide", (stored & mask).Hex())
			}
			check(t, tracee.PokeUser(user.RSP, pushed|c.high))
			after()
			stored := must(tracee.PeekData(tracer.Addr(pushed)))
			if flags := stored & mask; flags&x86.TF != 0 || flags&2 == 0 { // bit 1 is always set
				t.Errorf("the stored flags are %v", flags.Hex())
			}
			if stored&^mask != fill&^mask {
				t.Errorf("what lies behind them is %v", (stored &^ mask).Hex())
			}
			if below := must(tracee.PeekData(tracer.Addr(pushed - 8))); below>>56 != 0xa5 {
				t.Errorf("what lies before them is %v", below.Hex())
			}
		})
	}
}

// What is no pushf stores no flags, whatever lies on the stack.
func TestAfterOtherSteps(t *testing.T) {
	for _, c := range []struct {
		about  string
		target asm.Target
		code   []byte
	}{
		{"nop", asm.Hello64, []byte{0x90}},
		{"a pushf that is an operand", asm.Hello64, []byte{0xb0, 0x9c}}, // mov al, 0x9c
		{"inc eax, and a pushf behind it", asm.Hello32, []byte{0x40, 0x9c}},
	} {
		t.Run(c.about, func(t *testing.T) {
			tracee := started(t, c.target)
			top := tracer.Addr(must(tracee.PeekUser(user.RSP)))
			check(t, tracee.PokeData(top, ^tracer.Word(0)))
			step(t, tracee, c.code)()
			if word := must(tracee.PeekData(top)); word != ^tracer.Word(0) {
				t.Errorf("the word at rsp is %v", word.Hex())
			}
		})
	}
}

// started is a bundled program at its first instruction.
func started(t *testing.T, target asm.Target) *tracer.Tracee {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	image := must(target.Open())
	defer image.Close()
	null := must(os.OpenFile(os.DevNull, os.O_RDWR, 0))
	defer null.Close()
	var tr tracer.Tracer
	tracee, err := tr.Start(tracer.Command{Path: image.Path(), Argv: []string{target.Name}, Files: []*os.File{null, null, null}})
	if err != nil && target.Arch == "i386" {
		t.Skipf("no 32-bit programs: %v", err)
	}
	check(t, err)
	t.Cleanup(func() {
		tracee.Kill()
		for !tracee.Over() {
			if _, err := tracee.Wait(); err != nil {
				t.Fatal(err)
			}
		}
	})
	if stop := must(tracee.Wait()); stop.Signal != tracer.SIGTRAP {
		t.Fatalf("the first stop is %+v", stop)
	}
	return tracee
}

// step puts code at rip and steps over it. The function that it returns is the
// stepper's After, as the registers are then.
func step(t *testing.T, tracee *tracer.Tracee, code []byte) (after func()) {
	t.Helper()
	rip := tracer.Addr(must(tracee.PeekUser(user.RIP)))
	word := must(tracee.PeekData(rip))
	for i, b := range code {
		word = word&^(0xff<<(8*i)) | tracer.Word(b)<<(8*i)
	}
	check(t, tracee.PokeText(rip, word))
	s := &Stepper{Tracee: tracee, Care: true}
	stop := must(s.Step(must(tracee.GetRegs()), code, len(code), 0, tracee.Wait))
	if stop.Signal != tracer.SIGTRAP {
		t.Fatalf("the stop after the step is %+v", stop)
	}
	return func() {
		info := must(tracee.SigInfo())
		if sig := s.After(stop, &info, must(tracee.GetRegs())); sig != 0 {
			t.Errorf("%v is to be delivered", sig)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
