package quiz

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// width is how many columns a line has at most.
const width = 80

// Sheet is the questions on paper, and behind them the key: the right answer of
// each, and what to say to whoever has given another. For a screen reader there are
// no lines to write on.
func Sheet(questions []Question, accessible bool) string {
	var out strings.Builder
	out.WriteString("Quiz: ptrace(2)\n\n")
	if accessible {
		out.WriteString("Name:\nDate:\n")
	} else {
		fmt.Fprintf(&out, "Name: %s  Date: %s\n", strings.Repeat("_", 45), strings.Repeat("_", 20))
	}
	for i, q := range questions {
		number := fmt.Sprintf("%2d. ", i+1)
		out.WriteString("\n")
		for j, paragraph := range strings.Split(q.Asked(), "\n\n") {
			if j > 0 {
				number = "    "
			}
			if isListing(paragraph) {
				for line := range strings.Lines(paragraph) {
					out.WriteString("    " + line)
				}
				out.WriteString("\n")
				continue
			}
			wrapped(&out, number, "    ", paragraph)
		}
		for j, a := range q.Answers {
			wrapped(&out, fmt.Sprintf("    ( ) %s) ", event.Letter(j)), "           ", a.Text)
		}
	}
	out.WriteString("\n\nKey\n")
	for i, q := range questions {
		fmt.Fprintf(&out, "\n%2d. %s) %s\n", i+1, event.Letter(q.Right), q.Answers[q.Right].Text)
		wrapped(&out, "    ", "    ", q.Answers[q.Right].Feedback+" "+q.Shown())
		for j, a := range q.Answers {
			if j != q.Right {
				wrapped(&out, fmt.Sprintf("    Not %s): ", event.Letter(j)), "        ", a.Feedback)
			}
		}
	}
	return out.String()
}

// wrapped writes a paragraph between a first and a later margin.
func wrapped(out *strings.Builder, first, rest, text string) {
	for _, line := range render.Wrap(text, width-max(len(first), len(rest))) {
		out.WriteString(first + line + "\n")
		first = rest
	}
}
