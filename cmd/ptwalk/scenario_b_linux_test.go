package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Attaching, and why it is refused. The doctor's own tests ask the kernel for
// each cause and compare; these are what a person sees.

// attachAs runs ptwalk attach on a process, as somebody whom "be" can be.
func attachAs(t *testing.T, who string, pid any) ending {
	t.Helper()
	return session(t, append(append([]string{"be"}, words(who)...), "--", "ptwalk", "attach", fmt.Sprint(pid)))
}

// refuses checks a refusal: exit status 3, one to three lines, the code at the
// end and no other, all that it has to name, and nothing on standard output.
func (e ending) refuses(t *testing.T, code string, names ...string) {
	t.Helper()
	e.wants(t, 3, "["+code+"]\n")
	e.oneSentence(t)
	text := strings.Join(strings.Fields(e.Stderr), " ")
	for _, name := range names {
		if !strings.Contains(text, name) {
			t.Errorf("%q is not named:\n%s", name, e.Stderr)
		}
	}
	if codes := regexp.MustCompile(`\[PT-[A-Z0-9-]+\]`).FindAllString(text, -1); len(codes) != 1 || e.Stdout != "" {
		t.Errorf("codes %q, want one; standard output %q, want none", codes, e.Stdout)
	}
}

const nobody = "gid=65534 uid=65534"

func TestB01NoSuchProcess(t *testing.T) {
	gone := subjected(t, "stay")
	gone.cmd.Process.Kill()
	gone.cmd.Wait()
	e := session(t, []string{"ptwalk", "attach", gone.String()})
	e.wants(t, 4, fmt.Sprintf("ptwalk: There is no process %d. [PT-NOPID]\n", gone.pid))
	// No machine has this number: it is beyond the kernel's own limit.
	session(t, words("ptwalk attach 2147483647")).wants(t, 4, "no process 2147483647. [PT-NOPID]")
}

func TestB02NotAPID(t *testing.T) {
	for _, operands := range [][]string{
		{"0"}, {"-1"}, {"--", "-1"}, {"12abc"}, {"sleep"}, {""}, {" 1"}, {"1.5"}, {"0x1"}, {"2147483648"}, {"99999999999999999999"}, {"1", "1"}, {"-p", ""}, {"-p", "1", "1"},
	} {
		e := session(t, append(words("ptwalk attach"), operands...))
		e.wants(t, 2, "usage: ptwalk attach")
		if lines := strings.Count(e.Stderr, "\n"); lines != 2 || e.Stdout != "" {
			t.Errorf("%q: want one sentence and one line of usage:\n%s%s", operands, e.Stderr, e.Stdout)
		}
	}
}

func TestB03Ourselves(t *testing.T) {
	needsPtrace(t)
	session(t, []string{"sh", "-c", "exec ptwalk attach $$"}).refuses(t, "PT-SELF", "ptwalk itself")
}

// The parent may be looked at, with a warning: it is the shell, as a rule.
func TestB03Parent(t *testing.T) {
	needsAttach(t)
	e := session(t, []string{"sh", "-c", "ptwalk attach $$; exit $?"})
	e.wants(t, 0, "is the parent of ptwalk")
	if !strings.Contains(e.Stdout, "Left as found") {
		t.Errorf("it was not looked at:\n%s", e.Stdout)
	}
}

func TestB03Thread(t *testing.T) {
	needsPtrace(t)
	k := startTickers(t)
	for _, tid := range otherThreads(k.pid) {
		session(t, []string{"ptwalk", "attach", strconv.Itoa(tid)}).
			refuses(t, "PT-THREAD", fmt.Sprintf("ptwalk attach %d", k.pid), statusOf(k.pid, "Name"))
	}
	k.unharmed()
}

func tasks(pid int) (tids []int) {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, e := range entries {
		tid, _ := strconv.Atoi(e.Name())
		tids = append(tids, tid)
	}
	return tids
}

// otherThreads are the threads of a process but for its first.
func otherThreads(pid int) []int {
	return slices.DeleteFunc(tasks(pid), func(tid int) bool { return tid == pid })
}

func TestB04Zombie(t *testing.T) {
	zombie := subjected(t, "stay")
	zombie.cmd.Process.Kill()
	await(t, "it is a zombie", func() bool { return strings.HasPrefix(statusOf(zombie.pid, "State"), "Z") })
	session(t, []string{"ptwalk", "attach", zombie.String()}).refuses(t, "PT-ZOMBIE", fmt.Sprintf("(%d)", os.Getpid()))
}

