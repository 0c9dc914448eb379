package main

import (
	"fmt"
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
