package doctor

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// reader reads facts below two folders, /proc and /sys on a real machine.
type reader struct{ proc, sys string }

var machine = reader{"/proc", "/sys"}

func (r reader) file(name ...string) ([]byte, error) {
	return os.ReadFile(filepath.Join(append([]string{r.proc}, name...)...))
}

// initUserNS is the link of the first user namespace, whose inode number is
// fixed: PROC_USER_INIT_INO in include/linux/proc_ns.h.
const initUserNS = "user:[4026531837]"

// initPIDNS is that of the first pid namespace: PROC_PID_INIT_INO.
const initPIDNS = "pid:[4026531836]"

// self reads what is known about the calling thread. errno is what the kernel
// answered to it.
func (r reader) self(errno syscall.Errno) selfFacts { return r.selfFor("", errno) }

// selfFor is self for one request that was refused, "PTRACE_GETREGS".
func (r reader) selfFor(request string, errno syscall.Errno) selfFacts {
	o := selfFacts{Status: procfs.Status{Seccomp: procfs.Unknown}, Yama: procfs.Unknown, Arch: runtime.GOARCH}
	text, err := r.file("thread-self", "status")
	if err != nil {
		text, _ = r.file("self", "status")
	}
	if s, err := procfs.ParseStatus(text); err == nil {
		o.Status = s
	} else {
		o.Status.Tgid, o.Status.CapEff = os.Getpid(), effectiveCaps()
		o.Status.UID.Real, o.Status.GID.Real = os.Getuid(), os.Getgid()
	}
	o.Proc = r.mounted()
	o.UID, o.GID = userID(o.Status.UID.Real), groupID(o.Status.GID.Real)
	if o.Status.TracerPid != 0 {
		o.Tracer = r.task(o.Status.TracerPid)
	}
	// Without a filter the answer is known, and nothing needs to be asked.
	if o.Status.Seccomp > 0 {
		o.Kills = probeKills()
	}
	if !o.Kills && (o.Status.Seccomp != 0 || errno == unix.ENOSYS) {
		o.Probe = probe(request)
	}
	if text, err := r.file("self", "uid_map"); err == nil {
		o.UIDMap, _ = procfs.ParseIDMap(text)
	}
	link, err := os.Readlink(filepath.Join(r.proc, "self", "ns", "user"))
	o.InitNS = err != nil || link == initUserNS // a kernel without namespaces has no link
	link, err = os.Readlink(filepath.Join(r.proc, "self", "ns", "pid"))
	o.Inner = err == nil && link != initPIDNS
	o.Yama = r.number(procfs.Unknown, "sys", "kernel", "yama", "ptrace_scope")
	o.MemfdNoexec = r.number(0, "sys", "vm", "memfd_noexec")
	if text, err := os.ReadFile(filepath.Join(r.sys, "kernel", "security", "lsm")); err == nil {
		o.LSMs = parseLSMs(text)
	}
	deny, _ := os.ReadFile(filepath.Join(r.sys, "fs", "selinux", "booleans", "deny_ptrace"))
	o.DenyPtrace = strings.HasPrefix(string(deny), "1")
	r.surroundings(&o)
	return o
}

// mounted compares what /proc calls us with what the kernel does.
func (r reader) mounted() mount {
	self, err := os.Readlink(filepath.Join(r.proc, "self"))
	if errors.Is(err, fs.ErrNotExist) {
		return procMissing
	}
	if pid, err := strconv.Atoi(self); err == nil && pid != os.Getpid() {
		return procOthers
	}
	return procOurs
}

// surroundings are what this machine is: kernel, container, emulator, folders.
func (r reader) surroundings(o *selfFacts) {
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		o.Release, o.Hardware = unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
	}
	o.WSL = wsl(o.Release)
	cgroup, _ := r.file("self", "cgroup")
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	o.Container = container(there, os.Getenv, string(cgroup))
	cpuinfo, _ := r.file("cpuinfo")
	o.Emulator = emulator(runtime.GOARCH, cpuinfo, list(filepath.Join(r.proc, "sys", "fs", "binfmt_misc")))
	o.Temp = os.TempDir()
	var fs unix.Statfs_t
	o.TempNoexec = unix.Statfs(o.Temp, &fs) == nil && fs.Flags&unix.ST_NOEXEC != 0
}

// effectiveCaps asks the kernel for what the line CapEff has, where there is no
// /proc. See capget(2).
func effectiveCaps() procfs.Caps {
	var data [2]unix.CapUserData
	if unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &data[0]) != nil {
		return 0
	}
	return procfs.Caps(data[0].Effective) | procfs.Caps(data[1].Effective)<<32
}

// number is the number in a file of /proc, or none where there is no such file.
func (r reader) number(none int, name ...string) int {
	text, err := r.file(name...)
	if err != nil {
		return none
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 31)
	if err != nil {
		return none
	}
	return int(n)
}

