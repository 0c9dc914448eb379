package doctor

import (
	"syscall"

	"ptwalk/tracer/procfs"
)

// facts are all that the causes decide on. They were read from /proc, or made
// up by a test.
type facts struct {
	Self  selfFacts
	Pid   int
	Errno syscall.Errno // what the kernel answered, 0 before asking

	There  bool           // /proc/PID is there
	Kill   syscall.Errno  // what kill(PID, 0) answers
	Owner  id             // of the folder /proc/PID
	Status *procfs.Status // nil if it cannot be read
	Flags  uint64         // of /proc/PID/stat
	Access access

	Mem     *owner // of /proc/PID/mem, nil if unknown
	Process task   // the process that PID belongs to
	Leader  byte   // the state of its first thread, 0 if unknown
	Parent  task
	Tracer  task
	Living  []int // the other threads that live, when the first has exited

	UID, GID   []id // the target's real, effective and saved ids
	Descendant bool // of ours
}

// selfFacts are the facts about this process.
type selfFacts struct {
	Status   procfs.Status // of the calling thread
	Proc     mount
	UID, GID id // real
	Tracer   task
	Probe    syscall.Errno // the answer to a ptrace request for process 0; 0 if not asked
	InitNS   bool          // in the first user namespace
	Inner    bool          // in another pid namespace than the first
	UIDMap   []procfs.IDRange
	Yama     int      // ptrace_scope, or procfs.Unknown if there is no Yama
	LSMs     []string // nil if the list cannot be read
	Arch     string   // GOARCH
	Emulator string   // "qemu-user", "Rosetta" or ""
	Kills    bool     // a filter kills whoever makes a ptrace request

	Release, Hardware string // of uname(2)
	WSL               int    // 1 or 2, 0 for none
	Container         string // "docker", "podman" ..., "" for none that shows
	DenyPtrace        bool   // the SELinux boolean deny_ptrace
	MemfdNoexec       int    // the sysctl vm.memfd_noexec, 0 where there is none
	Temp              string // the temporary folder
	TempNoexec        bool   // it is mounted noexec
}

// mount is what /proc is to us.
type mount int

const (
	procOurs    mount = iota
	procMissing       // it is not mounted
	procOthers        // it shows another pid namespace, where numbers mean other processes
)

// owner is the user and the group of a file.
type owner struct{ UID, GID int }

// access is whether the kernel lets us read what it guards by the check that
// also guards ptrace, as the links in /proc/PID/ns.
type access int

const (
	accessUnknown access = iota
	accessGranted
	accessDenied
)

// overrides says whether CAP_SYS_PTRACE of ours counts against the target. A
// capability counts in its own user namespace and those below.
func (f facts) overrides() bool {
	return f.Self.Status.CapEff.Has(procfs.CapSysPtrace) && (f.Self.InitNS || f.Access == accessGranted)
}

// passed says whether the kernel has let us through the check of ids, dumpable
// flag and capabilities. For files it takes the fs ids, for ptrace the real
// ones: the answer carries over only where those are the same.
func (f facts) passed() bool {
	s := f.Self.Status
	return f.Access == accessGranted && s.UID.FS == s.UID.Real && s.GID.FS == s.GID.Real
}
