package count

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/procfs"
	"ptwalk/tracer/x86"
)

// What system calls do to the memory that we know or have planted in: they copy it,
// share it, or change what is mapped.

// The bits of clone(2), mmap(2) and open(2), from the kernel's uapi headers.
const (
	cloneVM       = 0x100
	cloneVfork    = 0x4000
	cloneThread   = 0x10000
	cloneUntraced = 0x800000
	protWrite     = 0x2
	protExec      = 0x4

	protGrowsDown, protGrowsUp = 0x01000000, 0x02000000

	mapShared = 0x1 // and in MAP_SHARED_VALIDATE, which is 3
	mapFixed  = 0x10
	openTrunc = 0x200

	mremapFixed = 0x2
)

const allMemory = tracer.Addr(math.MaxUint64)

// sequence is the offset of rseq_cs in struct rseq, from the kernel's uapi headers.
const sequence = 8

// callEntry is a thread at the entry to a system call.
type callEntry struct {
	r    *run
	th   *thread
	arch tracer.Arch // whose table the call is of
	info tracer.SyscallInfo
}

func (e callEntry) arg(n int) tracer.Word {
	if e.arch == tracer.I386 {
		return e.info.Arg(n) & 0xffffffff // 64-bit code that uses int 0x80 may have more in its registers
	}
	return e.info.Arg(n)
}

func (e callEntry) addr(n int) tracer.Addr { return tracer.Addr(e.arg(n)) }

// copies: the call reads memory that others will see, without what we have planted.
func (e callEntry) copies(from, size tracer.Addr) {
	if code := e.th.space.code; code != nil {
		code.RemoveBreakpoints(e.th.tracee, from, from+size)
	}
}

// changes: other memory may lie there after the call.
func (e callEntry) changes(from, size tracer.Addr) {
	e.th.space.forget(from, from+size)
	if code := e.th.space.code; code != nil {
		code.Invalidate(e.th.tracee, from, from+size)
	}
}

// remaps: other code may be mapped there after the call, where code is now.
func (e callEntry) remaps(from, size tracer.Addr) {
	e.th.call.remaps = change{from, from + size, e.th.space.runsCode(from, from+size)}
	e.changes(from, size)
}

// mapsCode: there may be code after the call where none is known now.
func (e callEntry) mapsCode() {
	e.th.call.opensCode, e.th.call.remaps.code = true, true
}

// remapsAll: other code may be mapped anywhere.
func (e callEntry) remapsAll() {
	e.changesAll()
	e.mapsCode()
}

// memoryCalls are the calls that touch memory, by name.
var memoryCalls = func() map[string]func(callEntry) {
	calls := map[string]func(callEntry){
		"vfork":      callEntry.vfork,
		"clone":      func(e callEntry) { e.clone(e.arg(0)) },
		"clone3":     callEntry.clone3,
		"mmap":       callEntry.mmap,
		"mmap2":      func(e callEntry) { e.mapping(e.arg(2), e.arg(3)) },
		"mremap":     callEntry.mremap,
		"brk":        callEntry.brk,
		"open":       func(e callEntry) { e.opens(e.arg(1)) },
		"openat":     func(e callEntry) { e.opens(e.arg(2)) },
		"prctl":      callEntry.prctl,
		"modify_ldt": callEntry.modifyLDT,
		"rseq":       func(e callEntry) { e.th.space.rseq = e.addr(0) + sequence },
		"arch_prctl": func(e callEntry) { e.th.space.shadow = true }, // it may switch a shadow stack on, which our calls and returns would not know
	}
	for _, group := range []struct {
		names string
		do    func(callEntry)
	}{
		{"fork sendmsg sendmmsg process_vm_readv", callEntry.copiesAll},
		{"mprotect pkey_mprotect", callEntry.mprotect},
		{"munmap", func(e callEntry) { e.remaps(e.addr(0), e.addr(1)) }},
		{"madvise", func(e callEntry) { e.changes(e.addr(0), e.addr(1)) }},
		{"shmat shmdt ipc", func(e callEntry) { e.th.space.shares = true; e.remapsAll() }},
		{"truncate truncate64 creat openat2 remap_file_pages process_vm_writev process_madvise", callEntry.changesAll},
		{"write pwrite64 sendto", func(e callEntry) { e.copies(e.addr(1), e.addr(2)); e.writes(e.arg(0)) }},
		{"writev pwritev pwritev2 vmsplice", func(e callEntry) { e.copiesAll(); e.writes(e.arg(0)) }},
		{"ftruncate ftruncate64 fallocate sendfile sendfile64", func(e callEntry) { e.writes(e.arg(0)) }},
		{"splice copy_file_range", func(e callEntry) { e.writes(e.arg(2)) }},
		{"setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid " +
			"setuid32 setgid32 setreuid32 setregid32 setresuid32 setresgid32 setfsuid32 setfsgid32 " +
			"capset unshare setns", func(e callEntry) { e.r.keepCode(e.th, byIDs) }},
	} {
		for _, name := range strings.Fields(group.names) {
			calls[name] = group.do
		}
	}
	return calls
}()

