package docs

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
)

// What a chapter asks of its reader, after the text.
const (
	fewestExercises = 5
	mostExercises   = 8
)

// lastParts are the headings that each chapter ends with.
var lastParts = []string{"What people get wrong", "Further reading", "Try it", "Solutions"}

// eachChapter runs a check on the lines of every chapter.
func eachChapter(t *testing.T, check func(t *testing.T, l *stage.Lesson, lines []string)) {
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) {
			text, err := os.ReadFile(lessons.ID(l) + ".md")
			if err != nil {
				t.Fatal(err)
			}
			check(t, l, strings.Split(string(text), "\n"))
		})
	}
}

// headings are the texts of the headings of a level, those outside of blocks.
func headings(lines []string, level string) (out []string) {
	fenced := false
	for _, line := range lines {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if text, is := strings.CutPrefix(line, level+" "); is && !fenced {
			out = append(out, text)
		}
	}
	return out
}

// TestChapterHasTheSectionsOfItsLesson, in their order, and the parts of every
// chapter after them. It may have more, between the two.
func TestChapterHasTheSectionsOfItsLesson(t *testing.T) {
	eachChapter(t, func(t *testing.T, l *stage.Lesson, lines []string) {
		has := headings(lines, "##")
		var sections []string
		for _, s := range l.Sections {
			sections = append(sections, s.Title)
		}
		if got := has[:min(len(has), len(sections))]; !slices.Equal(got, sections) {
			t.Errorf("it begins with the sections %q, and the lesson has %q", got, sections)
		}
		if got := has[max(0, len(has)-len(lastParts)):]; !slices.Equal(got, lastParts) {
			t.Errorf("it ends with %q, want %q", got, lastParts)
		}
	})
}

// TestChapterIsProseFirst: more lines of text than of code and of transcripts. Each
// section of a run is shown once at most: a browser shows the whole of it there.
func TestChapterIsProseFirst(t *testing.T) {
	eachChapter(t, func(t *testing.T, l *stage.Lesson, lines []string) {
		prose, shown, fenced := 0, 0, false
		runs := map[string]bool{}
		for i, line := range lines {
			switch {
			case strings.HasPrefix(line, "```"):
				fenced = !fenced
			case strings.HasPrefix(line, "<!-- run "):
				if of := strings.Join(strings.Fields(line)[2:4], " "); runs[of] {
					t.Errorf("line %d: %s is shown a second time", i+1, of)
				} else {
					runs[of] = true
				}
			case line == "" || strings.HasPrefix(line, "<!--"):
			case fenced:
				shown++
			default:
				prose++
				if len(line) > 80 && line[0] != '|' && !strings.Contains(line, "](") {
					t.Errorf("line %d has %d columns", i+1, len(line))
				}
			}
		}
		if prose <= shown {
			t.Errorf("%d lines of prose, and %d of code and transcripts", prose, shown)
		}
		if len(runs) == 0 {
			t.Error("it shows nothing of the run")
		}
	})
}

// TestExercisesHaveSolutions: exercise by exercise, "### 1. Title" under "Try it" and
// "**1.**" under "Solutions".
func TestExercisesHaveSolutions(t *testing.T) {
	numbered := regexp.MustCompile(`^(?:### |\*\*)([0-9]+)\.`)
	eachChapter(t, func(t *testing.T, l *stage.Lesson, lines []string) {
		numbers := map[string][]string{}
		part := ""
		for _, line := range lines {
			if heading, is := strings.CutPrefix(line, "## "); is {
				part = heading
			}
			if m := numbered.FindStringSubmatch(line); m != nil {
				numbers[part] = append(numbers[part], m[1])
			}
		}
		asked, solved := numbers["Try it"], numbers["Solutions"]
		if n := len(asked); n < fewestExercises || n > mostExercises {
			t.Errorf("%d exercises, want %d to %d", n, fewestExercises, mostExercises)
		}
		if !slices.Equal(asked, solved) {
			t.Errorf("exercises %v, solutions %v", asked, solved)
		}
	})
}
