// Package pictures draws the pictures of the chapters from the recorded runs: what
// a run has not shown stands in none. Each is an SVG that has colours of its own
// where it stands alone, and those of the page where it is put into one.
package pictures

import (
	"fmt"

	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Class is the class of each picture, by which a page gives it its own colours.
const Class = "drawn"

// all are the pictures by their files, and how each is drawn.
var all = map[string]func() (*canvas, error){
	"three.svg":          three,
	"fork-exec-wait.svg": func() (*canvas, error) { return life("01-traceme", 3, "From fork to the second wait") },
	"exec.svg":           newMemory,
	"wait-status.svg":    statuses,
	"one-step.svg":       func() (*canvas, error) { return life("03-singlestep", 1, "One step, and the end by SIGKILL") },
	"attach.svg":         func() (*canvas, error) { return life("05-attach", 2, "A visit: attach, look, detach") },
	"who-stops-whom.svg": stops,
}

// All is each picture as SVG, by the name of its file.
func All() (map[string]string, error) {
	out := map[string]string{}
	for name, draw := range all {
		c, err := draw()
		if err != nil {
			return nil, fmt.Errorf("docs/pictures/%s: %w", name, err)
		}
		out[name] = c.svg()
	}
	return out, nil
}

// happened is an event of a recorded section, and how its values are spelled: as
// in the pages, so that a picture is the same after the next recording.
type happened struct {
	events []event.Event
	spell  *event.Stable
}

// section reads a section of a recording.
func section(id string, number int) (happened, error) {
	rec, err := replay.Embedded(id)
	if err != nil {
		return happened{}, err
	}
	var h happened
	inside := false
	for _, e := range rec.Events {
		switch e := e.(type) {
		case *event.Lesson:
			h.spell = event.NewStableOf(e.PID)
		case *event.Section:
			inside = e.Number == number
			continue
		case *event.End:
			inside = false
		}
		if inside {
			h.events = append(h.events, e)
		}
	}
	if h.events == nil {
		return h, fmt.Errorf("the recording of %s has no section %d", id, number)
	}
	return h, nil
}

// call is the first call of a name in the section.
func (h happened) call(name string) (*event.Call, error) {
	for _, e := range h.events {
		if c, ok := e.(*event.Call); ok && c.Call.Name == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no %s was recorded", name)
}

// stopAfter is the first stop behind a call of a name.
func (h happened) stopAfter(name string) (*event.Stop, error) {
	after := false
	for _, e := range h.events {
		switch e := e.(type) {
		case *event.Call:
			after = after || e.Call.Name == name
		case *event.Stop:
			if after {
				return e, nil
			}
		}
	}
	return nil, fmt.Errorf("no stop behind %s was recorded", name)
}

// hex is a status as the lessons print it.
func hex(s tracer.Status) string { return fmt.Sprintf("0x%04x", uint32(s)) }
