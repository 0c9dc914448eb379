package tracer

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"ptwalk/tracer/names"
)

// By says which side of a trace made a call.
type By string

// A call is made by the tracer, by the child on the way to its program, or by a program
// that is traced.
const (
	ByTracer By = "tracer"
	ByChild  By = "child"
	ByTracee By = "tracee"
)

// Call is one request to the kernel, as it was made: a ptrace request or one of
// the calls around it (fork, execve, wait4, kill, process_vm_readv).
type Call struct {
	Name    string  // "PTRACE_PEEKUSER", "wait4", ...
	Request Request // the ptrace request, where Name begins with PTRACE_
	By      By
	TID     TID
	Addr    uint64
	Data    uint64 // a word: a signal, a set of options, a value. Pointers are not kept
	Pointer string // the C name of the buffer that data pointed at, "" where Data is a word

	AddrPointer string // the same of addr, for the few requests where it points at memory of ours

	Result   int64         // what the raw system call returned: 0 or more, or -errno
	Errno    syscall.Errno // 0 when it succeeded
	Value    Word          // the word that was read, where HasValue is set
	HasValue bool

	Path string   // execve: the program; openat: the file
	Argv []string // execve: its arguments
	Flag uint64   // wait4, openat: the options; kill: the signal
	Len  int      // process_vm_readv and writev, pread64 and pwrite64: the bytes asked for
}

// IsPtrace says whether the call is a request of ptrace(2).
func (c *Call) IsPtrace() bool { return c.Request != notPtrace }

// Speller writes the values of a call whose spelling a reader may want to
// choose. The zero function of each means: as measured.
type Speller interface {
	TID(TID) string
	Addr(Addr) string
	Word(Word) string
	Path(string) string
	FD(int64) string // a file descriptor of ours
}

// Measured spells every value as it was measured.
type Measured struct{}

// TID is the number.
func (Measured) TID(t TID) string { return t.String() }

// Addr is hexadecimal.
func (Measured) Addr(a Addr) string { return a.String() }

// Word is as [Word.String] spells it.
func (Measured) Word(w Word) string { return w.String() }

// Path is the path itself.
func (Measured) Path(p string) string { return p }

// FD is the number.
func (Measured) FD(n int64) string { return strconv.FormatInt(n, 10) }

// C spells the call as C with glibc's ptrace(3), and its result:
//
//	ptrace(PTRACE_PEEKUSER, 4211, 8*ORIG_RAX, NULL) = 59
//
// glibc returns the word that a PEEK request read; the raw system call stores
// it through data and returns 0.
func (c *Call) C() string {
	return c.Expression(Measured{}) + " = " + c.Outcome(Measured{})
}

// Expression is the C line of the call without its result.
func (c *Call) Expression(sp Speller) string {
	if c.IsPtrace() {
		tid := sp.TID(c.TID)
		if c.Request == TraceMe {
			tid = "0" // TRACEME ignores the pid: a thread speaks for itself
		}
		return fmt.Sprintf("ptrace(%s, %s, %s, %s)", c.Name, tid, c.addrC(sp), c.dataC(sp))
	}
	switch c.Name {
	case "fork":
		return "fork()"
	case "execve":
		quoted := make([]string, len(c.Argv))
		for i, a := range c.Argv {
			quoted[i] = strconv.QuoteToASCII(a)
		}
		return fmt.Sprintf("execve(%s, {%s, NULL}, envp)",
			strconv.QuoteToASCII(sp.Path(c.Path)), strings.Join(quoted, ", "))
	case "wait4":
		return fmt.Sprintf("wait4(%s, &status, %s, NULL)", sp.TID(c.TID), waitFlags(c.Flag))
	case "waitid":
		return fmt.Sprintf("waitid(P_PID, %s, NULL, WEXITED|WNOWAIT)", sp.TID(c.TID))
	case "kill":
		return fmt.Sprintf("kill(%s, %s)", sp.TID(c.TID), signalC(c.Flag))
	case "process_vm_readv", "process_vm_writev":
		return fmt.Sprintf("%s(%s, &local, 1, {%s, %d}, 1, 0)",
			c.Name, sp.TID(c.TID), sp.Addr(Addr(c.Addr)), c.Len)
	case "openat":
		return fmt.Sprintf("openat(AT_FDCWD, %s, %s)", strconv.QuoteToASCII(c.pathC(sp)), openFlags(c.Flag))
	case "pread64", "pwrite64":
		return fmt.Sprintf("%s(mem, local, %d, %s)", strings.TrimSuffix(c.Name, "64"), c.Len, sp.Addr(Addr(c.Addr)))
	case "close":
		return "close(mem)"
	}
	return c.Name + "()"
}

