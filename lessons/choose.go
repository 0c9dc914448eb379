package lessons

import (
	"fmt"
	"strconv"
	"strings"

	"ptwalk/lessons/stage"
)

// Choose returns the lessons that a word of the command line names: as [Find] does,
// all, 1-5 for a range, and 3.2 to begin lesson 3 at its section 2. They are none where
// it names no lesson; the error is of a word that could.
func Choose(word string) ([]*stage.Lesson, error) {
	if word == "all" {
		return All, nil
	}
	if l, ok := Find(word); ok {
		return []*stage.Lesson{l}, nil
	}
	if name, section, ok := strings.Cut(word, "."); ok {
		l, found := Find(name)
		if !found {
			return nil, nil
		}
		last := len(l.Sections)
		if len(l.Can) > 0 {
			last++ // what you can do now
		}
		n, err := strconv.Atoi(section)
		if err != nil || n < 1 || n > last {
			return nil, fmt.Errorf("%q is no section of lesson %d; it has the sections 1 to %d", section, l.Number, last)
		}
		begun := *l
		begun.From = n
		return []*stage.Lesson{&begun}, nil
	}
	if first, last, ok := strings.Cut(word, "-"); ok {
		from, errFrom := strconv.Atoi(first)
		to, errTo := strconv.Atoi(last)
		switch {
		case errFrom != nil || errTo != nil:
			return nil, nil
		case from < 1 || to > len(All) || from > to:
			return nil, fmt.Errorf("%q is no range of lessons; they are 1 to %d", word, len(All))
		}
		return All[from-1 : to], nil
	}
	return nil, nil
}
