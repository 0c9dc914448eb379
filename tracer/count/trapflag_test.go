package count

import (
	"bytes"
	"context"
	"encoding/binary"
	"os/exec"
	"testing"
	"time"

	"ptwalk/tracer"
)

// The programs of this file tell by their exit status what they have noticed.

func TestG04PushfDoesNotShowTheTrapFlag(t *testing.T) {
	pop := []byte{0x5f} // pop rdi
	for name, push := range map[string][]byte{"pushf": {0x9c}, "after popf": {0x9c, 0x9d, 0x90, 0x9c}} {
		t.Run(name, func(t *testing.T) {
			res := runConfig(t, Config{Command: command(program(t, push, pop, exitWithBit8()))})
			wantExit(t, res, 0)
		})
	}
}

func TestG17SyscallDoesNotShowTheTrapFlagInR11(t *testing.T) {
	for name, before := range map[string][]byte{"": nil, "after popf": {0x9c, 0x9d}} {
		t.Run("getpid "+name, func(t *testing.T) {
			path := program(t, before, mov(rax, 39), syscall64, []byte{0x4c, 0x89, 0xdf}, exitWithBit8())
			wantExit(t, runConfig(t, Config{Command: command(path)}), 0)
		})
	}
}

// stc; pushf; clc; popf: the carry flag is back. The status is the carry flag.
func TestG05PopfLoadsTheFlags(t *testing.T) {
	path := program(t, []byte{0xf9, 0x9c, 0xf8, 0x9d}, mov(rdi, 0),
		[]byte{0x83, 0xd7, 0}, // adc edi, 0
		mov(rax, 231), syscall64)
	res := runConfig(t, Config{Command: command(path)})
	wantExit(t, res, 1)
	wantCounts(t, res, 8, 8)
}

// int3 without a handler kills. It is an instruction, and its stop is one.
func TestG09Int3CountsAndKills(t *testing.T) {
	res := runConfig(t, Config{Command: command(program(t, []byte{0x90, 0xcc}))})
	wantCounts(t, res, 2, 3)
	if res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGTRAP {
		t.Errorf("it %s by %v, want killed by SIGTRAP", res.End.Name(), res.End.Signal)
	}
}

// trapHandler sets a handler of SIGTRAP that counts in memory, runs body, and
// exits with 40 and the count.
func trapHandlerProgram(body []byte) []byte {
	const action, counter = entry + 2048, entry + 2560
	le := func(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
	store := func(at, value uint32) []byte { // mov qword [at], value
		return bytes.Join([][]byte{{0x48, 0xc7, 0x04, 0x25}, le(at), le(value)}, nil)
	}
	build := func(handler, restorer uint32) []byte {
		return bytes.Join([][]byte{
			store(action, handler), store(action+8, 0x04000000), store(action+16, restorer),
			mov(rdi, 5), mov(rsi, action), mov(rdx, 0),
			{0x41, 0xba}, le(8), // mov r10d, 8
			mov(rax, 13), syscall64, // rt_sigaction
			body,
			{0x8b, 0x3c, 0x25}, le(counter), {0x83, 0xc7, 40}, // mov edi, [counter]; add edi, 40
			mov(rax, 231), syscall64,
		}, nil)
	}
	handler := uint32(entry + len(build(0, 0)))
	count := bytes.Join([][]byte{{0xff, 0x04, 0x25}, le(counter), {0xc3}}, nil) // inc dword [counter]; ret
	restore := append(mov(rax, 15), syscall64...)
	return bytes.Join([][]byte{build(handler, handler+uint32(len(count))), count, restore}, nil)
}

func TestG19OwnHandlerOfSIGTRAPRunsEachTime(t *testing.T) {
	path := program(t, trapHandlerProgram([]byte{0xcc, 0xcc, 0xcc, 0xcc}))
	wantExit(t, runConfig(t, Config{Command: command(path)}), 44)
}

// getpid, kill(pid, SIGTRAP): the signal is the program's own.
func TestG19SentSIGTRAPIsDelivered(t *testing.T) {
	kill := bytes.Join([][]byte{mov(rax, 39), syscall64, {0x89, 0xc7}, mov(rsi, 5), mov(rax, 62), syscall64}, nil)
	path := program(t, trapHandlerProgram(kill))
	wantExit(t, runConfig(t, Config{Command: command(path)}), 41)
}

// A program that blocks SIGTRAP, and asks: it finds it blocked.
func TestG20BlockedSIGTRAPLooksBlocked(t *testing.T) {
	const set, old = entry + 2048, entry + 2056
	le := func(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
	mask := func(set, old uint32) []byte {
		return bytes.Join([][]byte{mov(rdi, 0), mov(rsi, set), mov(rdx, old), {0x41, 0xba}, le(8), mov(rax, 14), syscall64}, nil)
	}
	path := program(t,
		[]byte{0xc7, 0x04, 0x25}, le(set), le(1<<4), // mov dword [set], SIGTRAP
		mask(set, 0), mask(0, old),
		[]byte{0x8b, 0x3c, 0x25}, le(old), []byte{0xc1, 0xef, 4, 0x83, 0xe7, 1}, // (old >> 4) & 1
		mov(rax, 231), syscall64)
	wantExit(t, runConfig(t, Config{Command: command(path)}), 1)
}

// An icebp (f1) raises a SIGTRAP of the program's own, with the si_code of a
// step. Without a handler it kills; with one it ends as it does untraced.
func TestG09IcebpIsTheProgramsOwnTrap(t *testing.T) {
	res := runConfig(t, Config{Command: command(program(t, []byte{0x90, 0xf1}, exit(0)))})
	if res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGTRAP {
		t.Errorf("it %s by %v, want killed by SIGTRAP", res.End.Name(), res.End.Signal)
	}
}

// With a handler the processor may go on behind the icebp, or come back to it
// for ever, as it does in some virtual machines. Then a count says so.
func TestG09IcebpEndsAsNatively(t *testing.T) {
	path := program(t, trapHandlerProgram([]byte{0xf1}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	native := exec.CommandContext(ctx, path)
	native.Run()
	res := runConfig(t, Config{Command: command(path)})
	if ctx.Err() == nil {
		wantExit(t, res, native.ProcessState.ExitCode())
	} else if res.Why != NoProgress {
		t.Errorf("untraced it does not end, and the count ended by %q; want no progress", res.Why)
	}
}

// Fifteen prefixes are no instruction: the processor refuses them, and the count
// goes on to the end that the program has natively.
func TestNothingButPrefixes(t *testing.T) {
	res := runConfig(t, Config{Command: command(program(t, bytes.Repeat([]byte{0x2e}, 15), exit(0)))})
	wantCounts(t, res, 0, 2) // the stops of execve and of the signal
	if res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGSEGV {
		t.Errorf("it %s by %v, want killed by SIGSEGV", res.End.Name(), res.End.Signal)
	}
}
