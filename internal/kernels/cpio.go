package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// archive writes an initial file system in the form "newc" of cpio(5), which the
// kernel unpacks: see Documentation/driver-api/early-userspace/buffer-format.rst.
// All belongs to root. Folders above a file are made when the first file below
// them comes.
type archive struct {
	w    io.Writer
	have map[string]bool
	err  error // the first one; all calls after it do nothing
}

func newArchive(w io.Writer) *archive { return &archive{w: w, have: map[string]bool{".": true}} }

// The kinds of files, of stat(2).
const (
	folder  = 0o040000
	regular = 0o100000
	link    = 0o120000
)

// file adds a file that may be executed.
func (a *archive) file(name string, text []byte) { a.add(name, regular|0o755, text) }

// link adds a symbolic link.
func (a *archive) link(name, to string) { a.add(name, link|0o777, []byte(to)) }

// copy adds a file of this machine.
func (a *archive) copy(name, from string) {
	text, err := os.ReadFile(from)
	if err != nil && a.err == nil {
		a.err = err
	}
	a.file(name, text)
}

// close ends the archive.
func (a *archive) close() error {
	a.header("TRAILER!!!", 0, 0)
	return a.err
}

func (a *archive) add(name string, mode int, text []byte) {
	name = strings.TrimPrefix(path.Clean(name), "/") // relative to the root that it becomes
	a.folder(path.Dir(name))
	a.have[name] = true
	a.header(name, mode, len(text))
	a.write(text)
}

func (a *archive) folder(name string) {
	if a.have[name] {
		return
	}
	a.folder(path.Dir(name))
	a.have[name] = true
	a.header(name, folder|0o755, 0)
}

// header is 13 numbers of 8 hexadecimal digits behind the magic one: inode,
// mode, owner, group, links, time, size, two device numbers twice, the length of
// the name with its zero byte, and no checksum.
func (a *archive) header(name string, mode, size int) {
	h := "070701"
	for _, n := range [...]int{len(a.have), mode, 0, 0, 1, 0, size, 0, 0, 0, 0, len(name) + 1, 0} {
		h += fmt.Sprintf("%08x", n)
	}
	a.write([]byte(h + name + "\x00"))
}

// write writes, and fills up to a multiple of 4 bytes.
func (a *archive) write(text []byte) {
	for _, part := range [][]byte{text, make([]byte, -len(text)&3)} {
		if a.err == nil {
			_, a.err = a.w.Write(part)
		}
	}
}
