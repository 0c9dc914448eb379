package become

// What is mounted for this process alone: files of /proc with other values, and
// other folders.

import (
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	"ptwalk/internal/seccomptest"
)

// fakeYama shows a ptrace_scope to this process and to what it starts. The
// kernel does not act by it.
func fakeYama(scope int) error {
	if err := hideYama(0); err != nil {
		return err
	}
	const dir = "/proc/sys/kernel/yama"
	return first(os.Mkdir(dir, 0o755), os.WriteFile(dir+"/ptrace_scope", []byte(strconv.Itoa(scope)+"\n"), 0o644))
}

// hideYama makes a machine of one with Yama that has none.
func hideYama(int) error {
	return first(privateMounts(), unix.Mount("none", "/proc/sys/kernel", "tmpfs", 0, ""))
}

// privateMounts keeps what is mounted from now on to this process.
func privateMounts() error {
	return first(unix.Unshare(unix.CLONE_NEWNS), unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
}

// hidePID hides other users' processes in /proc, as the mount option does.
func hidePID(n int) error {
	return first(privateMounts(), unix.Mount("proc", "/proc", "proc", 0, "hidepid="+strconv.Itoa(n)))
}

// noexecTemp gives this process a temporary folder of its own that runs nothing.
func noexecTemp(int) error {
	return first(privateMounts(), unix.Mount("none", os.TempDir(), "tmpfs", unix.MS_NOEXEC, ""))
}

// shortTrue puts a program of a thousand instructions in the place of /bin/true,
// for this process. Lesson 4 steps through that, which has a hundred thousand.
func shortTrue(int) error {
	path := filepath.Join(os.TempDir(), "true")
	return first(privateMounts(), unix.Mount("none", os.TempDir(), "tmpfs", 0, ""),
		os.WriteFile(path, asm.HelloC.Bytes(), 0o755), unix.Mount(path, "/bin/true", "", unix.MS_BIND, ""))
}

// noexecMemfd shows a value of vm.memfd_noexec, and answers memfd_create with EACCES
// as the kernel does at 2.
func noexecMemfd(value int) error {
	return first(privateMounts(), unix.Mount("none", "/proc/sys/vm", "tmpfs", 0, ""),
		os.WriteFile("/proc/sys/vm/memfd_noexec", []byte(strconv.Itoa(value)+"\n"), 0o644),
		seccomptest.Answer(unix.SYS_MEMFD_CREATE, seccomptest.Fails(unix.EACCES)))
}