func thisMachine() Machine { return machine.self(0).machine() }

// facts reads what is known about pid and about us, who want to make a request.
func (r reader) facts(request string, pid int, errno syscall.Errno) facts {
	f := facts{Self: r.selfFor(request, errno), Pid: pid, Errno: errno}
	if pid <= 0 {
		f.Kill = unix.ESRCH
		return f
	}
	dir := strconv.Itoa(pid)
	var st unix.Stat_t
	if unix.Stat(filepath.Join(r.proc, dir), &st) == nil {
		f.There, f.Owner = true, userID(int(st.Uid))
	}
	text, err := r.file(dir, "status")
	f.Kill, _ = unix.Kill(pid, 0).(syscall.Errno) // after the rest: who ends meanwhile is gone
	if err != nil {
		// The folder was there a moment ago, the process is not any more.
		f.There = f.There && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ESRCH)
		return f
	}
	s, err := procfs.ParseStatus(text)
	if err != nil {
		return f
	}
	f.Status = &s
	if text, err := r.file(dir, "stat"); err == nil {
		if stat, err := procfs.ParseStat(text); err == nil {
			f.Flags = stat.Flags
		}
	}
	f.UID = []id{userID(s.UID.Real), userID(s.UID.Effective), userID(s.UID.Saved)}
	f.GID = []id{groupID(s.GID.Real), groupID(s.GID.Effective), groupID(s.GID.Saved)}
	_, err = os.Readlink(filepath.Join(r.proc, dir, "ns", "user"))
	switch {
	case err == nil:
		f.Access = accessGranted
	case errors.Is(err, fs.ErrPermission):
		f.Access = accessDenied
	}
	if unix.Stat(filepath.Join(r.proc, dir, "mem"), &st) == nil {
		f.Mem = &owner{int(st.Uid), int(st.Gid)}
	}
	f.Process, f.Parent = r.task(s.Tgid), r.task(s.PPid)
	if leader, ok := r.status(s.Tgid); ok {
		f.Leader = leader.State
	}
	if s.TracerPid != 0 {
		f.Tracer = r.task(s.TracerPid)
	}
	if s.State == 'Z' {
		f.Living = r.living(pid)
	}
	f.Descendant = r.descendant(s.PPid, f.Self.Status.Tgid)
	return f
}

// task names the process that a thread belongs to.
func (r reader) task(tid int) task {
	t := task{Pid: tid}
	s, ok := r.status(tid)
	if !ok {
		return t
	}
	t.Pid, t.Comm = s.Tgid, s.Name
	if s.Tgid != tid {
		if s, ok := r.status(s.Tgid); ok {
			t.Comm = s.Name // a thread may have a name of its own
		}
	}
	return t
}

func (r reader) status(tid int) (procfs.Status, bool) {
	text, err := r.file(strconv.Itoa(tid), "status")
	if err != nil {
		return procfs.Status{}, false
	}
	s, err := procfs.ParseStatus(text)
	return s, err == nil
}

// living are the threads of a process that have not exited, but the first. One
// that is on its way out, or has SIGKILL before it as all have when the process
// ends, does not count.
func (r reader) living(pid int) []int {
	var tids []int
	for _, name := range list(filepath.Join(r.proc, strconv.Itoa(pid), "task")) {
		tid, err := strconv.Atoi(name)
		if err != nil || tid == pid {
			continue
		}
		text, err := r.file(strconv.Itoa(pid), "task", name, "status")
		if err != nil {
			continue
		}
		if s, err := procfs.ParseStatus(text); err != nil || s.SigPnd.Has(tracer.SIGKILL) {
			continue
		}
		if text, err = r.file(strconv.Itoa(pid), "task", name, "stat"); err != nil {
			continue
		}
		if s, err := procfs.ParseStat(text); err == nil && s.Flags&procfs.FlagExiting == 0 && !strings.ContainsRune("ZXx", rune(s.State)) {
			tids = append(tids, tid)
		}
	}
	slices.Sort(tids)
	return tids
}

// descendant says whether the way up from parent to parent meets us. The bound
// is for a way that changes while it is walked.
func (r reader) descendant(parent, us int) bool {
	for range 10_000 {
		if parent == us {
			return us != 0
		}
		s, ok := r.status(parent)
		if parent == 0 || !ok {
			return false
		}
		parent = s.PPid
	}
	return false
}

// list is what a folder holds; one that cannot be read is empty.
func list(dir string) []string {
	entries, _ := os.ReadDir(dir)
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Name()
	}
	return all
}

func userID(n int) id {
	if u, err := user.LookupId(strconv.Itoa(n)); err == nil {
		return id{n, u.Username}
	}
	return id{n, ""}
}

func groupID(n int) id {
	if g, err := user.LookupGroupId(strconv.Itoa(n)); err == nil {
		return id{n, g.Name}
	}
	return id{n, ""}
}
