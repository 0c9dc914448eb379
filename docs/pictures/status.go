package pictures

import (
	"ptwalk/lessons/stage/render"
)

// where names a stop of a recording: the first behind a call.
type where struct {
	id      string
	section int
	call    string
}

// statuses draws wait statuses of several kinds bit by bit, one below the other.
func statuses() (*canvas, error) {
	const (
		bit, left, top, tall = 17, 104, 72, 74
	)
	c := &canvas{title: "Wait statuses, cut into their fields: event, signal or exit code, core flag, and why wait4 returned", width: left + 32*bit + 24}
	fields := []struct {
		from, bits  int
		range_, why string
	}{
		{0, 16, "31\u201316", "event"}, {16, 8, "15\u20138", "signal or exit code"}, {24, 1, "7", "core"}, {25, 7, "6\u20130", "why"},
	}
	for _, f := range fields {
		x := left + f.from*bit + f.bits*bit/2
		if f.bits == 1 {
			c.text(x, 44, "soft", "middle", f.range_)
			continue
		}
		c.text(x, 24, "head", "middle", f.why)
		c.text(x, 44, "soft", "middle", f.range_)
	}
	rows := []where{
		{"01-traceme", 1, "execve"}, {"01-traceme", 7, "PTRACE_SETOPTIONS"}, {"05-attach", 1, "PTRACE_ATTACH"},
		{"05-attach", 6, "PTRACE_INTERRUPT"}, {"01-traceme", 3, "waitid"}, {"01-traceme", 1, "kill"},
	}
	for i, w := range rows {
		h, err := section(w.id, w.section)
		if err != nil {
			return nil, err
		}
		stop, err := h.stopAfter(w.call)
		if err != nil {
			return nil, err
		}
		y := top + i*tall
		c.text(left-10, y+14, "code", "end", hex(stop.Stop.Status))
		c.text(left, y-7, "", "start", stop.Said())
		at := 0
		for _, part := range render.StatusParts(stop.Stop) {
			for j, digit := range part.Bits {
				class := "box"
				if digit == '1' {
					class = "one"
				}
				x := left + (at+j)*bit
				c.box(class, x, y, bit, 20)
				c.text(x+bit/2, y+14, "code", "middle", string(digit))
			}
			if len(part.Bits) > 1 {
				c.text(left+at*bit+len(part.Bits)*bit/2, y+36, "soft", "middle", part.Says)
			}
			at += len(part.Bits)
		}
	}
	c.height = top + len(rows)*tall - 16
	return c, nil
}
