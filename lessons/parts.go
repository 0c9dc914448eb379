package lessons

import "ptwalk/lessons/stage"

// Part is a part of the walk: lessons in a row, and what they have in common.
type Part struct {
	Title       string // "The kernel's side"
	About       string // what its lessons are about, in a line
	first, last int    // the numbers of its lessons
}

// parts are all, whether or not their lessons are there.
var parts = []Part{
	{"The walk", "volunteer, look, step, count, attach", 1, 5},
	{"The kernel's side", "what it tells of system calls, memory, signals and children, and two ways to stop at a place", 6, 11},
	{"The debugger's side", "lines, variables, the stack, calls of its own, and one that works", 12, 16},
}

// Parts are those that have lessons, in order.
func Parts() (have []Part) {
	for _, p := range parts {
		if len(p.Lessons()) > 0 {
			have = append(have, p)
		}
	}
	return have
}

// Lessons are those of the part.
func (p Part) Lessons() (of []*stage.Lesson) {
	for _, l := range All {
		if p.first <= l.Number && l.Number <= p.last {
			of = append(of, l)
		}
	}
	return of
}