func TestB05KernelThread(t *testing.T) {
	if statusOf(2, "Name") != "kthreadd" {
		t.Skip("this PID namespace has no thread of the kernel")
	}
	session(t, words("ptwalk attach 2")).refuses(t, "PT-KTHREAD", "kthreadd (2)")
}

func TestB06HasATracer(t *testing.T) {
	needsPtrace(t)
	needs(t, "strace")
	strace := start(t, words("strace -qq -o /dev/null sleep 300"))
	pid := 0
	await(t, "strace has its tracee", func() bool {
		for _, child := range childrenOf(strace.pid) {
			if statusOf(child, "TracerPid") == strconv.Itoa(strace.pid) && statusOf(child, "Name") == "sleep" {
				pid = child
			}
		}
		return pid != 0
	})
	session(t, []string{"ptwalk", "attach", strconv.Itoa(pid)}).refuses(t, "PT-TRACED", fmt.Sprintf("strace (%d)", strace.pid))
	syscall.Kill(pid, syscall.SIGKILL)
	strace.end()
}

// One thread of several has a tracer: the others are looked at, and it is named.
func TestB06AThreadHasATracer(t *testing.T) {
	needsAttach(t)
	needs(t, "strace")
	k := startTickers(t)
	tid := otherThreads(k.pid)[0]
	strace := start(t, words(fmt.Sprintf("strace -qq -o /dev/null -p %d", tid)))
	tracer := strconv.Itoa(strace.pid)
	await(t, "strace has the thread", func() bool { return statusOf(tid, "TracerPid") == tracer })
	e := session(t, []string{"ptwalk", "attach", k.String()})
	e.wants(t, 0, "")
	for _, want := range []string{"not attached to: traced by " + tracer, fmt.Sprintf("Threads: %d.", len(tasks(k.pid)))} {
		if !strings.Contains(e.Stdout, want) {
			t.Errorf("%q is missing:\n%s", want, e.Stdout)
		}
	}
	strace.signal(syscall.SIGTERM)
	strace.end()
	k.unharmed()
}

func TestB07AnotherUser(t *testing.T) {
	needsPtrace(t)
	if os.Getuid() != 0 {
		session(t, words("ptwalk attach 1")).refuses(t, "PT-OWNER", "root (0)", fmt.Sprintf("(%d)", os.Getuid()))
		return
	}
	needsRoot(t)
	k := subjected(t, "stay")
	attachAs(t, nobody, k).refuses(t, "PT-OWNER", "root (0)", "(65534)")
	attachAs(t, "nocap=19 "+nobody, k).refuses(t, "PT-OWNER", "root (0)", "(65534)")
	k.untouched(t)
}

// /proc does not show other users' processes: 1 hides what is in their folders, 2
// the folders too.
func TestB07HiddenByProc(t *testing.T) {
	needsRoot(t)
	k := subjected(t, "stay")
	for option, owner := range map[string]string{"hidepid=1": "root (0)", "hidepid=2": "hidepid"} {
		attachAs(t, option+" "+nobody, k).refuses(t, "PT-OWNER", owner, "(65534)")
	}
	k.untouched(t)
}

func TestB08SetID(t *testing.T) {
	needsRoot(t)
	k := subjected(t, "gid=65534 setuid=65534 dumpable=1 stay")
	attachAs(t, nobody, k).refuses(t, "PT-SETID", "root (0)", "(65534)")
	k.untouched(t)
}

func TestB09GroupAlone(t *testing.T) {
	needsRoot(t)
	k := subjected(t, "gid=100 uid=65534 dumpable=1 stay")
	attachAs(t, nobody, k).refuses(t, "PT-GROUP", "(100)", "(65534)")
	k.untouched(t)
}

func TestB10NotDumpable(t *testing.T) {
	needsPtrace(t)
	who := nobody
	if os.Getuid() != 0 {
		who = ""
	} else {
		needsRoot(t) // whom the flag does not stop
	}
	k := subjected(t, who+" dumpable=0 stay")
	attachAs(t, who, k).refuses(t, "PT-NODUMP", fmt.Sprintf("Process %d is not dumpable", k.pid))
	k.untouched(t)
}

