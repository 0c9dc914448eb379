package site

import (
	"fmt"
	"slices"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage/event"
)

// frame is what every page has.
type frame struct {
	Up, Title       string
	Styles, Scripts []string
	Lessons         []link
	Lesson          link // whose page it is; its ID is "" on the others
	Recorded        string
	Prev, Next      *turn
	Body            any
}

// turn leads to the page before or behind this one.
type turn struct{ To, Text string }

// link is a lesson in a list.
type link struct {
	ID, Name, Title, Summary string
	Number                   int
	Here                     bool
}

// InWords is how many lessons there are.
func (frame) InWords() string { return lessons.InWords() }

// Heading is the title with a capital letter.
func (l link) Heading() string { return strings.ToUpper(l.Title[:1]) + l.Title[1:] }

// What every page is set in, and what all but the player are.
var (
	textStyles   = []string{"site.css", "text.css"}
	playerStyles = []string{"site.css", "player.css", "panels.css"}
	textScripts  = []string{"copy.js"}
)

// frameOf puts page i of all into its frame.
func frameOf(all []leaf, i int) frame {
	l := all[i]
	f := frame{Up: up(l.name), Title: l.title, Styles: l.styles, Scripts: append([]string{"menu.js"}, l.scripts...),
		Recorded: l.recorded, Body: l.body}
	for _, lesson := range lessons.All {
		id := lessons.ID(lesson)
		f.Lessons = append(f.Lessons, link{id, lesson.Name, lesson.Title, lesson.Summary, lesson.Number, id == l.lesson})
	}
	if at := slices.IndexFunc(f.Lessons, func(l link) bool { return l.Here }); at >= 0 {
		f.Lesson = f.Lessons[at]
	}
	for j, other := range all {
		switch {
		case other.row != l.row || l.row == "":
		case j < i:
			f.Prev = &turn{f.Up + other.name, other.short}
		case j > i && f.Next == nil:
			f.Next = &turn{f.Up + other.name, other.short}
		}
	}
	return f
}

// recordedOn says where a run was recorded.
func recordedOn(events []event.Event) string {
	for _, e := range events {
		if l, ok := e.(*event.Lesson); ok {
			return fmt.Sprintf("REPLAY of a run on Linux %s, %s, with ptwalk %s", l.Kernel, l.Machine, l.Version)
		}
	}
	return "REPLAY"
}
