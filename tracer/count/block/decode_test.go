package block

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/arch/x86/x86asm"

	"ptwalk/tracer/x86"
)

// Every instruction of the C library, the dynamic loader and a shell is as long
// for us as for objdump, or left to the processor.
func TestSizesEqualObjdump(t *testing.T) {
	needsObjdump(t)
	files, _ := filepath.Glob("/lib/x86_64-linux-gnu/lib[cm].so.6")
	loader, _ := filepath.Glob("/lib64/ld-linux-x86-64.so.2")
	files = append(append(files, loader...), "/bin/sh")
	for _, file := range files {
		out, err := exec.CommandContext(t.Context(), "objdump", "-d", "--insn-width=15", "-M", "intel", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		all, left := 0, map[string]int{}
		lines := bufio.NewScanner(bytes.NewReader(out))
		for lines.Scan() {
			field := strings.Split(lines.Text(), "\t")
			if len(field) < 3 || strings.Contains(field[2], "(bad)") {
				continue
			}
			code, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(field[1]), " ", ""))
			if err != nil {
				continue
			}
			all++
			size := len(code)
			in := decode(append(code, make([]byte, 15)...), 64)
			if code[0] == 0x9b {
				continue // fwait and what follows it are two
			}
			name, _, _ := strings.Cut(field[2], " ")
			if in.size == 0 {
				left[name]++
			} else if in.size != size {
				t.Errorf("%s: %x %s has %d bytes, not %d", file, code, field[2], size, in.size)
			}
		}
		n := 0
		for _, k := range left {
			n += k
		}
		if n*100 > all || all == 0 {
			t.Errorf("%s: %d of %d instructions are not known: %v", file, n, all, left)
		}
	}
}

func needsObjdump(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("objdump"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("objdump is not installed")
		}
		t.Skip("objdump is not installed")
	}
}

// So is what no compiler writes: prefixes that mean nothing, rare instructions,
// and any operands.
func TestSizesOfOddInstructionsEqualObjdump(t *testing.T) {
	needsObjdump(t)
	const n, slot = 20000, 48 // nops behind each bring objdump back
	for mode, machine := range map[int]string{64: "i386:x86-64", 32: "i386"} {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 0))
		code := bytes.Repeat([]byte{0x90}, n*slot)
		for i := range n {
			copy(code[i*slot:], odd(r, mode))
		}
		file := filepath.Join(t.TempDir(), "code")
		if err := os.WriteFile(file, code, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "objdump", "-D", "-z", "-b", "binary", "-m", machine, "--insn-width=16", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		known := 0
		for line := range strings.Lines(string(out)) {
			field := strings.SplitN(line, "\t", 3)
			if len(field) < 3 || strings.Contains(field[2], "(bad)") {
				continue
			}
			at, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(field[0]), ":"), 16, 64)
			if err != nil || at%slot != 0 {
				continue
			}
			in, size := decode(code[at:at+x86.LongestInstruction], mode), len(strings.Fields(field[1]))
			if in.class == mustStep || in.op.Op == x86asm.FWAIT { // which objdump joins with what follows
				continue
			}
			known++
			if in.size != size {
				t.Errorf("seed %#x, mode %d: %x %s has %d bytes, not %d", seed, mode, code[at:at+x86.LongestInstruction], strings.TrimSpace(field[2]), size, in.size)
			}
		}
		if known < n/4 {
			t.Errorf("mode %d: %d of %d instructions are known", mode, known, n)
		}
	}
}

// odd is an instruction of any kind, filled up to the longest size.
func odd(r *rand.Rand, mode int) []byte {
	anything := func() byte { return byte(r.UintN(256)) }
	prefixes := []byte{0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x3e, 0x64, 0x65, 0x26, 0x36, 0xf0}
	var code []byte
	for r.UintN(3) == 0 {
		code = append(code, prefixes[r.IntN(len(prefixes))])
	}
	if mode == 64 && r.UintN(3) == 0 {
		code = append(code, 0x40+byte(r.UintN(16)))
	}
	var long byte // in 32-bit code these bits tell VEX from les, lds and bound
	if mode == 32 {
		long = 0xc0
	}
	switch r.UintN(8) {
	case 0, 1:
		code = append(code, anything())
	case 2, 3:
		code = append(code, 0x0f, anything())
	case 4:
		code = append(code, 0x0f, 0x38+2*byte(r.UintN(2)), anything())
	case 5:
		code = append(code, 0xc5, anything()|long, anything())
	case 6:
		code = append(code, 0xc4, byte(r.UintN(8))<<5|byte(1+r.UintN(3))|long, anything(), anything())
	case 7:
		code = append(code, 0x62, byte(r.UintN(16))<<4|byte(1+r.UintN(6))|long, anything()|4, anything(), anything())
	}
	for len(code) < x86.LongestInstruction {
		code = append(code, anything())
	}
	return code[:x86.LongestInstruction]
}

// A branch with a lock prefix is no branch: the processor refuses it.
func TestLockedBranches(t *testing.T) {
	for _, code := range []string{"f0c3", "f0c20800", "f0ffe0", "f0ffd0", "f07402", "f0e202", "f00f8400000000", "f0eb02", "f0e800000000"} {
		bytes, err := hex.DecodeString(code)
		if err != nil {
			t.Fatal(err)
		}
		if in := decode(append(bytes, make([]byte, x86.LongestInstruction)...), 64); in.class != mustStep {
			t.Errorf("%s is of class %d, not left to the processor", code, in.class)
		}
	}
}
