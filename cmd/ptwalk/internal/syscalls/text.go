package syscalls

import (
	"fmt"

	"ptwalk/tracer"
	"ptwalk/tracer/syscalls"
	"ptwalk/tracer/syscalls/decode"
)

// shown is what is shown of the calls.
type shown struct {
	only  map[string]bool // nil is all
	bytes int             // of a string
}

func (s *shown) shows(name string) bool { return s.only == nil || s.only[name] }

// enter begins to decode a call, and is nil for one that is not shown.
func (s *shown) enter(e syscalls.Entry, m syscalls.Memory) *decode.Decoder {
	call := decode.Call{Arch: e.Arch, Nr: e.Nr, Args: e.Args, SP: e.SP, Before: "system call"}
	if !s.shows(call.Name()) {
		return nil
	}
	if e.Before >= 0 {
		before := decode.Call{Arch: e.Arch, Nr: e.Before}
		call.Before = before.Name()
	}
	return decode.Enter(call, m, s.bytes)
}

// text prints lines as strace does. What is known of a call at its entry is printed at
// once, so that a person sees where a program waits.
type text struct {
	out *lines
	shown
	tids bool // each line begins with the tid

	open map[tracer.TID]*decode.Decoder
	last tracer.TID // whose call the last line is, without its end; 0: the line is whole
}

func (t *text) Lost() bool { return t.out.Lost() }

func (t *text) print(format string, args ...any) { fmt.Fprintf(t.out, format, args...) }

// begin begins a line. A call that has the line now is unfinished.
func (t *text) begin(tid tracer.TID) {
	if t.last != 0 {
		t.print(" <unfinished ...>\n")
		t.last = 0
	}
	if t.tids {
		t.print("%-5d ", tid)
	}
}

func (t *text) line(tid tracer.TID, line string) {
	t.begin(tid)
	t.print("%s\n", line)
}

func (t *text) Executed(tid tracer.TID, c tracer.Command) {
	if t.shows("execve") {
		_, line := decode.Executed(c, t.bytes)
		t.line(tid, line)
	}
}

func (t *text) Attached(pid tracer.TID, threads int) {
	t.tids = t.tids || threads > 1
	with := ""
	if threads > 1 {
		with = fmt.Sprintf(" with %d threads", threads)
	}
	t.print("ptwalk: process %v%s attached\n", pid, with)
}

func (t *text) Enter(e syscalls.Entry, m syscalls.Memory) bool {
	d := t.enter(e, m)
	if d == nil {
		return false
	}
	if t.open == nil {
		t.open = map[tracer.TID]*decode.Decoder{}
	}
	t.open[e.TID] = d
	t.begin(e.TID)
	t.print("%s", d.Part())
	t.last = e.TID
	return true
}

// resume goes on with the line of a call, or begins another one for the rest of it.
func (t *text) resume(tid tracer.TID, d *decode.Decoder) {
	if t.last != tid {
		t.begin(tid)
		t.print("<... %s resumed>", d.Name())
	}
	t.last = 0
	delete(t.open, tid)
}

func (t *text) Exit(tid tracer.TID, result int64, failed bool) {
	if d := t.open[tid]; d != nil {
		t.resume(tid, d)
		d.Exit(result, failed)
		t.print("%s) = %s\n", d.Part(), d.Result())
	}
}

func (t *text) Signal(stop tracer.Stop, info tracer.SigInfo) { t.line(stop.TID, decode.Signal(info)) }
func (t *text) Stopped(stop tracer.Stop)                     { t.line(stop.TID, decode.Stopped(stop.Signal)) }

func (t *text) Ended(stop tracer.Stop) {
	t.lose(stop.TID)
	t.line(stop.TID, decode.End(stop))
}

// lose ends the line of a call that nobody came back from.
func (t *text) lose(tid tracer.TID) {
	if d := t.open[tid]; d != nil {
		t.resume(tid, d)
		if !d.Whole() {
			t.print(" <unfinished ...>")
		}
		t.print(") = %s\n", decode.NoResult)
	}
}

func (t *text) Replaced(leader, former tracer.TID) {
	t.lose(leader)
	t.line(leader, fmt.Sprintf("+++ superseded by execve in pid %v +++", former))
	if d := t.open[former]; d != nil {
		delete(t.open, former)
		t.open[leader] = d
	}
}

func (t *text) Left(tid tracer.TID) {
	if t.last == tid && tid != 0 {
		t.print(" <detached ...>\n")
		t.last = 0
	}
}

// finish says of each call that is not over that its thread was let go.
func (t *text) finish(int) {
	if t.last != 0 {
		t.print(" <detached ...>\n")
		t.last = 0
	}
}
