package count

import (
	"os"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// statusField reads one line of /proc/TID/status, "" where there is none.
func statusField(tid tracer.TID, name string) string {
	text, err := os.ReadFile("/proc/" + tid.String() + "/status")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// signalSet reads a set of signals of /proc/TID/status.
func signalSet(tid tracer.TID, name string) (tracer.SigSet, bool) {
	n, err := strconv.ParseUint(statusField(tid, name), 16, 64)
	return tracer.SigSet(n), err == nil
}

// processOf is the process that a thread belongs to.
func processOf(tid tracer.TID) tracer.TID {
	pid, err := strconv.Atoi(statusField(tid, "Tgid"))
	if err != nil {
		return tid
	}
	return tracer.TID(pid)
}

// commOf is the name of a thread, printable. "" if it is gone.
func commOf(tid tracer.TID) string {
	text, _ := os.ReadFile("/proc/" + tid.String() + "/comm")
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, strings.TrimSuffix(string(text), "\n"))
}

// catches says whether the program has a handler for the signal.
func (th *thread) catches(sig tracer.Signal) bool {
	set, ok := signalSet(th.tracee.TID, "SigCgt")
	return !ok || set.Has(sig)
}

// continued says whether SIGCONT waits for a thread in group-stop.
func (th *thread) continued() bool {
	own, _ := signalSet(th.tracee.TID, "SigPnd")
	shared, _ := signalSet(th.tracee.TID, "ShdPnd")
	return (own | shared).Has(tracer.SIGCONT)
}
