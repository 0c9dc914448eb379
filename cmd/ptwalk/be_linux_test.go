package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A tracer or a target of a certain kind: the test binary called "be" makes
// itself one, change after change, and then runs a command in its place.
//
//	be uid=65534 filter=1 -- ptwalk attach 4211

func init() {
	programs["be"] = be
	if filepath.Base(os.Args[0]) == "be" {
		runtime.LockOSThread() // what it changes belongs to its first thread
	}
}

// changes are what "be" can be told to do to itself.
var changes = map[string]func(int) error{
	"gid": func(id int) error { return first(syscall.Setgroups(nil), syscall.Setresgid(id, id, id)) },
	"uid": func(id int) error { return syscall.Setresuid(id, id, id) },
	// As a set-user-ID program of root, started by id.
	"setuid": func(id int) error { return syscall.Setresuid(id, 0, 0) },
	// Setting an id takes the dumpable flag, which execve gives back.
	"dumpable": func(n int) error { return unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(n), 0, 0, 0) },
	"nocap":    func(bit int) error { return dropCapability(bit) },
	"yama":     fakeYama,
	"proc":     func(int) error { return hideYama() },
	"filter":   func(errno int) error { filterCall(unix.SYS_PTRACE, unix.SECCOMP_RET_ERRNO|uint32(errno)); return nil },
	"kill":     func(nr int) error { filterCall(uint32(nr), unix.SECCOMP_RET_KILL_PROCESS); return nil },
	"eperm":    func(nr int) error { filterCall(uint32(nr), unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM)); return nil },
	"request":  func(request int) error { filterRequests([]uint32{uint32(request)}); return nil },
	"likeyama": func(int) error {
		filterRequests([]uint32{unix.PTRACE_TRACEME}, unix.PTRACE_ATTACH, unix.PTRACE_SEIZE)
		return nil
	},
	"no32":     func(int) error { killI386(); return nil },
	"noexec":   noexecTemp,
	"notemp":   func(int) error { return os.Remove(os.TempDir()) },
	"memfd":    noexecMemfd,
	"short":    shortTrue,
	"hidepid":  hidePID,
	"landlock": func(int) error { return enterLandlock() },
	"stay":     func(int) error { return stay() },
	"patient":  func(int) error { _, err := io.Copy(io.Discard, os.Stdin); return err },
	"leave":    func(int) error { return leave() },
	"churn":    func(int) error { return churn() },
}

func be() {
	for i, word := range os.Args[1:] {
		if word == "--" {
			run := os.Args[i+2:]
			path, err := exec.LookPath(run[0])
			switch {
			case programs[run[0]] != nil:
				path = "/proc/self/exe" // another user may not come to the folder of the test
			case err != nil:
				panic(err)
			}
			panic(syscall.Exec(path, run, os.Environ()))
		}
		name, value, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(value)
		if err := changes[name](n); err != nil {
			fmt.Fprintln(os.Stderr, "be", word+":", err)
			os.Exit(99)
		}
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// dropCapability takes a capability from the bounding set and from this thread.
// An execve as root gives back what the bounding set allows.
func dropCapability(bit int) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return err
	}
	data[0].Effective &^= 1 << bit
	data[0].Permitted &^= 1 << bit
	return first(unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(bit), 0, 0, 0), unix.Capset(&header, &data[0]))
}

// filterCall puts a filter on this process that has an action for one system call.
func filterCall(nr uint32, action uint32) {
	install([]unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: nr, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: action},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	})
}

// filterRequests answers some ptrace requests with EPERM, and others too unless
// they name process 0, which is not there: by that the doctor tells a filter from
// the kernel.
func filterRequests(requests []uint32, ofProcesses ...uint32) {
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	skip := func(is, isNot uint8, k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: is, Jf: isNot}
	}
	allow := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW}
	eperm := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	const request, pid = 16, 24 // where the arguments are
	filter := []unix.SockFilter{load(0), skip(1, 0, unix.SYS_PTRACE), allow, load(request)}
	for _, r := range requests {
		filter = append(filter, skip(0, 1, r), eperm)
	}
	filter = append(filter, load(pid), skip(0, 1, 0), allow, load(request))
	for _, r := range ofProcesses {
		filter = append(filter, skip(0, 1, r), eperm)
	}
	install(append(filter, allow))
}

