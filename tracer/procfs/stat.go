package procfs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// Stat is what is needed of /proc/TID/stat, proc_pid_stat(5).
type Stat struct {
	Pid       int
	Comm      string
	State     byte
	PPid      int
	Flags     uint64 // PF_KTHREAD and others, include/linux/sched.h
	Start     uint64 // when it started, in clock ticks since the boot
	Processor int    // the CPU that it ran on last, or Unknown
}

// The flags PF_EXITING and PF_KTHREAD of Stat.
const (
	FlagExiting      = 0x4
	FlagKernelThread = 0x200000
)

// ParseStat reads the text of /proc/TID/stat. The name stands in brackets and
// may hold brackets, spaces and newlines itself: it ends at the last ')'.
func ParseStat(text []byte) (Stat, error) {
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return Stat{}, fmt.Errorf("stat: no name in brackets in %q", text)
	}
	s := Stat{Comm: string(text[open+1 : end]), Processor: Unknown}
	rest := strings.Fields(string(text[end+1:]))
	if len(rest) < 20 || len(rest[0]) != 1 {
		return Stat{}, fmt.Errorf("stat: not a state and 19 numbers behind the name: %q", text[end+1:])
	}
	s.State = rest[0][0]
	var err [5]error
	s.Pid, err[0] = parseID(string(text[:open]))
	s.PPid, err[1] = parseID(rest[1])
	s.Flags, err[2] = strconv.ParseUint(rest[6], 10, 64)
	s.Start, err[3] = strconv.ParseUint(rest[19], 10, 64)
	if len(rest) > 36 {
		s.Processor, err[4] = parseID(rest[36])
	}
	if err := errors.Join(err[:]...); err != nil {
		return Stat{}, fmt.Errorf("stat: %w", err)
	}
	return s, nil
}

// StatOf reads /proc/TID/stat. It is false for a thread that is gone.
func StatOf(tid tracer.TID) (Stat, bool) {
	s, err := ParseStat([]byte(read(tid, "stat")))
	return s, err == nil
}

// StartTime tells one process from a later one of the same number: when it was
// started, in clock ticks since the boot. It is 0 if there is no such process.
func StartTime(pid tracer.TID) uint64 {
	s, _ := StatOf(pid)
	return s.Start
}

// Processes reads /proc/PID/stat of all processes that /proc shows.
func Processes() (all []Stat) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	entries, _ := dir.Readdirnames(-1)
	for _, name := range entries {
		pid, err := strconv.ParseInt(name, 10, 32)
		if err != nil {
			continue
		}
		if s, there := StatOf(tracer.TID(pid)); there {
			all = append(all, s)
		}
	}
	return all
}

// IsOurs says whether /proc shows the pid namespace that we are in.
func IsOurs() bool {
	self, err := os.Readlink("/proc/self")
	return err == nil && self == strconv.Itoa(os.Getpid())
}