// Outcome is what follows the equals sign: the word that was read, the result,
// or -1 with the name and the text of the errno.
func (c *Call) Outcome(sp Speller) string {
	switch {
	case c.Errno != 0:
		return fmt.Sprintf("-1 %s (%s)", names.ErrnoName(int(c.Errno)), names.ErrnoText(int(c.Errno)))
	case c.IsPtrace() && c.HasValue && c.Pointer == "" && c.AddrPointer == "":
		return sp.Word(c.Value)
	case c.Name == "fork", c.Name == "wait4" && c.Result != 0:
		return sp.TID(TID(c.Result))
	case c.Name == "openat":
		return sp.FD(c.Result)
	}
	return strconv.FormatInt(c.Result, 10)
}

// pathC is a file of /proc, with the number of the tracee spelled as sp does.
func (c *Call) pathC(sp Speller) string {
	if file, ok := strings.CutPrefix(c.Path, fmt.Sprintf("/proc/%d/", c.TID)); ok {
		return fmt.Sprintf("/proc/%s/%s", sp.TID(c.TID), file)
	}
	return c.Path
}

func (c *Call) addrC(sp Speller) string {
	if c.AddrPointer != "" {
		return c.AddrPointer
	}
	switch c.Request {
	case PeekUser, PokeUser:
		return names.UserSpelling(c.Addr)
	case PeekText, PeekData, PokeText, PokeData:
		return sp.Addr(Addr(c.Addr))
	case GetRegSet, SetRegSet:
		return Set(c.Addr).String()
	case ArchPrctl:
		return sp.Word(Word(c.Addr))
	case GetSyscallInfo, SetSyscallInfo, GetRseqConfiguration, SeccompGetMetadata, SeccompGetFilter,
		GetSyscallUserDispatchConfig, SetSyscallUserDispatchConfig, GetThreadArea, SetThreadArea, GetSigMask, SetSigMask:
		return strconv.FormatUint(c.Addr, 10) // a size or an index
	}
	if c.Addr == 0 {
		return "NULL"
	}
	return Addr(c.Addr).String()
}

func (c *Call) dataC(sp Speller) string {
	switch {
	case c.Pointer != "":
		return c.Pointer
	case c.Request.Restarts():
		return signalC(c.Data)
	case c.Request == ArchPrctl:
		return ArchCode(c.Data).String()
	case c.Request == SetOptions, c.Request == OldSetOptions, c.Request == Seize:
		return Option(c.Data).String()
	case c.Request == PokeText, c.Request == PokeData, c.Request == PokeUser:
		return sp.Word(Word(c.Data))
	case c.Data == 0:
		return "NULL"
	}
	return Word(c.Data).Hex()
}

func signalC(n uint64) string {
	return Signal(n).String()
}

// The options of wait4(2) that this package uses.
const (
	wNoHang   = 0x00000001
	wNoThread = 0x20000000 // only children of this thread, not of the whole process
	wAll      = 0x40000000 // whatever signal the child sends at its end
)

// flag is a bit and its name.
type flag struct {
	bit  uint64
	name string
}

func waitFlags(bits uint64) string {
	return flagsC(bits, []flag{{wNoHang, "WNOHANG"}, {wAll, "__WALL"}, {wNoThread, "__WNOTHREAD"}})
}

func openFlags(bits uint64) string {
	return flagsC(bits, []flag{{oRDWR, "O_RDWR"}, {oCloExec, "O_CLOEXEC"}})
}

func flagsC(bits uint64, flags []flag) string {
	var on []string
	for _, f := range flags {
		if bits&f.bit != 0 {
			on = append(on, f.name)
		}
	}
	if len(on) == 0 {
		return "0"
	}
	return strings.Join(on, "|")
}
