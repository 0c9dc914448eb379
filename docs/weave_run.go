package docs

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// section is one section of a lesson's golden, or pieces of it. It begins with a
// line such as "-- 3  Title ---", and the blank line before the next one is not
// part of it.
func section(module fs.FS, words []string) (string, string, error) {
	file := path.Join("lessons", words[0], "testdata/golden.txt")
	lines, err := part(module, file, "-- ", words[1])
	if err == nil && len(words) > 2 {
		lines, err = pieces(lines, words[2:])
	}
	if err != nil {
		return "", "", fmt.Errorf("%s, section %s: %w", file, words[1], err)
	}
	return "text", strings.Join(lines, "\n"), nil
}

// part is the lines of a file from a heading with a number up to the next heading.
func part(module fs.FS, file, heading, number string) (out []string, err error) {
	text, err := fs.ReadFile(module, file)
	if err != nil {
		return nil, err
	}
	inside := false
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, heading) {
			inside = strings.HasPrefix(line+"  ", heading+number+"  ")
		}
		if inside {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no %s%s", heading, number)
	}
	return out, nil
}

// omitted stands where lines are left out between two pieces.
const omitted = "  ..."

// pieces is what words choose of lines: each word a line that holds it, or, as
// "first .. last", the lines from one that holds the first text to one that holds
// the last. A piece begins after the one before it. The words "each" and a text are
// all lines that hold it.
func pieces(lines, words []string) (out []string, err error) {
	if len(words) == 2 && words[0] == "each" {
		for _, line := range lines {
			if holding([]string{line}, words[1]) == 0 {
				out = append(out, line)
			}
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("no line holds %q", words[1])
		}
		return out, nil
	}
	next := 0 // the first line that is still to be told
	for i, word := range words {
		from, to, isRange := strings.Cut(word, " .. ")
		first := holding(lines[next:], from)
		if first < 0 {
			return nil, fmt.Errorf("no line, or none after the piece before, holds %q", from)
		}
		first += next
		last := first
		if isRange {
			n := holding(lines[first+1:], to)
			if n < 0 {
				return nil, fmt.Errorf("no line after %q holds %q", from, to)
			}
			last += 1 + n
		}
		between := slices.ContainsFunc(lines[next:first], func(l string) bool { return l != "" })
		if i > 0 && between {
			out = append(out, omitted)
		}
		out = append(out, lines[first:last+1]...)
		next = last + 1
	}
	return out, nil
}

// tries is the folder of what the exercises of the chapters ask for, and of what a
// test got for it: a file for each lesson, in which "== 2" begins exercise 2, "$ " a
// command, and what follows is what it printed.
const tries = "docs/plain/testdata/tries"

// outcome is an exercise as it came out: commands, and what they printed.
func outcome(module fs.FS, words []string) (string, string, error) {
	file := path.Join(tries, words[0]+".txt")
	lines, err := part(module, file, "== ", words[1])
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", file, err)
	}
	return "text", strings.TrimSpace(strings.Join(lines[1:], "\n")), nil
}

// commands is the commands of an exercise alone, to be copied.
func commands(module fs.FS, words []string) (string, string, error) {
	_, text, err := outcome(module, words)
	var alone []string
	for line := range strings.Lines(text) {
		if command, is := strings.CutPrefix(line, "$ "); is {
			alone = append(alone, strings.TrimRight(command, "\n"))
		}
	}
	return "sh", strings.Join(alone, "\n"), err
}
