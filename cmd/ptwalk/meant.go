package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/lessons"
	"ptwalk/tracer/names"
)

// isLesson says whether a word names a lesson, or all of them.
func isLesson(word string) bool {
	_, ok := lessons.Find(word)
	return ok || word == "all"
}

// noLesson says that a word names no lesson, and which there are.
func noLesson(word string) error {
	return fmt.Errorf("there is no lesson %q; the lessons are 1 to %d", word, len(lessons.All))
}

// noLessonOrCommand says that a word is neither, and what may be meant.
func noLessonOrCommand(word string) error {
	if _, err := strconv.Atoi(word); err == nil {
		return noLesson(word)
	}
	if isCommand(word) {
		return fmt.Errorf("%q is a command and no lesson", word)
	}
	words := []string{"all", "help"}
	for _, c := range commands {
		words = append(words, c.name)
	}
	for _, l := range lessons.All {
		words = append(words, l.Name)
	}
	text := fmt.Sprintf("there is no lesson or command %q", word)
	if near := names.Nearest(strings.ToLower(word), words); near != "" {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("%s", text)
}

func isCommand(word string) bool {
	return word == "help" || slices.ContainsFunc(commands, func(c command) bool { return c.name == word })
}

// commandBehind says that a command stands behind flags, and how the line is right.
// The operands are those of the line, and err is what is wrong with its flags:
// they may be those of the command. It is nil where no command is meant.
func commandBehind(args, operands []string, err error) error {
	if !strings.HasPrefix(args[0], "-") || errors.Is(err, flag.ErrHelp) {
		return nil
	}
	at := slices.IndexFunc(args, isCommand)
	switch {
	case at < 0:
		return nil
	case err != nil:
	case len(operands) == 0 || operands[0] != args[at]:
		return nil
	case isLesson(operands[0]) && !slices.ContainsFunc(operands, func(word string) bool { return !isLesson(word) }):
		return nil // count and attach are lessons too
	}
	right := append([]string{"ptwalk", args[at]}, slices.Delete(slices.Clone(args), at, at+1)...)
	return fmt.Errorf("the command comes first: %s", commandLine(right))
}