// The value of ptrace_scope is made up, and strace refuses as the kernel would.
func TestB11Yama(t *testing.T) {
	needsRoot(t)
	needs(t, "strace")
	forAll(t, "ptwalk")
	k := subjected(t, nobody+" dumpable=1 stay")
	for _, c := range []struct {
		yama, code string
		names      []string
	}{
		{"proc", "PT-LSM|PT-KERNEL", nil},
		{"yama=0", "PT-LSM|PT-KERNEL", nil},
		{"yama=1", "PT-YAMA-1", []string{"ptrace_scope 1", "descendants", "kernel.yama.ptrace_scope=0"}},
		{"yama=2", "PT-YAMA-2", []string{"ptrace_scope 2", "CAP_SYS_PTRACE"}},
		{"yama=3", "PT-YAMA-3", []string{"ptrace_scope 3", "root included"}},
	} {
		e := session(t, []string{"be", c.yama, "gid=65534", "uid=65534", "--", "strace", "-f", "-qq", "-o", "/dev/null",
			"-e", "signal=none", "-e", "trace=ptrace", "-e", "inject=ptrace:error=EPERM:when=1", "ptwalk", "attach", k.String()})
		code := c.code
		for _, one := range strings.Split(c.code, "|") {
			if strings.Contains(e.Stderr, one) {
				code = one
			}
		}
		e.refuses(t, code, c.names...)
		if !strings.HasPrefix(code, "PT-YAMA") && strings.Contains(e.Stderr, "sysctl") {
			t.Errorf("with %s a sysctl is advised:\n%s", c.yama, e.Stderr)
		}
	}
	k.untouched(t)
}

func TestB12RootWithoutTheCapability(t *testing.T) {
	needsRoot(t)
	k := subjected(t, "stay")
	attachAs(t, "nocap=19", k).refuses(t, "PT-CAP", "root without CAP_SYS_PTRACE", "--cap-add=SYS_PTRACE")
	// It may still trace a process that has no more than itself.
	less := subjected(t, "nocap=19 stay")
	attachAs(t, "nocap=19", less).wants(t, 0, "")
	k.untouched(t)
	less.untouched(t)
}

func TestB13Filtered(t *testing.T) {
	k := subjected(t, "stay")
	for _, errno := range []syscall.Errno{unix.EPERM, unix.EACCES, unix.ENOSYS, unix.EINVAL} {
		attachAs(t, fmt.Sprintf("filter=%d", errno), k).refuses(t, "PT-SECCOMP", "seccomp")
	}
	attachAs(t, fmt.Sprintf("kill=%d", unix.SYS_PTRACE), k).refuses(t, "PT-SECCOMP", "seccomp", "SIGSYS")
	k.untouched(t)
}

func TestB14UserNamespace(t *testing.T) {
	needsPtrace(t)
	needs(t, "unshare")
	if err := exec.Command("unshare", "-Ur", "true").Run(); err != nil {
		t.Skipf("this machine gives us no user namespace: %v", err)
	}
	k := subjected(t, "stay")
	e := session(t, []string{"unshare", "-Ur", "ptwalk", "attach", k.String()})
	e.refuses(t, "PT-USERNS", "user namespace", k.String())
	k.untouched(t)
}

// The process is killed before each of the three requests, while strace holds
// that request back.
func TestB15EndsWhileWeAttach(t *testing.T) {
	needsAttach(t)
	needs(t, "strace")
	for when := 1; when <= 3; when++ {
		k := startTickers(t)
		log := file(t, "log", nil, 0o644)
		j := start(t, []string{"strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=ptrace",
			"-e", fmt.Sprintf("inject=ptrace:delay_enter=500000:when=%d", when), "ptwalk", "attach", k.String()})
		await(t, "the request is held back", func() bool {
			text, _ := os.ReadFile(log)
			return strings.Count(string(text), "ptrace(") >= when // an option is a PTRACE_ too
		})
		k.endsBy(syscall.SIGKILL)
		e := j.end()
		e.leftNothing(t)
		e.wants(t, 4, "[PT-NOPID]")
		e.oneSentence(t)
		if when > 1 && !strings.Contains(strings.ReplaceAll(e.Stderr, "\n", " "), "killed by SIGKILL (wait status 0x00000009)") {
			t.Errorf("its wait status is not told: %s", e.Stderr)
		}
	}
}

func TestB16ThreadsComeAndGo(t *testing.T) {
	needsAttach(t)
	k := subjected(t, "churn")
	for range 10 {
		session(t, []string{"ptwalk", "attach", k.String()}).wants(t, 0, "")
		k.untouched(t)
	}
}

