// Package asm holds the programs that the lessons trace. Their sources are in
// asm/src, the ELF files built from them in asm/bin, and both are embedded here,
// so that a learner needs neither a compiler nor an assembler.
//
// Each program does one thing, lies at fixed low addresses, keeps its symbols, and
// runs the same way every time. asm/build.sh rebuilds them.
package asm

import (
	"bytes"
	"debug/elf"
	"embed"
	"fmt"
	"path"
	"syscall"
)

//go:embed bin/*
var built embed.FS

//go:embed src/*
var sources embed.FS

// Target is one of the bundled programs.
type Target struct {
	Name    string // the file's name in asm/bin; give it as argv[0] too
	Source  string // the source file, relative to the module: "asm/src/hello64.asm"
	Arch    string // of the instructions it is made of: "x86-64" or "i386"
	Int80   bool   // it uses int 0x80, which needs the kernel's IA32 emulation
	Exit    Exit   // how it ends, started without arguments and never interfered with
	Summary string // what a tracer must see, in one line
}

// Exit says how a program ends when no tracer interferes with it. The zero value
// is an exit with status 0.
type Exit struct {
	Status  int            // the exit status, if it exits
	Signal  syscall.Signal // the signal that kills it, or 0
	Forever bool           // it runs until somebody kills it
}

// String says it in words: "exits with status 1", "is killed by signal 11" or
// "runs until it is killed".
func (e Exit) String() string {
	switch {
	case e.Forever:
		return "runs until it is killed"
	case e.Signal != 0:
		return fmt.Sprintf("is killed by signal %d", int(e.Signal))
	}
	return fmt.Sprintf("exits with status %d", e.Status)
}

// Bytes returns a copy of the ELF file. It panics for a Target that is not one
// of Targets.
func (t Target) Bytes() []byte {
	return mustRead(built, path.Join("bin", t.Name))
}

// ELF returns the ELF file, parsed: its entry point, symbols and line table. The
// error is that of elf.NewFile; a bundled program has none.
func (t Target) ELF() (*elf.File, error) {
	return elf.NewFile(bytes.NewReader(t.Bytes()))
}

// SourceText returns the text of the source file, its head comment included. It
// panics for a Target that is not one of Targets.
func (t Target) SourceText() string {
	return string(mustRead(sources, path.Join("src", path.Base(t.Source))))
}

// mustRead reads an embedded file. A file that is missing was never built, which
// is a mistake in this package and not something that a caller can mend.
func mustRead(fs embed.FS, name string) []byte {
	data, err := fs.ReadFile(name)
	if err != nil {
		panic("asm: no embedded file " + name)
	}
	return data
}
