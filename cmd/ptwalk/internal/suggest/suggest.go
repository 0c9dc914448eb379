// Package suggest says what a word on the command line names, or what it may be
// meant to name.
package suggest

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/tracer/names"
)

// isLesson says whether a word names a lesson, or all of them.
func isLesson(word string) bool {
	some, err := lessons.Choose(word)
	return len(some) > 0 || err != nil
}

// NoLesson says that a word names no lesson, and which there are.
func NoLesson(word string) error {
	return fmt.Errorf("there is no lesson %q; the lessons are 1 to %d", word, len(lessons.All))
}

// Lessons are those that words name, each once and in the order in which it is first
// named: a word as Find takes it, a range as 1-5, or all.
func Lessons(words []string) (chosen []*stage.Lesson, err error) {
	for _, word := range words {
		named, err := lessonsOf(word)
		if err != nil {
			return nil, err
		}
		for _, l := range named {
			if !slices.Contains(chosen, l) {
				chosen = append(chosen, l)
			}
		}
	}
	return chosen, nil
}

func lessonsOf(word string) ([]*stage.Lesson, error) {
	if word == "all" {
		return lessons.All, nil
	}
	if l, ok := lessons.Find(word); ok {
		return []*stage.Lesson{l}, nil
	}
	from, to, _ := strings.Cut(word, "-")
	first, isFirst := lessons.Find(from)
	last, isLast := lessons.Find(to)
	switch {
	case !isFirst || !isLast:
		return nil, NoLesson(word)
	case last.Number < first.Number:
		return nil, fmt.Errorf("the range %s runs backwards; the lessons are in order as %d-%d", word, last.Number, first.Number)
	}
	return lessons.All[first.Number-1 : last.Number], nil
}

// NoLessonOrCommand says that a word is neither, and what may be meant.
func NoLessonOrCommand(word string, commands base.Table) error {
	if _, err := strconv.Atoi(word); err == nil {
		return NoLesson(word)
	}
	if isCommand(word, commands) {
		return fmt.Errorf("%q is a command and no lesson", word)
	}
	words := append([]string{"all", "help"}, commands.Names()...)
	for _, l := range lessons.All {
		words = append(words, l.Name)
	}
	text := fmt.Sprintf("there is no lesson or command %q", word)
	switch strings.ToLower(word) {
	case "lesson", "lessons", "chapter", "start", "run", "begin":
		return errors.New(text + "; a lesson is started by its number: ptwalk 1")
	case "next", "continue", "resume", "list", "menu", "progress":
		return errors.New(text + "; ptwalk alone lists the lessons, how far you are, and which one is next")
	}
	if near := names.Nearest(strings.ToLower(word), words); near != "" {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	return errors.New(text)
}

func isCommand(word string, commands base.Table) bool {
	return word == "help" || slices.Contains(commands.Names(), word)
}

// Mend says what is wrong with the flags of lessons in the words that help most:
// they may be those of a command, which stands behind them or is misspelt. It
// returns err, or a better error in its place.
func Mend(args, operands []string, err error, commands base.Table) error {
	if behind := commandBehind(args, operands, err, commands); behind != nil {
		return behind
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) && !isLesson(args[0]) && !strings.HasPrefix(args[0], "-") {
		return NoLessonOrCommand(args[0], commands)
	}
	return err
}

// commandBehind says that a command stands behind flags, and how the line is right.
// It is nil where no command is meant.
func commandBehind(args, operands []string, err error, commands base.Table) error {
	if !strings.HasPrefix(args[0], "-") || errors.Is(err, flag.ErrHelp) {
		return nil
	}
	at := slices.IndexFunc(args, func(word string) bool { return isCommand(word, commands) })
	switch {
	case at < 0:
		return nil
	case err != nil:
	case len(operands) == 0 || operands[0] != args[at]:
		return nil
	case !slices.ContainsFunc(operands, func(word string) bool { return !isLesson(word) }):
		return nil // count and attach are lessons too
	}
	right := append([]string{"ptwalk", args[at]}, slices.Delete(slices.Clone(args), at, at+1)...)
	return fmt.Errorf("the command comes first: %s", base.CommandLine(right))
}
