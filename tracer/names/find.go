package names

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The functions of this file find an entry by a word that a person types: a
// name in any case, with or without its prefix, the text that the C library has for
// it, or a number.

// RequestByWord finds a request as RequestByName does, and by its number: "16",
// "0x4206".
func RequestByWord(word string) (Request, bool) {
	n, err := strconv.ParseUint(word, 0, 64)
	for _, r := range Requests {
		if err == nil && r.Number == n {
			return r, true
		}
	}
	return RequestByName(word)
}

// SignalByWord finds a signal: "SIGTRAP", "trap", "5", "Trace/breakpoint trap";
// "SIGCLD" is SIGCHLD, and "SIGRTMAX-1" is 63.
func SignalByWord(word string) (Signal, bool) {
	name := "SIG" + strings.TrimPrefix(strings.ToUpper(known(word)), "SIG")
	n, err := strconv.ParseInt(word, 0, 32)
	for _, s := range Signals {
		if s.Name == name || strings.EqualFold(s.Text, word) || err == nil && s.Number == int(n) {
			return s, true
		}
	}
	for r := realTimeMin; r <= realTimeMax; r++ {
		if SignalName(r) == name || name == fmt.Sprintf("SIGRTMAX-%d", realTimeMax-r) || err == nil && int(n) == r {
			return Signal{r, SignalName(r), "Real-time signal", "terminate",
				"Each real-time signal that is sent is queued. The kernel counts them from SIGRTMIN, 32, to SIGRTMAX, 64. glibc keeps two for itself: in its programs, and for kill -l, SIGRTMIN is 34."}, true
		}
	}
	return Signal{}, false
}

// ErrnoByWord finds an errno: "EPERM", "eperm", "1", "-1" as the kernel returns it,
// and "Operation not permitted"; "EWOULDBLOCK" is EAGAIN.
func ErrnoByWord(word string) (Errno, bool) {
	name := strings.ToUpper(known(word))
	n, err := strconv.ParseInt(strings.TrimPrefix(word, "-"), 0, 32)
	for _, e := range Errnos {
		if e.Name == name || strings.EqualFold(e.Text, word) || err == nil && e.Number == int(n) {
			return e, true
		}
	}
	return Errno{}, false
}

// SICodesByWord finds every entry of a si_code: "TRAP_BRKPT", "SIGTRAP|0x80", "0",
// "-6", "0x80".
func SICodesByWord(word string) []SICode {
	n, err := strconv.ParseInt(word, 0, 32)
	var found []SICode
	for _, c := range SICodes {
		if strings.EqualFold(c.Name, word) || err == nil && c.Code == int(n) {
			found = append(found, c)
		}
	}
	return found
}

// RegisterOf is a register and the architecture whose programs have it.
type RegisterOf struct {
	Arch Arch
	Register
}

// RegistersByWord finds a register by its field, as "rip", or by its index in
// <sys/reg.h>, as "ORIG_RAX" or "8*ORIG_RAX".
func RegistersByWord(word string) []RegisterOf {
	name := strings.ToLower(strings.TrimPrefix(word, "8*"))
	var found []RegisterOf
	for _, arch := range Archs {
		for _, r := range Registers(arch) {
			if r.Name == name {
				found = append(found, RegisterOf{arch, r})
			}
		}
	}
	return found
}

// OptionByWord finds an option: "PTRACE_O_EXITKILL", "exitkill", "0x100000".
func OptionByWord(word string) (Option, bool) {
	name := "PTRACE_O_" + strings.TrimPrefix(strings.ToUpper(word), "PTRACE_O_")
	bit, err := strconv.ParseUint(word, 0, 32)
	for _, o := range Options {
		if o.Name == name || err == nil && uint64(o.Bit) == bit {
			return o, true
		}
	}
	return Option{}, false
}

// EventByWord finds an event: "PTRACE_EVENT_EXEC", "event_exec", "4".
func EventByWord(word string) (Event, bool) {
	name := strings.ToUpper(word)
	n, err := strconv.ParseInt(word, 0, 32)
	for _, e := range Events {
		if err == nil && e.Number == int(n) || e.Name == name || strings.TrimPrefix(e.Name, "PTRACE_") == name {
			return e, true
		}
	}
	return Event{}, false
}

// MakesErrno says whether the table of refusals has something on a call.
func MakesErrno(call string) bool {
	return slices.ContainsFunc(Refusals, func(r Refusal) bool { return r.Request == call })
}
