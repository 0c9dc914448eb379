package count

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
	"ptwalk/tracer/x86/kind"
)

// What follows stands between a run and its engine.

// rounds is how many branches a thread may take while it stands still. After
// that it is stepped, so that its signals arrive.
const rounds = 64

// runBlock restarts a thread by the engine, if that may be.
func (r *run) runBlock(th *thread) bool {
	code := th.space.code
	if code == nil || th.signaled || th.hasFlag {
		return false
	}
	if th.space.shared || th.inSequence() {
		return false
	}
	for range rounds {
		room := uint64(math.MaxUint64)
		if r.cfg.Limit > 0 {
			room = r.cfg.Limit - r.instructions
		}
		ran, how := code.Run(th.tracee, room, th.unsettled)
		if how == Step {
			return false
		}
		th.unsettled = false
		r.ran(th, ran)
		if how == Running {
			th.running, th.stepped = true, false
			return true
		}
		if r.ending.begun() {
			return true
		}
	}
	code.Run(th.tracee, 0, false) // it gets ready for the step
	return false
}

// sequence is the offset of rseq_cs in struct rseq, from the kernel's uapi headers.
const sequence = 8

// inSequence says whether the program has announced a restartable sequence. Each
// stop in one sends it to its abort handler, by a change of rip that no stop
// shows: kernel/rseq.c. It is stepped, with nothing planted.
func (th *thread) inSequence() bool {
	if th.space.rseq == 0 {
		return false
	}
	announced, err := th.tracee.PeekData(th.space.rseq)
	if err != nil || announced == 0 {
		return false
	}
	th.space.code.Run(th.tracee, 0, false) // it gets ready for the step
	th.space.code.RemoveBreakpoints(th.tracee, 0, allMemory)
	return true
}

// ran counts instructions that the engine knows to have been executed.
func (r *run) ran(th *thread, addrs []tracer.Addr) {
	n := uint64(len(addrs))
	th.instructions += n
	r.instructions += n
	r.stops += n
	if r.cfg.Histogram {
		for _, a := range addrs {
			th.space.hit(a)
		}
	}
	if n > 0 {
		r.limitAndProgress()
	}
}

// turned counts the turns of a repeated instruction.
func (r *run) turned(th *thread, a tracer.Addr, turns uint64) {
	if turns == 0 {
		return
	}
	th.instructions += turns
	r.instructions += turns
	r.stops += turns
	if r.cfg.Histogram {
		th.space.hitTimes(a, turns)
	}
	r.limitAndProgress()
}

// handleBlock takes what a stop tells of the engine's run. It says whether the stop
// has been answered.
func (r *run) handleBlock(th *thread, stop tracer.Stop) bool {
	th.running = false
	got, err := th.space.code.HandleStop(th.tracee, stop)
	if err != nil {
		if !gone(err) {
			r.ending.fail(&EngineError{err})
		}
		return true
	}
	r.ran(th, got.Ran)
	r.turned(th, got.Turned, got.Turns)
	if got.Call != 0 {
		th.rip, th.kind = got.Call, kind.Call
	}
	if r.ending.begun() {
		return true
	}
	if got.Whole {
		r.resume(th, 0)
	}
	return got.Whole
}

// The bits of clone(2), mmap(2) and kcmp(2), from the kernel's uapi headers.
const (
	cloneVM     = 0x100
	cloneVfork  = 0x4000
	cloneThread = 0x10000
	protWrite   = 0x2

	protGrowsDown, protGrowsUp = 0x01000000, 0x02000000

	mapShared = 0x1 // and in MAP_SHARED_VALIDATE, which is 3
	mapFixed  = 0x10
	openTrunc = 0x200
)

const allMemory = tracer.Addr(math.MaxUint64)

