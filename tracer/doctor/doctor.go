// Package doctor says why ptrace is refused.
//
// The kernel answers EPERM for a dozen different causes. What tells them apart
// lies in /proc, readable by everybody. [Pid] looks there for the reason why
// another process cannot be traced, [Self] for the reason why not even a child
// of ours can.
//
// It works in two steps. The files of /proc become a struct of facts; then a
// table of causes, asked in a fixed order, decides over the facts alone. The
// first cause that applies is the answer. The rules are those of the manual
// pages ptrace(2), section "Ptrace access mode checking", and proc(5).
package doctor

import (
	"fmt"
	"strconv"
	"strings"
)

// Diagnosis is the cause of one refusal.
type Diagnosis struct {
	Code string // "PT-YAMA-1"
	Why  string // one or two full sentences that name what is at fault
	Fix  string // the smallest thing to do, "" if nothing can be done
	Exit int    // the exit status: 3 refused, 4 no such process, 0 with PT-OK
}

// The exit statuses of a Diagnosis.
const (
	exitRefused   = 3
	exitNoProcess = 4
)

// The shape of a refusal on the screen: 80 columns, less "ptwalk: " before it.
const (
	columns  = 72
	maxLines = 3
)

// String is the refusal in one to three lines of at most 80 columns, without a
// newline at the end. It ends with the code in brackets. A Fix that does not
// fit into the three lines is left out.
func (d Diagnosis) String() string {
	code := " [" + d.Code + "]"
	apart := append(wrap(d.Why), wrap(d.Fix+code)...)
	flowing := wrap(d.Why + " " + d.Fix + code)
	alone := wrap(d.Why + code)
	switch {
	case d.Fix != "" && len(apart) <= min(maxLines, len(flowing)):
		return strings.Join(apart, "\n")
	case d.Fix != "" && len(flowing) <= maxLines:
		return strings.Join(flowing, "\n")
	case len(alone) <= maxLines:
		return strings.Join(alone, "\n")
	}
	kept := alone[:maxLines]
	end := "..." + code
	last := kept[maxLines-1]
	kept[maxLines-1] = last[:min(len(last), max(0, columns-len(end)))] + end
	return strings.Join(kept, "\n")
}

// wrap breaks text at spaces into lines that leave room for "ptwalk: ". A longer word is
// cut.
func wrap(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > columns {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		for line += word; len(line) > columns; line = line[columns:] {
			lines = append(lines, line[:columns])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// longestName is how many columns somebody's text may take in a sentence.
const longestName = 24

// quoted is somebody's text, made safe for a terminal. Plain names stay as they
// are. Others, with a space, a bracket or a control character, become a Go
// string literal in ASCII. What is too long is cut.
func quoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._/:+@", r)
	}
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		s = strconv.QuoteToASCII(s)
	}
	switch {
	case len(s) <= longestName:
		return s
	case s[0] == '"':
		return s[:longestName-4] + `..."`
	}
	return s[:longestName-3] + "..."
}

// task is a process with its name.
type task struct {
	Pid  int
	Comm string // as the process has set it: any bytes
}

// String is "sleep (4211)", or "process 4211" where the name is not known.
func (t task) String() string {
	if t.Comm == "" {
		return fmt.Sprintf("process %d", t.Pid)
	}
	return fmt.Sprintf("%s (%d)", quoted(t.Comm), t.Pid)
}

// id is a user or group id with its name.
type id struct {
	Number int
	Name   string // "" where it has none
}

// String is "nobody (65534)", or the number alone.
func (i id) String() string {
	if i.Name == "" {
		return strconv.Itoa(i.Number)
	}
	return fmt.Sprintf("%s (%d)", quoted(i.Name), i.Number)
}
