// Package procfs reads what /proc tells of a process and of its threads.
//
// What parses is pure: bytes in, values out, and an error that names what is not
// of its form. What reads takes a thread id, as the kernel does: /proc/TID is
// there for every thread, though only those of processes are listed. The formats
// are those of proc(5). Elsewhere than on Linux there is nothing to read.
package procfs

import (
	"cmp"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// Unknown is a number that a file does not give: an older kernel, for example.
const Unknown = -1

// Self is the calling thread, by /proc/thread-self: it is right where /proc shows
// another pid namespace too.
const Self tracer.TID = 0

func file(tid tracer.TID, name string) string {
	who := "thread-self"
	if tid != Self {
		who = tid.String()
	}
	return path.Join("/proc", who, name)
}

// read is what a file of a thread holds, "" where it cannot be read.
func read(tid tracer.TID, name string) string {
	text, _ := os.ReadFile(file(tid, name))
	return string(text)
}

// StatusField is one line of /proc/TID/status, "State" or "TracerPid", without
// its name. It is "" where there is no such line, or no such thread.
func StatusField(tid tracer.TID, name string) string { return field(read(tid, "status"), name) }

func field(text, name string) string {
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok && key == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Signals is a line of /proc/TID/status that is a set of signals: "SigPnd" and
// "ShdPnd" wait for the thread and for its process, "SigBlk" it blocks, "SigIgn"
// it ignores, for "SigCgt" it has a handler. It is false for a thread that is
// gone.
func Signals(tid tracer.TID, name string) (tracer.SigSet, bool) {
	set, err := parseSignals(StatusField(tid, name))
	return set, err == nil
}

// parseSignals reads sixteen hexadecimal digits.
func parseSignals(s string) (tracer.SigSet, error) {
	n, err := strconv.ParseUint(s, 16, 64)
	return tracer.SigSet(n), err
}

// Catches says whether a program has a handler for a signal, or is gone.
func Catches(tid tracer.TID, sig tracer.Signal) bool {
	set, there := Signals(tid, "SigCgt")
	return !there || set.Has(sig)
}

// SignalComes says whether a signal waits that a thread takes before it executes
// another instruction. One for a whole process may be taken by another thread.
func SignalComes(tid tracer.TID) bool {
	own, _ := Signals(tid, "SigPnd")
	if StatusField(tid, "Threads") == "1" {
		shared, _ := Signals(tid, "ShdPnd")
		own |= shared
	}
	blocked, there := Signals(tid, "SigBlk")
	return there && own&^blocked != 0
}

// LeavesGroupStop says whether a thread in group-stop is about to leave it: SIGCONT
// or SIGKILL waits for it, or it is gone. The kernel tells a tracer that has not
// seized it in no other way.
func LeavesGroupStop(tid tracer.TID) bool {
	own, there := Signals(tid, "SigPnd")
	shared, _ := Signals(tid, "ShdPnd")
	all := own | shared
	return !there || all.Has(tracer.SIGCONT) || all.Has(tracer.SIGKILL)
}

// Ended says whether nothing is left of a thread but its status, if that.
func Ended(tid tracer.TID) bool {
	state := StatusField(tid, "State")
	return state == "" || strings.ContainsRune("ZXx", rune(state[0]))
}

// Process is the process that a thread belongs to, the thread itself if that is
// gone.
func Process(tid tracer.TID) tracer.TID {
	pid, err := strconv.Atoi(StatusField(tid, "Tgid"))
	if err != nil {
		return tid
	}
	return tracer.TID(pid)
}

// Comm is the name of a thread, with ? for what does not print. It is "" if the
// thread is gone.
func Comm(tid tracer.TID) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, strings.TrimSuffix(read(tid, "comm"), "\n"))
}

// Threads are the threads of a process, the first one first and the others by
// their numbers. A younger one has the smaller number where the kernel began anew.
func Threads(pid tracer.TID) ([]tracer.TID, error) {
	entries, err := os.ReadDir(file(pid, "task"))
	var tids []tracer.TID
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil {
			tids = append(tids, tracer.TID(n))
		}
	}
	slices.SortFunc(tids, func(a, b tracer.TID) int {
		switch pid {
		case a:
			return -1
		case b:
			return 1
		}
		return cmp.Compare(a, b)
	})
	return tids, err
}

// Children are the processes that a thread has started and not reaped, in the order
// of their birth. A kernel without CONFIG_PROC_CHILDREN does not tell.
func Children(pid, tid tracer.TID) (born []tracer.TID) {
	for _, word := range strings.Fields(read(pid, path.Join("task", tid.String(), "children"))) {
		if n, err := strconv.Atoi(word); err == nil {
			born = append(born, tracer.TID(n))
		}
	}
	return born
}

// Is32 says whether a process runs a 32-bit program, by the class of its ELF file,
// and whether that can be read.
func Is32(pid tracer.TID) (is, known bool) {
	f, err := os.Open(file(pid, "exe"))
	if err != nil {
		return false, false
	}
	defer f.Close()
	var head [5]byte
	n, _ := f.Read(head[:])
	return head[4] == 1, n == len(head) // ELFCLASS32
}