// A thread of the process has a tracer that does not wait for it, so that the
// execve of another thread cannot come to its end.
func TestB17InsideExecve(t *testing.T) {
	needsAttach(t)
	for _, leave := range []syscall.Signal{0, syscall.SIGINT} {
		holder := exec.Command("holdexec")
		out, err := holder.StdoutPipe()
		must(t, err)
		must(t, holder.Start())
		var pid int
		_, err = fmt.Fscan(out, &pid)
		must(t, err)
		t.Cleanup(func() {
			syscall.Kill(pid, syscall.SIGKILL)
			holder.Process.Kill()
			holder.Wait()
		})
		await(t, "execve waits", func() bool { return strings.HasPrefix(statusOf(pid, "State"), "D") })
		j := start(t, []string{"ptwalk", "attach", strconv.Itoa(pid)})
		if leave != 0 {
			await(t, "we have asked", func() bool { return len(tasks(j.pid)) > 2 })
			j.signal(leave)
			begin := time.Now()
			await(t, "we have ended", func() bool { state := statusOf(j.pid, "State"); return state == "" || state[0] == 'Z' })
			if took := time.Since(begin); took > soon {
				t.Errorf("%v ended us after %v", leave, took)
			}
		}
		e := j.end()
		e.leftNothing(t)
		if leave == 0 {
			e.wants(t, 1, "execve")
		} else {
			e.wants(t, 130, "")
		}
		holder.Process.Kill() // now execve goes on
		holder.Wait()
		await(t, "the program runs", func() bool { return statusOf(pid, "Name") == "sleep" })
	}
}

// The parent of a vfork waits without being interruptible.
func TestB18VforkParent(t *testing.T) {
	needsAttach(t)
	path := compile(t, "vforks")
	read, write, err := os.Pipe()
	must(t, err)
	defer write.Close()
	k := launchWith(t, read, path, "vforks")
	read.Close()
	await(t, "it waits for its child", func() bool { return strings.HasPrefix(statusOf(k.pid, "State"), "D") })
	child := 0
	await(t, "its child is there", func() bool {
		children := childrenOf(k.pid)
		if len(children) == 1 {
			child = children[0]
		}
		return child != 0
	})
	e := session(t, []string{"ptwalk", "attach", k.String()})
	e.wants(t, 0, "")
	if !strings.Contains(e.Stdout, fmt.Sprintf("vfork, waits for %d", child)) {
		t.Errorf("the child %d is not named:\n%s", child, e.Stdout)
	}
	j := start(t, []string{"ptwalk", "attach", k.String()})
	await(t, "it has its tracer", func() bool { return statusOf(k.pid, "TracerPid") != "0" })
	begin := time.Now()
	j.signal(syscall.SIGINT)
	await(t, "we have ended", func() bool { state := statusOf(j.pid, "State"); return state == "" || state[0] == 'Z' })
	took := time.Since(begin)
	if e := j.end(); e.Status != 130 || took > soon {
		t.Errorf("status %d %v after SIGINT\n%s", e.Status, took, e.Stderr)
	}
	write.Close() // which ends the child
	state, err := k.process.Wait()
	must(t, err)
	if k.reaped = true; state.ExitCode() != 5 {
		t.Errorf("it ended by %v, want exit status 5", state)
	}
}

// A stopped process stays stopped, and its parent is told nothing.
func TestB19StaysStopped(t *testing.T) {
	needsAttach(t)
	k := startTickers(t)
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP} {
		must(t, k.process.Signal(sig))
		var ws syscall.WaitStatus
		if _, err := syscall.Wait4(k.pid, &ws, syscall.WUNTRACED, nil); err != nil || ws.StopSignal() != sig {
			t.Fatalf("%v: %#x, %v", sig, ws, err)
		}
		for range 3 {
			e := session(t, []string{"ptwalk", "attach", k.String()})
			e.wants(t, 0, "")
			if state := statusOf(k.pid, "State"); state != "T (stopped)" || !strings.Contains(e.Stdout, "State: T (stopped)") {
				t.Errorf("%v: the state is %s\n%s", sig, state, e.Stdout)
			}
		}
		if pid, _ := syscall.Wait4(k.pid, &ws, syscall.WUNTRACED|syscall.WCONTINUED|syscall.WNOHANG, nil); pid != 0 {
			t.Errorf("its parent was told %#x", ws)
		}
		must(t, k.process.Signal(syscall.SIGCONT))
		k.runs()
	}
	k.unharmed()
}

