package tracer_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"ptwalk/asm"
	. "ptwalk/tracer"
)

// Memory: rows F of docs/reliability.md.

// refuses checks that each of the four ways to an address is refused, the words
// by EIO and the copies by EFAULT.
func refuses(t *testing.T, c *Tracee, a Addr) {
	t.Helper()
	_, err := c.PeekData(a)
	wantErrno(t, err, syscall.EIO)
	wantErrno(t, c.PokeData(a, 1), syscall.EIO)
	_, err = c.ReadAt(make([]byte, 8), a)
	wantErrno(t, err, syscall.EFAULT)
	_, err = c.WriteAt(make([]byte, 8), a)
	wantErrno(t, err, syscall.EFAULT)
}

func TestF01NotMapped(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		for _, a := range []Addr{
			0, 4095, // the first page
			0x7fff_ffff_f000,          // the last page of the lower half, never mapped
			0x8000_0000_0000_0000,     // not canonical
			0xffff_ffff_8000_0000 - 8, // the kernel's
			^Addr(0),                  // the word does not end in the address space
		} {
			refuses(t, c, a)
		}
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 1 {
			t.Errorf("it %s with %d, want exited with 1", stop.Name(), stop.ExitCode)
		}
	})
}

func TestF02EdgeOfAMapping(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		page := Addr(regs.RIP) &^ 0xfff
		n, err := c.ReadAt(make([]byte, 1<<20), page)
		if err != nil || n == 0 || n == 1<<20 || n%4096 != 0 {
			t.Errorf("read %d bytes, %v; want some pages", n, err)
		}
		_, err = c.ReadAt(make([]byte, 8), 0)
		wantErrno(t, err, syscall.EFAULT)
		_, err = c.PeekData(0)
		wantErrno(t, err, syscall.EIO)
		_, err = c.WriteAt([]byte{0xcc}, Addr(regs.RIP))
		wantErrno(t, err, syscall.EFAULT) // code: process_vm_writev respects the protection
	})
}

// mapped starts the program of many mappings, and returns it with the addresses
// that it has stored under the names.
func mapped(t *testing.T, tr *Tracer, names ...string) (*Tracee, map[string]Addr) {
	t.Helper()
	c, symbols := program(t, tr.Start, "maps")
	wait(t, c)
	must(t, c.Cont(0))
	if stop := wait(t, c); stop.Signal != Signal(syscall.SIGUSR1) {
		fatalf(t, "got %s by %v, want SIGUSR1", stop.Name(), stop.Signal)
	}
	at := map[string]Addr{"constant": symbols["constant"]}
	for _, name := range names {
		w, err := c.PeekData(symbols[name])
		must(t, err)
		at[name] = Addr(w)
	}
	return c, at
}

// goesOn: what we did has not harmed it.
func goesOn(t *testing.T, c *Tracee) {
	t.Helper()
	must(t, c.Cont(0))
	if stop := wait(t, c); stop.Kind != Exited || stop.ExitCode != 0 {
		t.Errorf("it %s with %d, want exited with 0", stop.Name(), stop.ExitCode)
	}
}

// A word passes the protection of a page, and a copy does not.
func TestF03NoPermissions(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, at := mapped(t, tr, "none")
		w, err := c.PeekData(at["none"])
		must(t, err)
		if w != 'n' {
			t.Errorf("read %v, want 'n'", w)
		}
		must(t, c.PokeData(at["none"], 'm'))
		if w, err := c.PeekData(at["none"]); w != 'm' || err != nil {
			t.Errorf("read %v, %v after writing 'm'", w, err)
		}
		_, err = c.ReadAt(make([]byte, 8), at["none"])
		wantErrno(t, err, syscall.EFAULT)
		_, err = c.WriteAt(make([]byte, 8), at["none"])
		wantErrno(t, err, syscall.EFAULT)
		goesOn(t, c)
	})
}

// Where the program itself would have SIGBUS we have an error, and it has nothing.
func TestF04BeyondTheFile(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, at := mapped(t, tr, "beyond")
		refuses(t, c, at["beyond"])
		n, err := c.ReadAt(make([]byte, 8), at["beyond"]-4)
		must(t, err)
		if n != 4 {
			t.Errorf("read %d bytes up to the end of the file, want 4", n)
		}
		goesOn(t, c)
	})
}

// A word can be written to a page of the program's own that is read-only, as code
// is, and not to one that it shares.
func TestF05ReadOnly(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c, at := mapped(t, tr, "shared")
		must(t, c.PokeData(at["constant"], 0x1234))
		if w, err := c.PeekData(at["constant"]); w != 0x1234 || err != nil {
			t.Errorf("read %v, %v after writing 0x1234", w, err)
		}
		_, err := c.WriteAt(make([]byte, 8), at["constant"])
		wantErrno(t, err, syscall.EFAULT)
		_, err = c.PeekData(at["shared"])
		must(t, err)
		wantErrno(t, c.PokeData(at["shared"], 1), syscall.EIO)
		goesOn(t, c)
	})
}

// The page is in the list of mappings, and can be read only where that says r.
func TestF07VsyscallPage(t *testing.T) {
	const page = Addr(0xffff_ffff_ff60_0000)
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", c.TID))
		must(t, err)
		_, err = c.PeekData(page)
		if strings.Contains(string(maps), "ffffffffff600000-ffffffffff601000 r") {
			must(t, err)
		} else {
			wantErrno(t, err, syscall.EIO)
		}
		wantErrno(t, c.PokeData(page, 1), syscall.EIO)
		must(t, c.Cont(0))
		if stop := wait(t, c); stop.Kind != Exited {
			t.Errorf("it %s, want exited", stop.Name())
		}
	})
}

func TestF08MinusOneIsAWord(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		must(t, c.PokeData(Addr(regs.RIP), ^Word(0)))
		w, err := c.PeekData(Addr(regs.RIP))
		if w != ^Word(0) || err != nil {
			t.Errorf("read %v, %v; want -1 and no error", w, err)
		}
	})
}

func TestF11AfterTheEnd(t *testing.T) {
	onThread(t, func(tr *Tracer) {
		c := start(t, tr, asm.Hello64)
		regs, err := c.GetRegs()
		must(t, err)
		must(t, c.Kill())
		if stop := wait(t, c); stop.Kind != Killed {
			t.Errorf("it %s, want killed", stop.Name())
		}
		_, err = c.PeekData(Addr(regs.RIP))
		wantErrno(t, err, syscall.ESRCH)
		wantErrno(t, c.PokeData(Addr(regs.RIP), 1), syscall.ESRCH)
		_, err = c.ReadAt(make([]byte, 8), Addr(regs.RIP))
		wantErrno(t, err, syscall.ESRCH)
	})
}
