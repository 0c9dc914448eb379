package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/procfs"
)

// These tests ask the real kernel, and are named after the scenarios. In each
// the kernel has to refuse by itself, with the errno given, and the doctor has
// to know the cause before the kernel was asked and after.

func checkRefusal(t *testing.T, a answer, errno syscall.Errno, code string, says ...string) {
	t.Helper()
	if a.Errno != errno {
		t.Errorf("the kernel says %v, want %v", a.Errno, errno)
	}
	if !a.Foreseen || a.Before != a.After {
		t.Errorf("before asking: %t\n%v\nafter:\n%v", a.Foreseen, a.Before, a.After)
	}
	if !a.Explained || a.After.Code != code {
		t.Fatalf("got:\n%v\nwant %s", a.After, code)
	}
	checkForm(t, a.After)
	for _, s := range says {
		if text := strings.ReplaceAll(a.After.String(), "\n", " "); !strings.Contains(text, s) {
			t.Errorf("%q does not say %q", text, s)
		}
	}
	t.Logf("%v", a.After)
}

// askHere asks from a thread of this process that is no one else's.
func askHere(pid int) answer {
	answers := make(chan answer)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with the test
		answers <- ask(pid)
	}()
	return <-answers
}

// needPtrace skips where ptrace is refused altogether, and fails in CI.
func needPtrace(t *testing.T) {
	t.Helper()
	a := start(t, nil, "traceme").answer(t)
	if a.Errno == 0 {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("ptrace is refused here:\n%v", a.After)
	}
	t.Skipf("ptrace is refused here:\n%v", a.After)
}

func needRoot(t *testing.T) {
	t.Helper()
	needPtrace(t)
	if o := machine.self(0); o.Status.UID.Real != 0 || !o.Status.CapEff.Has(procfs.CapSysPtrace) || !o.InitNS {
		t.Skip("only root can start processes of other users")
	}
}

// nobody are the parts that make a helper a process of nobody. A process that
// changes its ids is not dumpable any more, so a target asks for that again.
var nobody = []string{"drop-groups", "group=65534", "user=65534", "dumpable=1"}

func asNobody(does ...string) []string { return append(append([]string{}, nobody...), does...) }

func seizing(pid int) string { return fmt.Sprintf("seize=%d", pid) }

func TestAnOrdinaryChildCanBeTraced(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	if a := askHere(pid); a.Errno != 0 || a.Foreseen {
		t.Errorf("%+v", a)
	}
}

func TestB01NoSuchPid(t *testing.T) {
	needPtrace(t)
	cmd := start(t, nil, "dumpable=1").cmd
	cmd.Process.Kill()
	cmd.Wait()
	pid := cmd.Process.Pid // reaped: nobody has this pid now
	checkRefusal(t, askHere(pid), unix.ESRCH, "PT-NOPID", fmt.Sprintf("no process %d", pid))
}

func TestB02NotAPid(t *testing.T) {
	for _, pid := range []int{0, -1, -1 << 31, 1<<31 - 1} {
		checkRefusal(t, ask(pid), unix.ESRCH, "PT-NOPID", fmt.Sprintf("no process %d", pid))
	}
}

func TestB03Self(t *testing.T) {
	needPtrace(t)
	checkRefusal(t, askHere(os.Getpid()), unix.EPERM, "PT-SELF", "ptwalk itself")
	other, done := make(chan int), make(chan bool)
	defer close(done)
	go func() {
		runtime.LockOSThread()
		other <- unix.Gettid()
		<-done
	}()
	if tid := <-other; tid != os.Getpid() {
		checkRefusal(t, askHere(tid), unix.EPERM, "PT-SELF", fmt.Sprintf("%d is a thread of ptwalk", tid))
	}
}

func TestB03ThreadNamesItsProcess(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	tids := machine.living(pid)
	if len(tids) == 0 {
		t.Fatal("a Go process with one thread")
	}
	d, ok := Pid(tids[0], 0)
	if !ok || d.Code != "PT-THREAD" || !strings.HasSuffix(d.Fix, fmt.Sprintf(": %d.", pid)) {
		t.Errorf("%v", d)
	}
}

func TestB04Zombie(t *testing.T) {
	needPtrace(t)
	cmd := start(t, nil, "dumpable=1").cmd
	cmd.Process.Kill()
	if err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	checkRefusal(t, askHere(cmd.Process.Pid), unix.EPERM, "PT-ZOMBIE", "zombie", fmt.Sprintf("(%d), has not", os.Getpid()))
}