// beforeCall prepares the memory of a thread for a system call that copies it,
// shares it, or changes what is mapped.
func (r *run) beforeCall(th *thread, key callKey, info tracer.SyscallInfo) {
	if do := memoryCalls[names.SyscallName(key.arch, key.nr)]; do != nil {
		do(callEntry{r, th, key.arch, info})
	}
}

func (e callEntry) copiesAll()  { e.copies(0, allMemory) }
func (e callEntry) changesAll() { e.changes(0, allMemory) }

// vfork: the child has this memory until its execve.
func (e callEntry) vfork() {
	e.th.call.vforks, e.th.space.brk = true, 0
	e.changesAll()
}

func (e callEntry) clone(flags tracer.Word) {
	e.th.call.untraced = flags&cloneUntraced != 0
	e.copiesAll()
	if flags&cloneVM != 0 {
		space := e.th.space
		e.th.call.vforks, space.brk = flags&cloneVfork != 0, 0
		space.shared = space.shared || flags&(cloneVfork|cloneThread) != cloneVfork
		e.changesAll()
	}
}

// clone3 has its flags first in a structure.
func (e callEntry) clone3() {
	e.copiesAll() // they are read without what is planted there
	flags, _ := e.th.tracee.PeekData(e.addr(0))
	e.clone(flags)
}

func (e callEntry) mprotect() {
	from, size := e.addr(0), e.addr(1)
	if e.arg(2)&(protGrowsDown|protGrowsUp) != 0 { // it goes on to an end of the mapping
		from, size = 0, allMemory
	}
	if e.arg(2)&protWrite != 0 && e.th.sharesFile(from, from+size) {
		from, size = 0, allMemory // the file may be code elsewhere
	}
	e.changes(from, size)
	e.th.call.opensCode = e.arg(2)&protExec != 0
}

// mmap of i386 has its arguments in memory.
func (e callEntry) mmap() {
	if e.arch == tracer.I386 {
		e.th.space.shares = true
		e.remapsAll()
		return
	}
	e.mapping(e.arg(2), e.arg(3))
}

// mremap takes private data with it, or copies.
func (e callEntry) mremap() {
	from, size := e.addr(0), max(e.addr(1), e.addr(2))
	if e.th.space.shares || e.arg(3)&mremapFixed != 0 || e.th.space.maps.HasCode(from, from+size) {
		e.remapsAll()
		return
	}
	e.remaps(from, size)
}

func (e callEntry) mapping(prot, flags tracer.Word) {
	e.th.space.shares = e.th.space.shares || flags&mapShared != 0
	switch {
	case flags&mapShared != 0 && prot&protWrite != 0: // the file may be code elsewhere
		e.remapsAll()
	case flags&mapFixed == 0: // no mapping of now is replaced
		e.remaps(0, 0)
	default:
		e.remaps(e.addr(0), e.addr(1))
	}
	if prot&protExec != 0 {
		e.mapsCode()
	}
}

// brk: only what lies between the old end of the heap and the new one changes.
func (e callEntry) brk() {
	e.th.call.breaks = true
	switch end, old := e.addr(0), e.th.space.brk; {
	case end == 0: // it asks for the end
	case old == 0:
		e.changesAll()
	default:
		begin := min(old, end) &^ (x86.PageSize - 1)
		e.changes(begin, max(old, end)+x86.PageSize-begin)
	}
}

// opens: a file that is cut off takes the pages of its mappings along.
func (e callEntry) opens(flags tracer.Word) {
	if flags&openTrunc != 0 {
		e.changesAll()
	}
}

// writes: a write to a file changes the code that is mapped from it.
func (e callEntry) writes(fd tracer.Word) {
	if e.th.writesCode(fd) {
		e.changesAll()
	}
}

func (e callEntry) prctl() {
	switch e.arg(0) {
	case setDumpable:
		e.r.keepCode(e.th, byPrctl)
	case setMM: // it can set the end of the heap
		e.th.space.brk = 0
	}
}

func (e callEntry) modifyLDT() {
	e.th.space.ldt = true
	clear(e.th.space.recent[:])
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
	return inode != 0 && slices.ContainsFunc(th.space.maps.All(), func(m procfs.Map) bool { return m.Executable() && m.Inode == inode })
}

// sharesFile says whether a mapping from a up to end may be shared with a file.
func (th *thread) sharesFile(a, end tracer.Addr) bool {
	if !th.space.shares && !th.space.shared {
		return false
	}
	maps, err := procfs.Maps(th.pid)
	return err != nil || slices.ContainsFunc(procfs.Overlap(maps, a, end), func(m procfs.Map) bool { return m.Perms[3] == 's' })
}
