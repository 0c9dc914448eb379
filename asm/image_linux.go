package asm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// open copies data to a memfd, or to a file if that cannot be.
func open(name string, data []byte) (*Image, error) {
	image, memfdErr := openMemfd(name, data)
	if memfdErr == nil {
		return image, nil
	}
	image, fileErr := openFile(name, data, directories())
	if fileErr == nil {
		return image, nil
	}
	return nil, errors.Join(memfdErr, fileErr)
}

// openMemfd copies data to a memfd. Its number is a plain int, not an os.File,
// whose finalizer could close it while only the path is still in use.
func openMemfd(name string, data []byte) (*Image, error) {
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_EXEC)
	if err == unix.EINVAL {
		// Linux before 6.3 does not know MFD_EXEC: every memfd is executable.
		fd, err = unix.MemfdCreate(name, flags)
	}
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	image := &Image{
		path: fmt.Sprintf("/proc/self/fd/%d", fd),
		undo: func() error { return unix.Close(fd) },
	}
	if err := fill(fd, data); err != nil {
		image.Close()
		return nil, os.NewSyscallError("write", err)
	}
	// A seal keeps the program as it is. It is a precaution: nothing depends on it.
	unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS,
		unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL)
	if err := executable(image.path); err != nil {
		image.Close()
		return nil, err
	}
	return image, nil
}

// fill writes all of data to fd.
func fill(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// directories are the places for a file, best first. An empty one is not set.
func directories() []string {
	cache, _ := os.UserCacheDir()
	return []string{
		os.TempDir(), os.Getenv("XDG_RUNTIME_DIR"), cache,
		"/dev/shm", "/var/tmp", ".",
	}
}

// openFile copies data to a file in the first of dirs that allows it.
func openFile(name string, data []byte, dirs []string) (*Image, error) {
	refused := []error{errors.New("no directory takes an executable file")}
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		image, err := openFileIn(dir, name, data)
		if err == nil {
			return image, nil
		}
		refused = append(refused, err)
	}
	return nil, errors.Join(refused...)
}

// openFileIn copies data to a file of mode 0500 in a new directory of mode 0700
// inside dir.
func openFileIn(dir, name string, data []byte) (*Image, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return nil, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	if fs.Flags&unix.ST_NOEXEC != 0 {
		return nil, fmt.Errorf("%s is mounted noexec: %w", dir, unix.EACCES)
	}
	private, err := os.MkdirTemp(dir, "ptwalk-")
	if err != nil {
		return nil, err
	}
	image := &Image{
		path: filepath.Join(private, name),
		undo: func() error { return os.RemoveAll(private) },
	}
	if err := writeProgram(image.path, data); err != nil {
		image.Close()
		return nil, err
	}
	if err := executable(image.path); err != nil {
		image.Close()
		return nil, err
	}
	return image, nil
}

// writeProgram writes the file while no child is being forked. A child that
// inherited the open file would make execve fail with ETXTBSY (golang/go#22315).
func writeProgram(path string, data []byte) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, data, 0o500)
}

// executable asks access(2), which knows the file's mode and its mount.
func executable(path string) error {
	if err := unix.Access(path, unix.X_OK); err != nil {
		return &os.PathError{Op: "access", Path: path, Err: err}
	}
	return nil
}
