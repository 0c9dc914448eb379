package render

import "strings"

// escapeByte begins a colour.
const escapeByte = 0x1b

// Fold breaks a line that is wider than width at its spaces, and a word that is
// wider than that anywhere. What follows is indented. Colours take no columns.
func WrapColumns(line string, width, indent int) (lines []string) {
	for {
		at := breakAt(line, width)
		if at < 0 {
			return append(lines, line)
		}
		lines = append(lines, strings.TrimRight(line[:at], " "))
		line = strings.Repeat(" ", min(indent, width/2)) + strings.TrimPrefix(line[at:], " ")
	}
}

// foldAt is where a line has to be broken: at the last space that fits, or else
// at the width; -1 if it is not to be broken.
func breakAt(line string, width int) int {
	column, space, full := 0, -1, -1
	escape, text := false, false
	for i, r := range line {
		switch {
		case r == escapeByte:
			escape = true
		case escape:
			escape = r != 'm'
		default:
			if r == ' ' && text && column <= width {
				space = i
			}
			if column == width {
				full = i
			}
			text = text || r != ' '
			column++
		}
	}
	switch {
	case column <= width:
		return -1
	case space < 0:
		return full
	}
	return space
}

// leading is how many spaces a line begins with, colours apart.
func leading(line string) int {
	n, escape := 0, false
	for _, r := range line {
		switch {
		case r == escapeByte:
			escape = true
		case escape:
			escape = r != 'm'
		case r != ' ':
			return n
		default:
			n++
		}
	}
	return n
}
