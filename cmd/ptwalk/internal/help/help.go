// Package help prints what ptwalk alone and ptwalk help show: the lessons, how far
// the reader has come, and the commands.
package help

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons"
	"ptwalk/lessons/stage/cli"
)

// Overview is the list of lessons and how to start: at most 23 lines, so that all of
// it stands on a terminal of 24.
func Overview() string {
	var out strings.Builder
	fmt.Fprintf(&out, "ptwalk: ptrace(2) in %s lessons, on your own kernel\n", lessons.InWords())
	progress := cli.LoadProgress()
	next := 0
	row, foot := "  %2d  %-11s %s\n", inColumns
	if cli.Accessible() {
		row, foot = "  %d, %s: %s\n", inSentences
	}
	for _, p := range lessons.Parts() {
		fmt.Fprintf(&out, "%s:\n", p.Title)
		for _, l := range p.Lessons() {
			done := progress[l.Name]
			fmt.Fprintf(&out, row, l.Number, l.Name, cmp.Or(soFar(done), l.Title))
			if next == 0 && (done == nil || !done.Finished) {
				next = l.Number
			}
		}
	}
	fmt.Fprintf(&out, foot, max(next, 1))
	return out.String()
}

// How to start, for eyes and for ears: the three ways, and then the words and tools.
const (
	inColumns = `Start:  ptwalk %[1]d          slowly, with questions of your own: ptwalk present %[1]d
        ptwalk all        in a browser: ptwalk site DIR
Tools:  ptwalk step, count, attach, syscalls, doctor, explain WORD, help
`
	inSentences = `Start with one lesson: ptwalk %[1]d
Slowly, with questions of your own: ptwalk present %[1]d
All of them, in order: ptwalk all
In a browser: ptwalk site DIR
What a word or a line on your screen means: ptwalk explain WORD
Tools: ptwalk step, count, attach, syscalls, doctor
Help: ptwalk help
`
)

// soFar is what the progress says of one lesson, "" if nothing.
func soFar(l *cli.LessonProgress) string {
	if l == nil {
		return ""
	}
	var parts []string
	if l.Finished {
		parts = append(parts, "finished")
	}
	if right, answered := l.Predictions(); answered > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d predictions right", right, answered))
	}
	return strings.Join(parts, ", ")
}

// Alone says which commands run a lesson where they stand alone.
func Alone(commands []*base.Command) string {
	var words, numbers []string
	for _, c := range commands {
		if l, ok := lessons.Find(c.Name); ok {
			words, numbers = append(words, c.Name), append(numbers, strconv.Itoa(l.Number))
		}
	}
	return fmt.Sprintf("Alone, ptwalk %s run lessons %s.", and(words), and(numbers))
}

// and lists words, the last one behind an "and".
func and(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// Text is the overview, the commands, and the flags of a lesson.
func Text(commands base.Table) string {
	var out strings.Builder
	out.WriteString(Overview())
	out.WriteString("\nCommands:\n")
	row := "  ptwalk %-31s %s\n"
	if cli.Accessible() {
		row = "  ptwalk %s: %s\n"
	}
	for _, c := range commands() {
		fmt.Fprintf(&out, row, c.UsageLine, c.Short)
	}
	var f cli.Flags
	fs := base.NewFlags()
	f.Register(fs)
	out.WriteString("\n" + Alone(commands()) + "\n")
	out.WriteString("\nFlags of a lesson:\n" + cli.FlagHelp(fs))
	out.WriteString("\nptwalk COMMAND -h shows the flags of a command.\n")
	return out.String()
}
