package block

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every instruction of the C library, the dynamic loader and a shell is as long
// for us as for objdump, or left to the processor.
func TestSizesEqualObjdump(t *testing.T) {
	objdump, err := exec.LookPath("objdump")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("objdump is not installed")
		}
		t.Skip("objdump is not installed")
	}
	files, _ := filepath.Glob("/lib/x86_64-linux-gnu/lib[cm].so.6")
	loader, _ := filepath.Glob("/lib64/ld-linux-x86-64.so.2")
	files = append(append(files, loader...), "/bin/sh")
	for _, file := range files {
		out, err := exec.CommandContext(t.Context(), objdump, "-d", "--insn-width=15", "-M", "intel", file).Output()
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
