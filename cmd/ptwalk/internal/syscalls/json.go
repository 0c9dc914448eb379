package syscalls

import (
	"io"
	"syscall"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
	"ptwalk/tracer/syscalls"
	"ptwalk/tracer/syscalls/decode"
)

// events makes an event of what it is told: a call when it is over.
type events struct {
	out   *lines
	to    *render.JSON
	began time.Time
	shown
	counts *summary // -c: a table in place of the calls

	open map[tracer.TID]*decode.Decoder
}

func newJSON(out *lines, w io.Writer, show shown, title string, counts bool) *events {
	e := &events{out: out, to: render.NewJSON(w), began: time.Now(), shown: show, open: map[tracer.TID]*decode.Decoder{}}
	if counts {
		e.counts = &summary{out: out, shown: show}
	}
	opening := &event.Lesson{Name: "syscalls", Title: title}
	stage.OnThisMachine(opening, cli.Version())
	e.emit(opening)
	return e
}

func (e *events) Lost() bool { return e.out.Lost() }

func (e *events) emit(v event.Event) {
	event.BaseOf(v).T = time.Since(e.began)
	e.to.Event(v)
}

func (e *events) Executed(tid tracer.TID, c tracer.Command) {
	switch {
	case e.counts != nil:
		e.counts.Executed(tid, c)
	case e.shows("execve"):
		args, line := decode.Executed(c, e.bytes)
		e.call(&tracer.Call{Name: "execve", TID: tid}, args, line, false)
	}
}

func (e *events) Enter(entry syscalls.Entry, m syscalls.Memory) bool {
	if e.counts != nil {
		return e.counts.Enter(entry, m)
	}
	d := e.enter(entry, m)
	if d != nil {
		e.open[entry.TID] = d
	}
	return d != nil
}

func (e *events) Exit(tid tracer.TID, result int64, failed bool) {
	if e.counts != nil {
		e.counts.Exit(tid, result, failed)
	}
	d := e.open[tid]
	if d == nil {
		return
	}
	delete(e.open, tid)
	d.Exit(result, failed)
	c := &tracer.Call{Name: d.Name(), TID: tid, Result: result}
	if failed {
		c.Errno = syscall.Errno(-result)
	}
	e.call(c, d.Args(), d.Part()+") = "+d.Result(), true)
}

// call is one call of the program. The words of its arguments are known but for those
// of the execve that we have made.
func (e *events) call(c *tracer.Call, args []decode.Arg, line string, words bool) {
	c.Request, c.By = tracer.NotPtrace, tracer.ByTracee
	v := &event.Call{Call: *c, N: 1, C: line}
	for _, a := range args {
		arg := event.Arg{Text: a.Text}
		if words {
			value := tracer.Word(a.Value)
			arg.Value = &value
		}
		v.Args = append(v.Args, arg)
	}
	e.emit(v)
}

func (e *events) Signal(stop tracer.Stop, info tracer.SigInfo) {
	code := int(info.Code)
	e.emit(&event.Stop{Stop: stop, Code: &code})
	e.emit(event.NewSigInfo(stop.TID, info))
}

func (e *events) Stopped(stop tracer.Stop) { e.emit(&event.Stop{Stop: stop}) }

// Ended tells first of a call that nobody came back from.
func (e *events) Ended(stop tracer.Stop) {
	if e.counts != nil {
		e.counts.Ended(stop)
	}
	e.lose(stop.TID)
	e.emit(&event.Stop{Stop: stop})
}

func (e *events) lose(tid tracer.TID) {
	if d := e.open[tid]; d != nil {
		delete(e.open, tid)
		e.call(&tracer.Call{Name: d.Name(), TID: tid}, d.Args(), d.Part()+") = "+decode.NoResult, true)
	}
}

func (e *events) Replaced(leader, former tracer.TID) {
	if e.counts != nil {
		e.counts.Replaced(leader, former)
	}
	e.lose(leader)
	if d := e.open[former]; d != nil {
		delete(e.open, former)
		e.open[leader] = d
	}
}

func (e *events) Left(tracer.TID)          {}
func (e *events) Attached(tracer.TID, int) {}

func (e *events) finish(status int) {
	if e.counts != nil {
		table := &event.Table{Title: "System calls", Columns: []event.Column{{Name: "syscall"}, {Name: "calls", Right: true}, {Name: "errors", Right: true}}}
		for _, r := range e.counts.rows() {
			table.Rows = append(table.Rows, []any{r.name, r.calls, r.errors})
		}
		e.emit(table)
	}
	e.emit(&event.End{Exit: status})
}
