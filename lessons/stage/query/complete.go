package query

import (
	"slices"
	"strings"

	"ptwalk/lessons/stage/readline"
	"ptwalk/tracer/names"
)

// Complete says what the last word of a question may become: see
// [readline.Line.Complete]. Symbols may be nil.
func Complete(before string, symbols Symbols) (from int, words []string) {
	from = strings.LastIndexAny(before, " ") + 1
	typed, earlier := before[from:], strings.Fields(before[:from])
	if len(earlier) == 0 {
		return from, readline.Matching(typed, append(firstWords(), Registers()...))
	}
	switch word := strings.ToLower(earlier[0]); word {
	case "peekuser", "peekusr", "ptrace_peekuser":
		return from, readline.Matching(typed, append(Offsets(), Registers()...))
	case "regs", "getregs":
		return from, readline.Matching(typed, Registers())
	case "status":
		return from, readline.Matching(typed, append([]string{"all"}, worthSeeing...))
	case "explain":
		return from, readline.Matching(typed, Vocabulary())
	case "mem", "memory", "dis", "disas", "disassemble", "peekdata", "peektext":
		return from, readline.Matching(typed, Places(symbols))
	}
	return from, nil
}

func firstWords() (words []string) {
	for _, q := range questions {
		words = append(words, q.word)
	}
	return append(words, "explain")
}

// Registers are the names of all registers.
func Registers() (words []string) {
	for _, arch := range names.Archs {
		for _, r := range names.Registers(arch) {
			words = append(words, r.Name)
		}
	}
	return words
}

// Offsets are the words of the USER area as C spells them, without spaces.
func Offsets() (words []string) {
	for _, w := range names.UserArea {
		switch {
		case w.Name != "":
			words = append(words, "8*"+w.Name)
		case strings.HasPrefix(w.Field, "u_debugreg"):
			words = append(words, w.Field)
		}
	}
	return words
}

// Places are what an address may begin with: the symbols of the program, and registers.
func Places(symbols Symbols) []string {
	words := Registers()
	if symbols != nil {
		words = append(words, symbols.Names()...)
	}
	return words
}

// Vocabulary are words that can be explained.
func Vocabulary() (words []string) {
	for _, r := range names.Requests {
		words = append(words, r.Name, strings.TrimPrefix(r.Name, "PTRACE_"))
	}
	for _, o := range names.Options {
		words = append(words, o.Name)
	}
	for _, e := range names.Events {
		words = append(words, e.Name)
	}
	for _, s := range names.Signals {
		words = append(words, s.Name)
	}
	for _, e := range names.Errnos {
		words = append(words, e.Name)
	}
	for _, c := range names.SICodes {
		words = append(words, c.Name)
	}
	words = append(words, Registers()...)
	slices.Sort(words)
	return slices.Compact(words)
}
