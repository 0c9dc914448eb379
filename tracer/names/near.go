package names

import (
	"cmp"
	"slices"
	"strings"
)

// Near are up to five names of all tables that differ little from a word, the
// nearest first.
func Near(word string) []string {
	word = strings.ToUpper(word)
	type distant struct {
		name string
		far  int
	}
	var all []distant
	add := func(name string, prefixes ...string) {
		bare := strings.ToUpper(name)
		far := distance(word, bare)
		for _, p := range prefixes {
			far = min(far, distance(word, strings.TrimPrefix(bare, p)))
		}
		if far <= max(1, len(word)/3) {
			all = append(all, distant{name, far})
		}
	}
	for _, r := range Requests {
		add(r.Name, "PTRACE_")
	}
	for _, s := range Signals {
		add(s.Name, "SIG")
	}
	for _, e := range Errnos {
		add(e.Name)
	}
	for _, o := range Options {
		add(o.Name, "PTRACE_O_", "PTRACE_O_TRACE")
	}
	for _, c := range SICodes {
		add(c.Name)
	}
	for _, r := range append(slices.Clone(Registers("x86-64")), Registers("i386")...) {
		add(r.Name)
	}
	for _, m := range Macros {
		add(m.Name)
	}
	for _, t := range Terms {
		add(t.Word)
		for _, also := range t.Also {
			add(also)
		}
	}
	for name := range syscallTables["x86-64"]().numbers {
		add(name)
	}
	slices.SortFunc(all, func(a, b distant) int {
		return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.name, b.name))
	})
	var near []string
	for _, d := range all {
		if len(near) < 5 && !slices.Contains(near, d.name) {
			near = append(near, d.name)
		}
	}
	return near
}

// Nearest is the one of words that is spelled most like word, or "" where none
// is near.
func Nearest(word string, words []string) string {
	nearest, least := "", max(1, len(word)/3)
	for _, w := range words {
		if far := distance(word, w); far < least || far == least && nearest == "" {
			nearest, least = w, far
		}
	}
	return nearest
}

// distance is how many characters have to be put in, taken out, replaced or
// swapped with their neighbour to make b of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