// beforeCall prepares the memory of a thread for a system call that copies it,
// shares it, or changes what is mapped.
func (r *run) beforeCall(th *thread, key callKey, info tracer.SyscallInfo) {
	arg := func(n int) tracer.Word {
		if key.arch == tracer.I386 {
			return info.Arg(n) & 0xffffffff // 64-bit code that uses int 0x80 may have more in its registers
		}
		return info.Arg(n)
	}
	from, size := tracer.Addr(arg(0)), tracer.Addr(arg(1))
	lift := func(from, size tracer.Addr) {
		if code := th.space.code; code != nil {
			code.RemoveBreakpoints(th.tracee, from, from+size)
		}
	}
	forget := func(from, size tracer.Addr) {
		th.space.forget(from, from+size)
		if code := th.space.code; code != nil {
			code.Invalidate(th.tracee, from, from+size)
		}
	}
	switch name := names.SyscallName(key.arch, key.nr); name {
	case "fork":
		lift(0, allMemory)
	case "vfork": // the child has this memory until its execve
		th.vforks, th.space.brk = true, 0
		forget(0, allMemory)
	case "clone", "clone3":
		lift(0, allMemory)
		flags := arg(0)
		if name == "clone3" {
			flags, _ = th.tracee.PeekData(from)
		}
		if flags&cloneVM != 0 {
			th.vforks, th.space.brk = flags&cloneVfork != 0, 0
			th.space.shared = th.space.shared || flags&(cloneVfork|cloneThread) != cloneVfork
			forget(0, allMemory)
		}
	case "mprotect", "pkey_mprotect":
		if arg(2)&(protGrowsDown|protGrowsUp) != 0 { // it goes on to an end of the mapping
			from, size = 0, allMemory
		}
		if arg(2)&protWrite != 0 && sharesFile(th.pid, from, from+size) {
			from, size = 0, allMemory // the file may be code elsewhere
		}
		forget(from, size)
	case "munmap", "madvise":
		forget(from, size)
	case "mmap", "mmap2":
		switch prot, flags := arg(2), arg(3); {
		case key.arch == tracer.I386 && name == "mmap": // its arguments are in memory
			from, size = 0, allMemory
		case flags&mapShared != 0 && prot&protWrite != 0: // the file may be code elsewhere
			from, size = 0, allMemory
		case flags&mapFixed == 0: // no mapping of now is replaced
			from, size = 0, 0
		}
		forget(from, size)
	case "brk": // only what lies between the old end of the heap and the new one changes
		th.breaks = true
		switch old := th.space.brk; {
		case from == 0: // it asks for the end
		case old == 0:
			forget(0, allMemory)
		default:
			begin := min(old, from) &^ (x86.PageSize - 1)
			forget(begin, max(old, from)+x86.PageSize-begin)
		}
	case "truncate", "truncate64", "creat", "openat2", "mremap", "shmat", "shmdt", "remap_file_pages", "ipc", "process_vm_writev", "process_madvise":
		forget(0, allMemory)
	case "open", "openat": // a file that is cut off takes the pages of its mappings along
		flags := arg(1)
		if name == "openat" {
			flags = arg(2)
		}
		if flags&openTrunc != 0 {
			forget(0, allMemory)
		}
	case "sendmsg", "sendmmsg", "process_vm_readv":
		lift(0, allMemory)
	case "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "vmsplice":
		if name == "write" || name == "pwrite64" || name == "sendto" {
			lift(tracer.Addr(arg(1)), tracer.Addr(arg(2)))
		} else {
			lift(0, allMemory)
		}
		if th.writesCode(arg(0)) {
			forget(0, allMemory)
		}
	case "ftruncate", "ftruncate64", "fallocate", "sendfile", "sendfile64":
		if th.writesCode(arg(0)) {
			forget(0, allMemory)
		}
	case "splice", "copy_file_range":
		if th.writesCode(arg(2)) {
			forget(0, allMemory)
		}
	case "prctl":
		switch from {
		case setDumpable:
			r.keepCode(th, byPrctl)
		case setMM: // it can set the end of the heap
			th.space.brk = 0
		}
	case "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
		"setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32", "setfsuid32", "setfsgid32",
		"capset", "unshare", "setns":
		r.keepCode(th, byIDs)
	case "modify_ldt":
		th.space.ldt = true
		clear(th.space.recent[:])
	case "rseq":
		th.space.rseq = from + sequence
	case "arch_prctl": // it may switch a shadow stack on, which our calls and returns would not know
		th.space.shadow = true
	}
}

// writesCode says whether a descriptor of the program is one by which it can
// change its code: a file that it has mapped, or memory of a process.
func (th *thread) writesCode(fd tracer.Word) bool {
	link := fmt.Sprintf("/proc/%d/fd/%d", th.pid, int32(uint32(fd)))
	file, err := os.Readlink(link)
	if err != nil {
		return false
	}
	if strings.HasPrefix(file, "/proc/") && strings.HasSuffix(file, "/mem") {
		return true
	}
	inode := inodeOf(link)
	return inode != 0 && slices.ContainsFunc(th.space.mappings(), func(m procfs.Map) bool { return m.Executable() && m.Inode == inode })
}

// sharesFile says whether a mapping from a up to end is shared with a file.
func sharesFile(pid tracer.TID, a, end tracer.Addr) bool {
	maps, err := procfs.Maps(pid)
	return err != nil || slices.ContainsFunc(maps, func(m procfs.Map) bool {
		return m.Perms[3] == 's' && a < m.End && m.Start < end
	})
}

// afterCall looks for a shadow stack, for what a child of vfork has left, and for
// memory that is closed to us now.
func (r *run) afterCall(th *thread) {
	r.lookIfClosed(th)
	if th.breaks {
		th.breaks = false
		end, _ := th.tracee.PeekUser(user.RAX)
		th.space.brk = tracer.Addr(end)
	}
	if th.vforks {
		th.vforks = false
		th.space.shared = th.space.shared || leftBehind(th.pid)
	}
	if th.space.shadow {
		th.space.shadow = false
		if strings.Contains(procfs.StatusField(th.tracee.TID, "x86_Thread_features"), "shstk") && th.space.code != nil {
			th.space.code.RemoveBreakpoints(th.tracee, 0, allMemory)
			th.space.code = nil
		}
	}
}

// lookForSharing says that a new process has the memory of another one, if it
// has: after clone with CLONE_VM, and after vfork until its execve.
func (r *run) lookForSharing(th *thread) {
	for pid := range r.spaces {
		if pid != th.pid && sameMemory(pid, th.pid) {
			th.space.shared = true
		}
	}
}

// dumping are the signals that write a core file where they are not handled:
// SIGQUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ and SYS. See signal(7).
const dumping tracer.SigSet = 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<10 | 1<<23 | 1<<24 | 1<<30

// limitAndProgress is due after instructions were counted.
func (r *run) limitAndProgress() {
	if r.instructions == r.cfg.Limit {
		r.ending.end(Limit)
	}
	if r.cfg.Progress == nil {
		return
	}
	if now := time.Now(); now.Sub(r.told) >= 100*time.Millisecond {
		r.told = now
		r.cfg.Progress(Progress{r.instructions, now.Sub(r.began)})
	}
}
