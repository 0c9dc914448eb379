package handout

import (
	"regexp"
	"strings"

	"ptwalk/docs"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/render"
)

// The parts of a chapter that belong on paper: what its readers try, and what comes
// of it.
const (
	tryPart      = "Try it"
	solutionPart = "Solutions"
)

// chapterOf is the chapter of a lesson, or "" where there is none.
func chapterOf(l *stage.Lesson) string {
	text, _ := docs.Pages.ReadFile(lessons.ID(l) + ".md")
	return string(text)
}

// part is what stands in a chapter under a heading of the second level, up to the
// next one, without the directives of the weaver and without links.
func part(chapter, title string) string {
	var out, prose strings.Builder
	inside, fence := false, ""
	for line := range strings.Lines(chapter) {
		text := strings.TrimSpace(line)
		switch {
		case fence != "":
			if text == fence {
				fence = ""
			}
		case strings.HasPrefix(text, "```"):
			fence = text[:len(text)-len(strings.TrimLeft(text, "`"))]
			out.WriteString(onPaper(prose.String()))
			prose.Reset()
		case strings.HasPrefix(line, "## "):
			inside = strings.TrimSpace(line[len("## "):]) == title
			continue
		case strings.HasPrefix(text, "<!--") && strings.HasSuffix(text, "-->"):
			continue
		case inside:
			prose.WriteString(line)
			continue
		}
		if inside {
			out.WriteString(line)
		}
	}
	return strings.TrimSpace(out.String() + onPaper(prose.String()))
}

var (
	toSolutions = regexp.MustCompile(`\s*\[[^\]]*\]\(#solutions\)[^.]*\.`)
	anyLink     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// onPaper is prose without links, which lead nowhere, and without the sentence that
// leads to the solutions: they are on another sheet. Its paragraphs are wrapped anew.
func onPaper(prose string) string {
	prose = anyLink.ReplaceAllString(toSolutions.ReplaceAllString(prose, ""), "$1")
	paragraphs := strings.Split(prose, "\n\n")
	for i, p := range paragraphs {
		text := strings.Trim(p, "\n")
		if text == "" || strings.ContainsAny(text[:1], "#-|> ") || item.MatchString(text) {
			continue // a heading, a list or a table keeps its lines
		}
		paragraphs[i] = strings.Replace(p, text, strings.Join(render.Wrap(text, 80), "\n"), 1)
	}
	return strings.Join(paragraphs, "\n\n")
}

// item is the begin of an item of a numbered list.
var item = regexp.MustCompile(`^\d+\. `)

// numbered is the begin of an exercise or of its solution: a heading, or the first
// words of its text.
var numbered = regexp.MustCompile(`(?m)^(\*\*|### )\d+\.(\*\*)? `)

// first is the first of numbered exercises or solutions, with what is said before it.
func first(exercises string) string {
	if starts := numbered.FindAllStringIndex(exercises, 2); len(starts) == 2 {
		return strings.TrimSpace(exercises[:starts[1][0]])
	}
	return exercises
}
