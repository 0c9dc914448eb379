package asm

import "fmt"

// Image is an executable copy of a Target, as Open makes it.
type Image struct {
	path string
	undo func() error
}

// Path is the path to execute: "/proc/self/fd/N", which means this process and
// the children that it forks, until they call execve; or the absolute path
// of a private file. It is good until Close.
func (i *Image) Path() string { return i.path }

// Close removes what Open made. A program that was started from it runs on. A
// second Close does nothing.
func (i *Image) Close() error {
	undo := i.undo
	i.undo = nil
	if undo == nil {
		return nil
	}
	return undo()
}

// Open makes an executable copy of the program, for which the caller must call Close.
//
// On Linux the copy is a memfd (memfd_create(2)): a file without a name, which
// needs no directory and leaves nothing behind. Where memfds are refused, or may
// not be executed (the sysctl vm.memfd_noexec), it is a file in a new private
// directory, in the first place that is writable and not mounted noexec. The
// error names everything that was tried. On other systems Open
// always fails.
func (t Target) Open() (*Image, error) {
	image, err := open(t.Name, t.Bytes())
	if err != nil {
		return nil, fmt.Errorf("asm: no executable copy of %s: %w", t.Name, err)
	}
	return image, nil
}

// OpenMemfd is Open with a memfd alone.
func (t Target) OpenMemfd() (*Image, error) { return openMemfd(t.Name, t.Bytes()) }

// OpenIn is Open with a file in a new private directory inside dir alone.
func (t Target) OpenIn(dir string) (*Image, error) { return openFileIn(dir, t.Name, t.Bytes()) }
