package symbols

import (
	"debug/elf"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/x86"
)

// Process finds symbols in a live process. It reads a file when an address in
// it is first asked for. It is not safe for use by several goroutines at once.
type Process struct {
	pid   tracer.TID
	dir   string // /proc/PID
	maps  []procfs.Map
	files map[fileKey]*reading
}

// fileKey tells mapped files apart, also where two had the same path.
type fileKey struct {
	dev   string
	inode uint64
	path  string
}

// image is what is kept of one file: a nil table means that it cannot be read.
type image struct {
	table *Table
	fixed bool // ET_EXEC: it lies where the file says
	loads []elf.ProgHeader
}

// reading is an image that is there once done is closed.
type reading struct {
	img  *image
	done chan struct{}
}

// OfProcess reads the mappings of a process. The error is that of [procfs.Maps].
func OfProcess(pid tracer.TID) (*Process, error) {
	p := &Process{pid: pid, dir: "/proc/" + pid.String(), files: map[fileKey]*reading{}}
	if err := p.Refresh(); err != nil {
		return nil, err
	}
	return p, nil
}

// Refresh reads the mappings again. Call it after the process has mapped a
// library or run execve(2). Tables of files that were read before are kept.
func (p *Process) Refresh() error {
	maps, err := procfs.Maps(p.pid)
	if err != nil {
		return err
	}
	p.maps = maps
	for key, r := range p.files {
		select {
		case <-r.done:
			if r.img.table == nil || key.path == vdso {
				delete(p.files, key)
			}
		default:
		}
	}
	return nil
}

// Forget is for memory from a up to end where something else has been mapped: nothing
// in it is found until the next Refresh.
func (p *Process) Forget(a, end tracer.Addr) { p.maps = procfs.Cut(p.maps, a, end) }

// Prefetch begins to read all files that code is mapped from, in goroutines of
// their own.
func (p *Process) Prefetch() {
	for _, m := range p.maps {
		if m.Executable() {
			p.read(m)
		}
	}
}

// Maps returns the mappings as they were at the last Refresh, by address.
func (p *Process) Maps() []procfs.Map { return p.maps }

// Map returns the mapping that a lies in.
func (p *Process) Map(a tracer.Addr) (procfs.Map, bool) { return procfs.MapOf(p.maps, a) }

// NoName is the object of memory without a name, and of none at all.
const NoName = "?"

// Object names what a lies in: the base name of a file, "[vdso]", "[stack]",
// "[heap]" and the like, or [NoName].
func (p *Process) Object(a tracer.Addr) string {
	m, ok := p.Map(a)
	if !ok || m.Path == "" {
		return NoName
	}
	return base(m.Path)
}

// Find returns the function that a lies in, with its address in memory, and
// how many bytes behind its start. It is false where nothing is mapped, where
// the file cannot be read, and between functions.
func (p *Process) Find(a tracer.Addr) (Symbol, uint64, bool) {
	m, ok := p.Map(a)
	if !ok {
		return Symbol{}, 0, false
	}
	img := p.image(m)
	bias, ok := img.bias(m)
	if !ok {
		return Symbol{}, 0, false
	}
	s, off, ok := img.table.Find(a - bias)
	s.Addr += bias
	return s, off, ok
}

// Lookup returns the function or variable of that name, with its address in
// memory: the first of [Process.Called].
func (p *Process) Lookup(name string) (Symbol, bool) {
	for s := range p.Called(name) {
		return s, true
	}
	return Symbol{}, false
}

// Called are the functions and variables of that name, with their addresses in
// memory. It asks the files in the order of their addresses, and the main program
// before all others.
func (p *Process) Called(name string) iter.Seq[Symbol] {
	return func(yield func(Symbol) bool) {
		main, _ := os.Stat(p.dir + "/exe")
		seen := map[tracer.Addr]bool{}
		for _, first := range []bool{true, false} {
			for _, m := range p.maps {
				if (main != nil && inode(main) == m.Inode) != first {
					continue
				}
				img := p.image(m)
				bias, ok := img.bias(m)
				if !ok {
					continue
				}
				s, ok := img.table.Lookup(name)
				if s.Addr += bias; !ok || seen[s.Addr] {
					continue
				}
				if seen[s.Addr] = true; !yield(s) {
					return
				}
			}
		}
	}
}

