package syscalls

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/syscalls"
	"ptwalk/tracer/syscalls/decode"
)

// summary counts the calls that have ended.
type summary struct {
	out        *lines
	accessible bool
	shown

	open   map[tracer.TID]string
	counts map[string]*tally
}

// tally is how often a call was made, and has failed.
type tally struct{ calls, errors int }

func (s *summary) Lost() bool { return s.out.Lost() }

func (s *summary) Executed(tracer.TID, tracer.Command) {
	if s.shows("execve") {
		s.add("execve", false)
	}
}

func (s *summary) Enter(e syscalls.Entry, _ syscalls.Memory) bool {
	call := decode.Call{Arch: e.Arch, Nr: e.Nr}
	if !s.shows(call.Name()) {
		return false
	}
	if s.open == nil {
		s.open = map[tracer.TID]string{}
	}
	s.open[e.TID] = call.Name()
	return true
}

// Exit counts a call. One that is going to be begun again has not failed.
func (s *summary) Exit(tid tracer.TID, result int64, failed bool) {
	if name := s.open[tid]; name != "" {
		s.add(name, failed && !names.Restarts(int(-result)))
		delete(s.open, tid)
	}
}

func (s *summary) add(name string, failed bool) {
	if s.counts == nil {
		s.counts = map[string]*tally{}
	}
	if s.counts[name] == nil {
		s.counts[name] = &tally{}
	}
	s.counts[name].calls++
	if failed {
		s.counts[name].errors++
	}
}

// Ended counts a call that nobody came back from, as exit_group.
func (s *summary) Ended(stop tracer.Stop) { s.Exit(stop.TID, 0, false) }

// Replaced moves the execve to the tid that its thread has now.
func (s *summary) Replaced(leader, former tracer.TID) {
	s.Exit(leader, 0, false)
	if name := s.open[former]; name != "" {
		delete(s.open, former)
		s.open[leader] = name
	}
}

func (s *summary) Signal(tracer.Stop, tracer.SigInfo) {}
func (s *summary) Stopped(tracer.Stop)                {}
func (s *summary) Left(tracer.TID)                    {}
func (s *summary) Attached(tracer.TID, int)           {}

// rows are the calls, those that were made most first.
func (s *summary) rows() (rows []row) {
	for _, name := range slices.SortedFunc(maps.Keys(s.counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.counts[b].calls, s.counts[a].calls), strings.Compare(a, b))
	}) {
		rows = append(rows, row{name, *s.counts[name]})
	}
	return rows
}

type row struct {
	name string
	tally
}

func (s *summary) finish(int) {
	total := row{name: "total"}
	rows := s.rows()
	for _, r := range rows {
		total.calls += r.calls
		total.errors += r.errors
	}
	if s.accessible {
		for _, r := range append(rows, total) {
			fmt.Fprintf(s.out, "%s: calls %d, errors %d\n", r.name, r.calls, r.errors)
		}
		return
	}
	const format = "%9s %9s  %s\n"
	rule := func() {
		fmt.Fprintf(s.out, format, strings.Repeat("-", 9), strings.Repeat("-", 9), strings.Repeat("-", 16))
	}
	fmt.Fprintf(s.out, format, "calls", "errors", "syscall")
	rule()
	for _, r := range rows {
		fmt.Fprintf(s.out, format, fmt.Sprint(r.calls), number(r.errors), r.name)
	}
	rule()
	fmt.Fprintf(s.out, format, fmt.Sprint(total.calls), number(total.errors), total.name)
}

// number leaves the place of a zero empty.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