// SIGSTOP comes at a random moment of the attach, and is not lost.
func TestB20StopWhileWeAttach(t *testing.T) {
	needsAttach(t)
	r := seeded(t)
	k := startTickers(t)
	for range 20 {
		j := start(t, []string{"ptwalk", "attach", k.String()})
		time.Sleep(anyMoment(r) / 2) // the moment is the test
		must(t, k.process.Signal(syscall.SIGSTOP))
		e := j.end()
		e.leftNothing(t)
		e.wants(t, 0, "")
		await(t, "it is stopped", func() bool { return statusOf(k.pid, "State") == "T (stopped)" })
		must(t, k.process.Signal(syscall.SIGCONT))
		k.runs()
	}
	k.unharmed()
}

// A frozen process may not stop for us: in a group of version 1 it does not. We
// say so in time, and it goes on when it is thawed.
func TestB21Frozen(t *testing.T) {
	needsRoot(t)
	for name, group := range map[string]freezer{
		"version 1": {[]string{"/sys/fs/cgroup/freezer"}, "freezer.state", "FROZEN", "THAWED", "freezer.state", "FROZEN"},
		"version 2": {[]string{"/sys/fs/cgroup/unified", "/sys/fs/cgroup"}, "cgroup.freeze", "1", "0", "cgroup.events", "frozen 1"},
	} {
		t.Run(name, func(t *testing.T) {
			k := startTicker(t)
			thaw := group.freeze(t, k.pid)
			e := session(t, []string{"ptwalk", "attach", k.String()})
			e.wants(t, 0, "")
			if !strings.Contains(e.Stdout, "did not stop: D (disk sleep)") && !strings.Contains(e.Stdout, "rip") {
				t.Errorf("neither registers nor the reason why there are none:\n%s", e.Stdout)
			}
			if e.Took > limit/2 {
				t.Errorf("it took %v", e.Took)
			}
			thaw()
			k.unharmed()
		})
	}
}

// freezer is how a version of control groups freezes.
type freezer struct {
	roots                               []string
	file, frozen, thawed, event, within string
}