func TestB05KernelThread(t *testing.T) {
	needPtrace(t)
	s, ok := machine.status(2)
	if !ok || s.Name != "kthreadd" {
		t.Skip("this pid namespace has no kernel threads: process 2 is not kthreadd")
	}
	checkRefusal(t, askHere(2), unix.EPERM, "PT-KTHREAD", "kthreadd (2)")
}

func TestB06AlreadyTraced(t *testing.T) {
	needPtrace(t)
	tracer := start(t, nil, "hold-tracee")
	pid := tracer.pid(t)
	checkRefusal(t, askHere(pid), unix.EPERM, "PT-TRACED", fmt.Sprintf("(%d)", tracer.cmd.Process.Pid))
}

func TestB07Owner(t *testing.T) {
	needRoot(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	a := start(t, nil, asNobody(seizing(pid))...).answer(t)
	checkRefusal(t, a, unix.EPERM, "PT-OWNER", "belongs to "+userID(0).String(), "runs as "+userID(65534).String(), "as root")
}

func TestB07RootIsNotAskedForTheOwner(t *testing.T) {
	needRoot(t)
	pid := start(t, nil, asNobody()...).pid(t)
	if a := askHere(pid); a.Errno != 0 || a.Foreseen {
		t.Errorf("%+v", a)
	}
}

func TestB08SetID(t *testing.T) {
	needRoot(t)
	pid := start(t, nil, "drop-groups", "group=65534", "real-user=65534", "dumpable=1").pid(t)
	a := start(t, nil, asNobody(seizing(pid))...).answer(t)
	checkRefusal(t, a, unix.EPERM, "PT-SETID", userID(65534).String(), userID(0).String())
}

func TestB09Group(t *testing.T) {
	needRoot(t)
	pid := start(t, nil, "drop-groups", "group=100", "user=65534", "dumpable=1").pid(t)
	a := start(t, nil, asNobody(seizing(pid))...).answer(t)
	checkRefusal(t, a, unix.EPERM, "PT-GROUP", "has the group "+groupID(100).String(), groupID(65534).String())
}

func TestB10NotDumpable(t *testing.T) {
	needPtrace(t)
	var pid int
	var a answer
	if os.Getuid() == 0 { // whom it would not stop
		needRoot(t)
		pid = start(t, nil, asNobody("dumpable=0")...).pid(t)
		a = start(t, nil, asNobody(seizing(pid))...).answer(t)
	} else {
		pid = start(t, nil, "dumpable=0").pid(t)
		a = askHere(pid)
	}
	checkRefusal(t, a, unix.EPERM, "PT-NODUMP", fmt.Sprintf("Process %d is not dumpable", pid))
}

func TestB11Yama(t *testing.T) {
	needPtrace(t)
	// No machine has all values of Yama. The facts are those of two real
	// processes; ptrace_scope alone is made up, in a folder that shows the rest
	// of /proc by links.
	target := start(t, nil, "dumpable=1").pid(t)
	for scope, want := range map[string]string{"0": "PT-KERNEL PT-LSM", "1": "PT-KERNEL PT-LSM", "2": "PT-YAMA-2", "3": "PT-YAMA-3"} {
		r := withYama(t, scope, os.Getpid(), os.Getppid(), target)
		f := r.facts("PTRACE_SEIZE", target, unix.EPERM)
		f.Self.Status.CapEff = 0 // as an ordinary user's
		if !f.Descendant {
			t.Error("the helper is not our descendant")
		}
		if d, ok := decide(f); !ok || !strings.Contains(want, d.Code) {
			t.Errorf("Yama %s, own child: %v, want %s", scope, d, want)
		}
	}
	r := withYama(t, "1", os.Getpid(), os.Getppid())
	f := r.facts("PTRACE_SEIZE", os.Getppid(), unix.EPERM)
	if f.Self.Status.CapEff = 0; f.Descendant {
		t.Error("our parent is our descendant")
	}
	if f.Status.UID == f.Self.Status.UID && f.Access == accessGranted {
		if d, ok := decide(f); !ok || d.Code != "PT-YAMA-1" {
			t.Errorf("Yama 1, our parent: %v", d)
		}
	}
}

// withYama is a /proc with some processes of the real one and a ptrace_scope.
func withYama(t *testing.T, scope string, pids ...int) reader {
	t.Helper()
	dir := t.TempDir()
	yama := filepath.Join(dir, "sys", "kernel", "yama")
	if err := os.MkdirAll(yama, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(yama, "ptrace_scope"), []byte(scope+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	links := []string{"self", "thread-self", "cpuinfo"}
	for _, pid := range pids {
		links = append(links, strconv.Itoa(pid))
	}
	for _, name := range links {
		if err := os.Symlink("/proc/"+name, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return reader{dir, "/sys"}
}

func TestB12NoCapability(t *testing.T) {
	needRoot(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	a := start(t, nil, "drop-caps", seizing(pid)).answer(t)
	checkRefusal(t, a, unix.EPERM, "PT-CAP", "root without CAP_SYS_PTRACE")
}

func TestB12NoCapabilityOnEitherSide(t *testing.T) {
	needRoot(t)
	// A child of the first thread inherits what that thread has left.
	pid := start(t, nil, "drop-caps").pid(t)
	a := start(t, nil, "drop-caps", seizing(pid)).answer(t)
	if a.Errno != 0 || a.Foreseen {
		t.Errorf("%+v: a tracer needs no more than its tracee has", a)
	}
}

func TestB13Seccomp(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	for _, errno := range []syscall.Errno{unix.EPERM, unix.ENOSYS} {
		a := start(t, nil, fmt.Sprintf("filter=%d", errno), seizing(pid)).answer(t)
		checkRefusal(t, a, errno, "PT-SECCOMP", "seccomp")
	}
}

func TestB14UserNamespace(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "dumpable=1").pid(t)
	a := start(t, &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}, seizing(pid)).answer(t)
	checkRefusal(t, a, unix.EPERM, "PT-USERNS", "user namespace")
}

func TestB23ZombieLeader(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "lose-leader").pid(t)
	// Nothing reports the end of a first thread alone; /proc shows it.
	for end := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		if s, ok := machine.status(pid); ok && s.State == 'Z' {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the first thread has not ended")
		}
	}
	a := askHere(pid)
	if a.Before.Code == a.After.Code {
		a.Before = a.After // the Go runtime starts threads when it likes: their list may differ
	}
	checkRefusal(t, a, unix.EPERM, "PT-ZOMBIE", "first thread", fmt.Sprintf("(%d)", os.Getpid()))
	for _, tid := range machine.living(pid) { // no advice to attach to what is refused
		d, refused := Pid(tid, 0)
		if !refused || d.Code != "PT-THREAD" || d.Fix != "" || !strings.Contains(d.Why, "zombie") {
			t.Errorf("thread %d: %v", tid, d)
		}
	}
}

func TestI06HostileName(t *testing.T) {
	needPtrace(t)
	pid := start(t, nil, "name").pid(t)
	text, err := machine.file(strconv.Itoa(pid), "stat")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimRight(string(hostile), "\x00")
	if s, err := procfs.ParseStat(text); err != nil || s.Comm != want || s.Pid != pid || s.PPid != os.Getpid() {
		t.Errorf("%q gives %+v, %v", text, s, err)
	}
	if s, ok := machine.status(pid); !ok || s.Name != want {
		t.Errorf("status gives %+v", s)
	}
}

func TestSelfOK(t *testing.T) {
	needPtrace(t)
	if d := Self(0); d.Code != "PT-OK" || d.Exit != 0 {
		t.Errorf("%v", d)
	}
}

func TestSelfSeccomp(t *testing.T) {
	needPtrace(t)
	for _, errno := range []syscall.Errno{unix.EPERM, unix.ENOSYS} {
		a := start(t, nil, fmt.Sprintf("filter=%d", errno), "traceme").answer(t)
		if a.Errno != errno || a.After.Code != "PT-SECCOMP" {
			t.Errorf("%+v", a)
		}
	}
}

func TestSelfTraced(t *testing.T) {
	needPtrace(t)
	tracer := start(t, nil, "follow-forks")
	a := tracer.answer(t)
	if a.Errno != unix.EPERM || a.After.Code != "PT-TRACED" || !strings.Contains(a.After.Why, fmt.Sprintf("(%d)", tracer.cmd.Process.Pid)) {
		t.Errorf("%+v", a)
	}
	checkForm(t, a.After)
}
