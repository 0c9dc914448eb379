package docs

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// What a section weighs: its lines on the screen, and for each question as much as
// it takes a room to think and to vote.
const questionLines = 8

// plan is the lessons as classes of so many minutes, a line a section. A class goes
// on where the one before has ended.
func plan(module fs.FS, words []string) (language, text string, err error) {
	length, err := strconv.Atoi(words[0])
	if err != nil || length < 1 {
		return "", "", fmt.Errorf("a class has a number of minutes, not %q", words[0])
	}
	var out strings.Builder
	class, clock := 0, length
	for _, l := range lessons.All {
		minutes, err := sectionMinutes(module, l)
		if err != nil {
			return "", "", err
		}
		for i, s := range l.Sections {
			if class == 0 || clock+minutes[i] > length {
				class, clock = class+1, 0
				fmt.Fprintf(&out, "\nClass %d:\n\n| at | minutes | section |\n|---|---|---|\n", class)
			}
			fmt.Fprintf(&out, "| %d:%02d | %d | %d.%d %s |\n", clock/60, clock%60, minutes[i], l.Number, i+1, s.Title)
			clock += minutes[i]
		}
	}
	return "", out.String() + "\n", nil
}

// sectionMinutes shares the minutes of a lesson among its sections, by what their
// goldens show.
func sectionMinutes(module fs.FS, l *stage.Lesson) ([]int, error) {
	var weights []int
	for i := range l.Sections {
		_, text, err := section(module, []string{lessons.ID(l), strconv.Itoa(i + 1)})
		if err != nil {
			return nil, err
		}
		weight := 0
		for line := range strings.Lines(text) {
			if strings.TrimSpace(line) != "" {
				weight++
			}
			if strings.HasPrefix(line, "  ? ") {
				weight += questionLines
			}
		}
		weights = append(weights, weight)
	}
	return shares(l.Minutes, weights), nil
}

// shares cuts a sum into whole numbers by weights. They add up to the sum: what has
// been rounded away goes to those that come later.
func shares(sum int, weights []int) (out []int) {
	all, before := 0, 0
	for _, w := range weights {
		all += w
	}
	done := 0
	for _, w := range weights {
		before += w
		end := (sum*before + all/2) / all
		out = append(out, end-done)
		done = end
	}
	return out
}
