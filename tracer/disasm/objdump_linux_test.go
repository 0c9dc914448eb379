package disasm

import (
	"bufio"
	"debug/elf"
	"encoding/hex"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ptwalk/tracer"
)

// Every instruction of the C library, the mathematical one and the loader has the
// length that objdump gives it. Each is decoded from the bytes that follow in the
// file, as it is in memory.
func TestLengthsAreThoseOfObjdump(t *testing.T) {
	objdump, err := exec.LookPath("objdump")
	if err != nil {
		t.Skip("there is no objdump here")
	}
	for _, path := range libraries(t) {
		rows := dump(t, objdump, path)
		different := 0
		for n, row := range rows {
			i := Decode(following(rows[n:]), row.addr, tracer.X8664)
			// fwait is an instruction of its own: objdump tells it with the next.
			if i.Len() == len(row.code) || strings.Contains(row.text, "(bad)") || row.code[0] == 0x9b {
				continue
			}
			if different++; different <= 5 {
				t.Errorf("%s: % x %s: %d bytes, %q", filepath.Base(path), row.code, row.text, i.Len(), i.Text)
			}
		}
		t.Logf("%s: %d instructions, %d lengths differ", filepath.Base(path), len(rows), different)
		if len(rows) < 1000 {
			t.Errorf("%s: objdump tells of %d instructions", path, len(rows))
		}
	}
}

// libraries are the loader of this machine's programs, and those beside it.
func libraries(t *testing.T) []string {
	file, err := elf.Open("/bin/sh")
	if err != nil {
		t.Skip(err)
	}
	defer file.Close()
	for _, p := range file.Progs {
		if p.Type != elf.PT_INTERP || file.Machine != elf.EM_X86_64 {
			continue
		}
		name := make([]byte, p.Filesz)
		p.ReadAt(name, 0)
		loader, err := filepath.EvalSymlinks(strings.TrimRight(string(name), "\x00"))
		if err != nil {
			t.Fatal(err)
		}
		out := []string{loader}
		for _, name := range []string{"libc.so.6", "libm.so.6"} {
			if beside, _ := filepath.Glob(filepath.Join(filepath.Dir(loader), name)); len(beside) > 0 {
				out = append(out, beside...)
			}
		}
		return out
	}
	t.Skip("/bin/sh is no dynamic program of x86-64")
	return nil
}

type dumped struct {
	addr tracer.Addr
	code []byte
	text string
}

// following are the bytes from an instruction on, as many as one can have.
func following(rows []dumped) (code []byte) {
	at := rows[0].addr
	for _, row := range rows {
		if len(code) >= MaxLen || row.addr != at {
			break
		}
		code = append(code, row.code...)
		at += tracer.Addr(len(row.code))
	}
	return code
}

func dump(t *testing.T, objdump, path string) (rows []dumped) {
	cmd := exec.CommandContext(t.Context(), objdump, "-d", "-w", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 3 {
			continue
		}
		addr, err1 := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(fields[0]), ":"), 16, 64)
		code, err2 := hex.DecodeString(strings.ReplaceAll(fields[1], " ", ""))
		if err1 == nil && err2 == nil && len(code) > 0 {
			rows = append(rows, dumped{tracer.Addr(addr), code, strings.Join(fields[2:], " ")})
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return rows
}