// killI386 kills whoever makes a system call of the i386 table.
func killI386() {
	install([]unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 4}, // the architecture
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.AUDIT_ARCH_I386, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	})
}

// enterLandlock puts this process into a domain, with a rule that keeps it from
// making sockets in folders. From a domain nobody outside can be traced.
func enterLandlock() error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: unix.LANDLOCK_ACCESS_FS_MAKE_SOCK}
	fd, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), 8, 0)
	if errno != 0 {
		return errno
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, errno = syscall.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// stay lives until standard input ends.
func stay() error {
	fmt.Println("here")
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
	return nil
}

// leave ends the first thread of this process; others stay.
func leave() error {
	go stay()
	_, _, err := syscall.Syscall(unix.SYS_EXIT, 0, 0, 0)
	return err
}

// churn starts threads that end at once, without an end.
func churn() error {
	go stay()
	for {
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // the thread ends with its goroutine
			unix.Nanosleep(&unix.Timespec{Nsec: 200_000}, nil)
			close(done)
		}()
		<-done
	}
}

// subject is a target of a certain kind, which stays until the end of the test.
type subject struct {
	cmd *exec.Cmd
	pid int
}

func (s *subject) String() string { return strconv.Itoa(s.pid) }

// subjected starts a target that has changed itself.
func subjected(t *testing.T, changes string) *subject {
	t.Helper()
	cmd := exec.Command("be", words(changes)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		in.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	line := make([]byte, len("here\n"))
	if _, err := io.ReadFull(out, line); err != nil {
		t.Fatalf("be %s: %v", changes, err)
	}
	return &subject{cmd, cmd.Process.Pid}
}

// untouched: nobody traces it, and it neither ended nor stopped.
func (s *subject) untouched(t *testing.T) {
	t.Helper()
	if tracer := statusOf(s.pid, "TracerPid"); tracer != "0" {
		t.Errorf("process %s has the tracer %q", describe(s.pid), tracer)
	}
	await(t, fmt.Sprintf("%s lives as before", describe(s.pid)), func() bool {
		state := statusOf(s.pid, "State")
		return state != "" && strings.ContainsRune("RS", rune(state[0]))
	})
}

// forAll lets other users run a program of this test by its name.
func forAll(t *testing.T, name string) {
	t.Helper()
	path, err := exec.LookPath(name)
	must(t, err)
	for range 2 {
		path = filepath.Dir(path)
		must(t, os.Chmod(path, 0o755))
	}
}

// needsRoot skips a test that starts processes of other users, or changes what
// this machine looks like.
func needsRoot(t *testing.T) {
	t.Helper()
	needsPtrace(t)
	if !isRoot(t) {
		t.Skip("only root with its capabilities can make other users' processes and mount")
	}
}

// isRoot says whether we are root, with the capabilities that the changes need.
func isRoot(t *testing.T) bool {
	t.Helper()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	must(t, unix.Capget(&header, &data[0]))
	const all = 1<<unix.CAP_SYS_PTRACE | 1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETPCAP
	return os.Getuid() == 0 && data[0].Effective&all == all
}

// needsAttach skips a test that attaches to a process which is no descendant.
func needsAttach(t *testing.T) {
	t.Helper()
	needsPtrace(t)
	scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err == nil && scope[0] != '0' && os.Getuid() != 0 {
		t.Skip("Yama lets an ordinary user attach to descendants alone")
	}
}

func init() { programs["holdexec"] = holdExec }

// holdExec starts a process, begins to trace a thread of it that is not the
// first, and has it call execve. It never waits for that thread: so execve
// cannot end, until this process does.
func holdExec() {
	runtime.LockOSThread()
	cmd := exec.Command("be", "patient", "--", "sleep", "300")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		panic(err)
	}
	pid := cmd.Process.Pid
	for len(tasks(pid)) < 2 {
		runtime.Gosched()
	}
	if _, _, errno := syscall.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tasks(pid)[1]), 0, 0, 0, 0); errno != 0 {
		panic(errno)
	}
	in.Close()
	fmt.Println(pid)
	for {
		unix.Pause()
	}
}
