package tracer

import (
	"runtime"
	"testing"

	"ptwalk/asm"
	"ptwalk/tracer/user"
)

// stopped starts a program, makes its first instruction a jump to itself, and
// leaves it there in a stop.
func stopped(b *testing.B) *Tracee {
	b.Helper()
	runtime.LockOSThread()
	b.Cleanup(runtime.UnlockOSThread)
	image, err := asm.Hello64.Open()
	if err != nil {
		b.Fatal(err)
	}
	defer image.Close()
	tr := &Tracer{}
	tracee, err := tr.Start(Command{Path: image.Path(), Argv: []string{"hello64"}})
	if err != nil {
		b.Skip("ptrace is refused here: ", err)
	}
	b.Cleanup(func() {
		tracee.Kill()
		for {
			if stop, err := tracee.Wait(); err != nil || stop.Ended() {
				return
			}
		}
	})
	if _, err := tracee.Wait(); err != nil {
		b.Fatal(err)
	}
	rip, err := tracee.PeekUser(user.RIP)
	if err != nil {
		b.Fatal(err)
	}
	if err := tracee.PokeText(Addr(rip), 0xfeeb); err != nil { // eb fe: jmp rip
		b.Fatal(err)
	}
	return tracee
}

func step(b *testing.B, tracee *Tracee) {
	if err := tracee.SingleStep(0); err != nil {
		b.Fatal(err)
	}
	if stop, err := tracee.Wait(); err != nil || stop.Ended() {
		b.Fatal(stop, err)
	}
}

// A step is the request and the wait for its stop.
func BenchmarkStep(b *testing.B) {
	tracee := stopped(b)
	b.ReportAllocs()
	for b.Loop() {
		step(b, tracee)
	}
}

func BenchmarkGetRegs(b *testing.B) {
	tracee := stopped(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tracee.GetRegs(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPeekUser(b *testing.B) {
	tracee := stopped(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tracee.PeekUser(user.RIP); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeStop(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		decode(7, 0x4057f, false)
	}
}
