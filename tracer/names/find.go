package names

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// The functions of this file find an entry by a word that a person types: a
// name in any case, with or without its prefix, or a number.

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

// SignalByWord finds a signal: "SIGTRAP", "trap", "5"; "SIGCLD" is SIGCHLD.
func SignalByWord(word string) (Signal, bool) {
	name := "SIG" + strings.TrimPrefix(strings.ToUpper(known(word)), "SIG")
	n, err := strconv.Atoi(word)
	for _, s := range Signals {
		if s.Name == name || err == nil && s.Number == n {
			return s, true
		}
	}
	for n := realTimeMin; n <= realTimeMax; n++ {
		if SignalName(n) == name || word == strconv.Itoa(n) {
			return Signal{n, SignalName(n), "terminate",
				"A real-time signal: each one that is sent is queued, and none is lost. The kernel counts them from 32. A C library keeps the first ones: in its programs, and for kill -l, SIGRTMIN is 34 with glibc."}, true
		}
	}
	return Signal{}, false
}

// ErrnoByWord finds an errno: "EPERM", "eperm", "1", and "-1" as the kernel
// returns it; "EWOULDBLOCK" is EAGAIN.
func ErrnoByWord(word string) (Errno, bool) {
	name := strings.ToUpper(known(word))
	n, err := strconv.Atoi(strings.TrimPrefix(word, "-"))
	for _, e := range Errnos {
		if e.Name == name || err == nil && e.Number == n {
			return e, true
		}
	}
	return Errno{}, false
}

// SICodesByWord finds every entry of a si_code: "TRAP_BRKPT", "0", "-6", "0x80".
func SICodesByWord(word string) []SICode {
	name := strings.ToUpper(word)
	n, err := strconv.ParseInt(word, 0, 32)
	var found []SICode
	for _, c := range SICodes {
		if c.Name == name || err == nil && c.Code == int(n) {
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
	n, err := strconv.Atoi(word)
	for _, e := range Events {
		if err == nil && e.Number == n || e.Name == name || strings.TrimPrefix(e.Name, "PTRACE_") == name {
			return e, true
		}
	}
	return Event{}, false
}

// MakesErrno says whether the table of refusals has something on a call.
func MakesErrno(call string) bool {
	return slices.ContainsFunc(Refusals, func(r Refusal) bool { return r.Request == call })
}

// Near are up to five names of all tables that differ little from a word, the
// nearest first.
func Near(word string) []string {
	word = strings.ToUpper(word)
	type distant struct {
		name string
		far  int
	}
	var all []distant
	add := func(name string, prefixes ...string) {
		bare := strings.ToUpper(name)
		far := distance(word, bare)
		for _, p := range prefixes {
			far = min(far, distance(word, strings.TrimPrefix(bare, p)))
		}
		if far <= max(1, len(word)/3) {
			all = append(all, distant{name, far})
		}
	}
	for _, r := range Requests {
		add(r.Name, "PTRACE_")
	}
	for _, s := range Signals {
		add(s.Name, "SIG")
	}
	for _, e := range Errnos {
		add(e.Name)
	}
	for _, o := range Options {
		add(o.Name, "PTRACE_O_", "PTRACE_O_TRACE")
	}
	for _, c := range SICodes {
		add(c.Name)
	}
	for _, r := range append(slices.Clone(Registers("x86-64")), Registers("i386")...) {
		add(r.Name)
	}
	for name := range syscallTables["x86-64"]().numbers {
		add(name)
	}
	slices.SortFunc(all, func(a, b distant) int {
		return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.name, b.name))
	})
	var near []string
	for _, d := range all {
		if len(near) < 5 && !slices.Contains(near, d.name) {
			near = append(near, d.name)
		}
	}
	return near
}

// Nearest is the one of words that is spelled most like word, or "" where none
// is near.
func Nearest(word string, words []string) string {
	nearest, least := "", max(1, len(word)/3)
	for _, w := range words {
		if far := distance(word, w); far < least || far == least && nearest == "" {
			nearest, least = w, far
		}
	}
	return nearest
}

// distance is how many characters have to be put in, taken out, replaced or
// swapped with their neighbour to make b of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