// image is that of the file behind a mapping.
func (p *Process) image(m procfs.Map) *image {
	r := p.read(m)
	<-r.done
	return r.img
}

// slots has room for the files that are read at a time, so that few descriptors are
// taken where many processes begin at once. A file can have another one beside it
// that holds its symbols.
var slots = make(chan struct{}, 4)

// read reads the file behind a mapping once.
func (p *Process) read(m procfs.Map) *reading {
	key := fileKey{m.Dev, m.Inode, m.Path}
	if r := p.files[key]; r != nil {
		return r
	}
	r := &reading{&image{}, make(chan struct{})}
	p.files[key] = r
	if m.Inode != 0 && strings.HasPrefix(m.Path, "/") {
		slots <- struct{}{}
		if f := p.open(m); f != nil {
			go func() {
				defer func() { <-slots }()
				defer close(r.done)
				defer f.Close()
				r.img = readImage(m.Path, f)
			}()
			return r
		}
		<-slots
	}
	if m.Path == vdso {
		r.img = p.vdso(m)
	}
	close(r.done)
	return r
}

func readImage(name string, r io.ReaderAt) *image {
	f, err := elf.NewFile(r)
	if err != nil {
		return &image{}
	}
	img := &image{table: FromELF(name, f), fixed: f.Type == elf.ET_EXEC}
	if !hasSymtab(f) {
		if debug := debugFile(f, debugFolder); debug != nil {
			img.table.addSymbols(base(name), debug)
			img.table.order()
			debug.Close()
		}
	}
	for _, prog := range f.Progs {
		if prog.Type == elf.PT_LOAD {
			img.loads = append(img.loads, prog.ProgHeader)
		}
	}
	return img
}

// open opens the file of a mapping. map_files leads to the very file, but needs
// a privilege; exe leads to the main program, deleted or in a memfd; the path
// counts only if the file there is still the one that is mapped.
func (p *Process) open(m procfs.Map) *os.File {
	for _, name := range []string{
		fmt.Sprintf("%s/map_files/%x-%x", p.dir, uint64(m.Start), uint64(m.End)),
		p.dir + "/exe",
		path.Join(p.dir, "root", m.Path),
	} {
		if f := openRegular(name, m.Inode); f != nil {
			return f
		}
	}
	return nil
}

// openRegular opens a regular file with that inode and nothing else: to open a
// FIFO would wait and to open a device may do something. The device number is
// not compared, because on some file systems maps and stat(2) differ in it.
func openRegular(name string, want uint64) *os.File {
	is := func(info os.FileInfo, err error) bool {
		return err == nil && info.Mode().IsRegular() && inode(info) == want
	}
	if !is(os.Stat(name)) {
		return nil
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	if !is(f.Stat()) {
		f.Close()
		return nil
	}
	return f
}

// bias is what the loader added to the addresses in the file, by the segment
// that the mapping is a part of: start - (p_vaddr - p_offset + offset).
func (img *image) bias(m procfs.Map) (tracer.Addr, bool) {
	if img.table == nil {
		return 0, false
	}
	if img.fixed {
		return 0, true
	}
	found, bias := false, tracer.Addr(0)
	for _, load := range img.loads {
		first := load.Off &^ (x86.PageSize - 1)
		if m.Offset < first || m.Offset >= load.Off+load.Filesz {
			continue
		}
		// Two segments can share a page of the file: the one with the same
		// permission to execute is the one that is meant.
		if same := load.Flags&elf.PF_X != 0 == m.Executable(); same || !found {
			found, bias = true, m.Start-tracer.Addr(load.Vaddr-load.Off+m.Offset)
			if same {
				break
			}
		}
	}
	return bias, found
}
