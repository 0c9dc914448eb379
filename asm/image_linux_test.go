package asm

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMemfdHoldsTheProgram(t *testing.T) {
	image, err := openMemfd("hello64", Hello64.Bytes())
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		skip(t, "memfds are refused here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()

	got, err := os.ReadFile(image.Path())
	if err != nil || string(got) != string(Hello64.Bytes()) {
		t.Errorf("%s holds %d bytes, not the program (%v)", image.Path(), len(got), err)
	}
	// The seal: not even its owner writes to it any more.
	f, err := os.OpenFile(image.Path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write([]byte{0}); !errors.Is(err, unix.EPERM) {
		t.Errorf("write to the sealed memfd: %v, want EPERM", err)
	}
}

func TestCloseRemovesTheMemfd(t *testing.T) {
	image, err := openMemfd("hello64", Hello64.Bytes())
	if err != nil {
		skip(t, "memfds are refused here: %v", err)
	}
	link, err := os.Readlink(image.Path())
	if err != nil || !strings.Contains(link, "memfd:hello64") {
		t.Errorf("%s is %q (%v), want the memfd", image.Path(), link, err)
	}
	closeTwice(t, image)
	// Another goroutine may have the number by now, but not for this memfd.
	if after, _ := os.Readlink(image.Path()); after == link {
		t.Errorf("%s is still %s", image.Path(), after)
	}
}

func TestFileIsPrivateAndRemoved(t *testing.T) {
	image := fallback(t, Hello64)
	dir := filepath.Dir(image.Path())
	if !filepath.IsAbs(image.Path()) || filepath.Base(image.Path()) != Hello64.Name {
		t.Errorf("path %q, want an absolute one that ends in %s", image.Path(), Hello64.Name)
	}
	for path, want := range map[string]fs.FileMode{dir: fs.ModeDir | 0o700, image.Path(): 0o500} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
		}
	}
	closeTwice(t, image)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there after Close (%v)", dir, err)
	}
}

// The first directory that works is taken: a missing one, an empty name and a
// file system that holds no programs are passed over.
func TestFilePassesOverDirectoriesThatRefuse(t *testing.T) {
	first := fallback(t, Hello64)
	good := filepath.Dir(filepath.Dir(first.Path()))
	missing := filepath.Join(t.TempDir(), "missing")

	image, err := openFile("hello64", Hello64.Bytes(), []string{missing, "", "/proc", good})
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	if got := filepath.Dir(filepath.Dir(image.Path())); got != good {
		t.Errorf("the file is in %s, want %s", got, good)
	}
}

func TestFileNamesEveryRefusal(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	image, err := openFile("hello64", Hello64.Bytes(), []string{missing, "/proc"})
	if err == nil {
		image.Close()
		t.Fatal("a missing directory and /proc took a program")
	}
	for _, dir := range []string{missing, "/proc"} {
		if !strings.Contains(err.Error(), dir) {
			t.Errorf("the error does not name %s: %v", dir, err)
		}
	}
	if _, err := openFile("hello64", nil, []string{"", ""}); err == nil {
		t.Error("no directory at all, and no error")
	}
}

// Root makes a noexec mount of its own, in a mount namespace that one thread has
// to itself and takes with it. Others need one that is there.
func TestNoexecDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	refused := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends here
		if err := mountNoexec(dir); err != nil {
			dir = noexecMount()
		}
		if dir == "" {
			refused <- nil
			return
		}
		image, err := openFileIn(dir, "hello64", nil)
		if err == nil {
			image.Close()
			err = errors.New("no error")
		}
		refused <- err
	}()
	switch err := <-refused; {
	case err == nil:
		t.Skip("this user cannot mount, and nothing is mounted noexec here")
	case !strings.Contains(err.Error(), "is mounted noexec"):
		t.Errorf("%v, want an error that says noexec", err)
	}
}

// mountNoexec mounts a tmpfs on dir that only the calling thread sees.
func mountNoexec(dir string) error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	return unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOEXEC, "")
}

// noexecMount is some place of this machine that is mounted noexec, or "".
func noexecMount() string {
	mounts, _ := os.ReadFile("/proc/self/mounts")
	for line := range strings.Lines(string(mounts)) {
		var st unix.Statfs_t
		dir := strings.Fields(line)[1]
		if unix.Statfs(dir, &st) == nil && st.Flags&unix.ST_NOEXEC != 0 {
			return dir
		}
	}
	return ""
}

// Children that are forked while a file is being written do not make the execve
// of another one fail with ETXTBSY.
func TestFilesRunWhileOthersAreWritten(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				image, err := openFile("hello64", Hello64.Bytes(), directories())
				if err != nil {
					t.Error(err)
					return
				}
				p, err := launch(t, image.Path(), Hello64.Name)
				if err != nil {
					t.Error(err)
				} else if ws := p.end(); ws.ExitStatus() != 1 {
					t.Errorf("hello64 ended with %#x", uint32(ws))
				}
				image.Close()
			}
		})
	}
	wg.Wait()
}

// fallback opens the target as a file, as Open does where memfds are refused.
func fallback(t *testing.T, target Target) *Image {
	t.Helper()
	image, err := openFile(target.Name, target.Bytes(), directories())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { image.Close() })
	return image
}

func closeTwice(t *testing.T, image *Image) {
	t.Helper()
	for range 2 {
		if err := image.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}