// freeze puts a process into a control group of its own, and freezes it.
func (f freezer) freeze(t *testing.T, pid int) (thaw func()) {
	t.Helper()
	for _, root := range f.roots {
		dir, err := os.MkdirTemp(root, "ptwalk-test-")
		if err != nil {
			continue
		}
		set := func(text string) error {
			file, err := os.OpenFile(dir+"/"+f.file, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = file.WriteString(text)
			return err
		}
		t.Cleanup(func() {
			set(f.thawed)
			syscall.Kill(pid, syscall.SIGKILL)
			await(t, "the control group is gone", func() bool { return os.Remove(dir) == nil })
		})
		if os.WriteFile(dir+"/cgroup.procs", []byte(strconv.Itoa(pid)), 0o644) != nil || set(f.frozen) != nil {
			continue
		}
		await(t, "it is frozen", func() bool {
			text, _ := os.ReadFile(dir + "/" + f.event)
			return strings.Contains(string(text), f.within)
		})
		return func() { must(t, set(f.thawed)) }
	}
	t.Skip("no such control group can be made here")
	return nil
}

// A process of another PID namespace has the number that we know it by.
func TestB22AnotherPIDNamespace(t *testing.T) {
	needsRoot(t)
	needs(t, "unshare")
	outer := start(t, words("unshare -fp --mount-proc sleep 300"))
	pid := 0
	await(t, "the namespace is there", func() bool {
		for _, child := range childrenOf(outer.pid) {
			if statusOf(child, "Name") == "sleep" {
				pid = child
			}
		}
		return pid != 0
	})
	e := session(t, []string{"ptwalk", "attach", strconv.Itoa(pid)})
	e.wants(t, 0, "")
	if !strings.Contains(e.Stdout, fmt.Sprintf("Process %d is \"sleep\"", pid)) {
		t.Errorf("want process %d:\n%s", pid, e.Stdout)
	}
	syscall.Kill(pid, syscall.SIGKILL)
	outer.end()
}

// /proc shows another PID namespace than ours, or is not there: numbers mean other
// processes there, and nothing is said of those.
func TestB22ProcIsNotOurs(t *testing.T) {
	needsRoot(t)
	needs(t, "unshare")
	for _, run := range [][]string{
		words("unshare -fp ptwalk attach 1"),
		words("unshare -fp ptwalk 1 --plain"),
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk attach 1"},
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk 1 --plain"},
		{"unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec ptwalk 5 --plain"},
	} {
		e := session(t, run)
		e.wants(t, 3, "mount -t proc proc /proc [PT-KERNEL]\n")
		e.oneSentence(t)
	}
	session(t, words("unshare -fp ptwalk doctor --for 1")).wants(t, 3, "")
}

// Between the look at /proc and PTRACE_SEIZE the process ends, and another one
// gets its number: that one is not told as if it were the first.
func TestB22NumberIsUsedAgain(t *testing.T) {
	needsRoot(t)
	needs(t, "strace", "unshare")
	if _, err := os.Stat("/proc/sys/kernel/ns_last_pid"); err != nil {
		t.Skip("this kernel does not let anybody choose the next number")
	}
	log := file(t, "log", nil, 0o644)
	e := session(t, []string{"unshare", "-fp", "--mount-proc", "reuse", log})
	e.wants(t, 4, "has ended while we attached to it")
	e.oneSentence(t)
	if e.Stdout != "the other one is unharmed\n" {
		t.Errorf("standard output: %q", e.Stdout)
	}
}

func init() { programs["reuse"] = reuse }

// reuse is the first process of a PID namespace. It ends with the status of
// ptwalk.
func reuse() {
	sleeper := func() *exec.Cmd {
		cmd := exec.Command("sleep", "300")
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		return cmd
	}
	end := func(cmd *exec.Cmd) { cmd.Process.Kill(); cmd.Wait() }
	one := sleeper()
	pid := one.Process.Pid
	attach := exec.Command("strace", "-f", "-qq", "-o", os.Args[1], "-e", "signal=none", "-e", "trace=ptrace",
		"-e", "inject=ptrace:delay_enter=1000000:when=1", "ptwalk", "attach", strconv.Itoa(pid))
	attach.Stdout, attach.Stderr = os.Stderr, os.Stderr
	if err := attach.Start(); err != nil {
		panic(err)
	}
	for asked := false; !asked; {
		text, _ := os.ReadFile(os.Args[1])
		asked = strings.Contains(string(text), "PTRACE_SEIZE")
	}
	end(one)
	other := sleeper()
	for range 100 {
		if other.Process.Pid == pid {
			break
		}
		end(other)
		os.WriteFile("/proc/sys/kernel/ns_last_pid", []byte(strconv.Itoa(pid-1)), 0o644)
		other = sleeper()
	}
	if other.Process.Pid != pid {
		panic("the number was not given again")
	}
	attach.Wait()
	if state := statusOf(pid, "State"); strings.HasPrefix(state, "S") && statusOf(pid, "TracerPid") == "0" {
		fmt.Println("the other one is unharmed")
	}
	os.Exit(attach.ProcessState.ExitCode())
}

func TestB23FirstThreadHasEnded(t *testing.T) {
	needsPtrace(t)
	k := exec.Command("be", "leave")
	in, err := k.StdinPipe()
	must(t, err)
	must(t, k.Start())
	t.Cleanup(func() { in.Close(); k.Process.Kill(); k.Wait() })
	await(t, "its first thread has ended", func() bool { return strings.HasPrefix(statusOf(k.Process.Pid, "State"), "Z") })
	session(t, []string{"ptwalk", "attach", strconv.Itoa(k.Process.Pid)}).
		refuses(t, "PT-ZOMBIE", "first thread", fmt.Sprintf("(%d)", os.Getpid()))
}

// A refusal leaves nothing that the next attempt would meet.
func TestB24Again(t *testing.T) {
	needsAttach(t)
	needs(t, "strace")
	k := startTickers(t)
	strace := start(t, []string{"strace", "-qq", "-f", "-o", "/dev/null", "-e", "trace=none", "-p", k.String()})
	await(t, "strace has it", func() bool { return statusOf(k.pid, "TracerPid") == strconv.Itoa(strace.pid) })
	first := session(t, []string{"ptwalk", "attach", k.String()})
	first.refuses(t, "PT-TRACED", fmt.Sprintf("strace (%d)", strace.pid))
	again := session(t, []string{"ptwalk", "attach", k.String()})
	if again.Stderr != first.Stderr || again.Status != first.Status {
		t.Errorf("first: %s\nthen: %s", first.Stderr, again.Stderr)
	}
	strace.signal(syscall.SIGTERM)
	strace.end()
	for range 3 {
		session(t, []string{"ptwalk", "attach", k.String()}).wants(t, 0, "")
	}
	k.unharmed()
}
