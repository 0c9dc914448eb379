// Package lessons lists the lessons, in order.
package lessons

import (
	"fmt"
	"strconv"

	traceme "ptwalk/lessons/01-traceme"
	peekuser "ptwalk/lessons/02-peekuser"
	singlestep "ptwalk/lessons/03-singlestep"
	count "ptwalk/lessons/04-count"
	attach "ptwalk/lessons/05-attach"
	syscalls "ptwalk/lessons/06-syscalls"
	memory "ptwalk/lessons/07-memory"
	breakpoints "ptwalk/lessons/08-breakpoints"
	watchpoints "ptwalk/lessons/09-watchpoints"
	signals "ptwalk/lessons/10-signals"
	children "ptwalk/lessons/11-children"
	"ptwalk/lessons/stage"
)

// All is the walk.
var All = []*stage.Lesson{
	&traceme.Lesson,
	&peekuser.Lesson,
	&singlestep.Lesson,
	&count.Lesson,
	&attach.Lesson,
	&syscalls.Lesson,
	&memory.Lesson,
	&breakpoints.Lesson,
	&watchpoints.Lesson,
	&signals.Lesson,
	&children.Lesson,
}

// Each lesson ends with the way on.
func init() {
	for i, l := range All {
		next := "programs of your own, with the tools: *ptwalk help*"
		if i+1 < len(All) {
			next = fmt.Sprintf("*ptwalk %d*", i+2)
		}
		l.Next = fmt.Sprintf("Next: %s. In depth, and what to try: docs/%s.md, or a page of *ptwalk site*.", next, ID(l))
	}
}

// InWords is how many lessons there are: "five".
func InWords() string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"}
	if len(All) < len(words) {
		return words[len(All)]
	}
	return strconv.Itoa(len(All))
}

// Find returns the lesson that word names: 1, 01, traceme or 01-traceme.
func Find(word string) (*stage.Lesson, bool) {
	for _, l := range All {
		switch word {
		case strconv.Itoa(l.Number), fmt.Sprintf("%02d", l.Number), l.Name, ID(l):
			return l, true
		}
	}
	return nil, false
}

// ID is number and name: "01-traceme".
func ID(l *stage.Lesson) string { return fmt.Sprintf("%02d-%s", l.Number, l.Name) }
