package pictures

import (
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/states"
	"ptwalk/tracer"
)

// What the lanes look like, in pixels.
const (
	lanesWidth = 790
	tracerLane = 350 // where the lane of the tracer begins
	traceeLane = 450
	laneWidth  = 34
	rowHeight  = 34
)

// row is a call of a section, and what the tracee does behind it.
type row struct {
	by   tracer.By
	call string
	is   states.State
	new  bool // the call has changed what the tracee does
}

// life draws the calls of a section from above to below. On the right stands what
// each has made of the tracee: a wait is where the tracer hears of it.
func life(id string, number int, title string) (*canvas, error) {
	rows, err := rowsOf(id, number)
	if err != nil {
		return nil, err
	}
	const top = 56
	c := &canvas{title: title + ": what tracer and tracee do, call by call", width: lanesWidth, height: top + len(rows)*rowHeight + 14}
	c.text(tracerLane+laneWidth/2, 24, "head", "middle", "tracer")
	c.text(traceeLane+laneWidth/2, 24, "head", "middle", "tracee")
	c.text(tracerLane-14, 42, "soft", "end", "who asks the kernel, and for what")
	c.text(traceeLane+laneWidth+14, 42, "soft", "start", "what that makes of the tracee")
	c.box("running", tracerLane, top, laneWidth, len(rows)*rowHeight)
	for i, r := range rows {
		y := top + i*rowHeight
		height := rowHeight
		if i == 0 { // there is no tracee before the first call
			y, height = y+rowHeight/2, rowHeight/2
		}
		c.box(r.is.Is, traceeLane, y, laneWidth, height)
		middle := top + i*rowHeight + rowHeight/2
		c.text(tracerLane-14, middle+4, "code", "end", r.call)
		switch {
		case r.by != tracer.ByTracer:
			c.arrow(traceeLane, middle, tracerLane+laneWidth+22, middle)
			c.text(traceeLane-22, middle-5, "soft", "middle", "child")
		case strings.HasPrefix(r.call, "wait"):
			c.arrow(traceeLane, middle, tracerLane+laneWidth, middle)
		default:
			c.arrow(tracerLane+laneWidth, middle, traceeLane, middle)
		}
		if r.new {
			c.text(traceeLane+laneWidth+14, middle+4, "", "start", said(r.is))
		}
	}
	return c, nil
}

// said is a state in words.
func said(s states.State) string {
	switch s.Is {
	case states.Running:
		if s.Traced {
			return "runs, as a tracee"
		}
		return "runs, and is no tracee"
	case states.Gone:
		return s.Why
	case states.Zombie:
		return "zombie: ended, and not reaped"
	}
	return s.Is + ": " + s.Why
}

// rowsOf are the calls of a section. One that follows its like stands for both.
func rowsOf(id string, number int) (rows []row, err error) {
	h, err := section(id, number)
	if err != nil {
		return nil, err
	}
	var f states.Follower
	for _, e := range h.events {
		changed := f.Event(e)
		if c, ok := e.(*event.Call); ok {
			rows = append(rows, row{by: c.Call.By, call: short(c, h.spell)})
		}
		if len(rows) == 0 || len(f.All()) == 0 {
			continue
		}
		last := &rows[len(rows)-1]
		last.is, last.new = f.All()[0], last.new || len(changed) > 0
	}
	return merged(rows), nil
}

// merged leaves out a call that changes nothing where the same was made before it.
func merged(rows []row) (out []row) {
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1].call == r.call && !r.new {
			continue
		}
		out = append(out, r)
	}
	return out
}

// short is the C line of a call without what a picture has no room for.
func short(c *event.Call, sp *event.Stable) string {
	text := c.Call.Expression(sp)
	switch {
	case c.Call.Name == "execve":
		return "execve(\u2026)"
	case strings.HasPrefix(c.Call.Name, "wait4"):
		return "wait4(" + sp.TID(c.Call.TID) + ", &status, \u2026)"
	case len(text) > 38:
		text = strings.ReplaceAll(text, ", NULL", "")
	}
	return text
}
