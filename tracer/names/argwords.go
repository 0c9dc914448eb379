package names

import (
	_ "embed" // the sets are a text file
	"strconv"
	"strings"
	"sync"
)

//go:embed argwords.txt
var argWordsText string

// ArgWord is a word of the C headers for a value of an argument, or for a part of it:
// where the value has the bits Value under Mask.
type ArgWord struct {
	Name        string
	Value, Mask uint64
}

// WordSet are the words of one kind of argument, in the order in which they are
// written. Prefix is what their names begin with.
type WordSet struct {
	Prefix string
	Words  []ArgWord
}

var argWords = sync.OnceValue(func() map[string]*WordSet { return parseArgWords(argWordsText) })

// parseArgWords reads the file, whose head explains it. A test reads every line.
func parseArgWords(text string) map[string]*WordSet {
	sets := map[string]*WordSet{}
	var open *WordSet
	for line := range dataLines(text) {
		if strings.HasPrefix(line, "[") {
			name, prefix, _ := strings.Cut(strings.Trim(line, "[]"), " ")
			open = &WordSet{Prefix: prefix}
			sets[name] = open
			continue
		}
		fields := strings.Fields(line)
		c := ArgWord{Name: fields[0], Value: number(fields[1], line)}
		c.Mask = c.Value
		if len(fields) > 2 {
			c.Mask = number(fields[2], line)
		}
		open.Words = append(open.Words, c)
	}
	return sets
}

func number(word, line string) uint64 {
	n, err := strconv.ParseUint(word, 0, 64)
	if err != nil {
		panic("names: bad line in a table: " + line)
	}
	return n
}

// dataLines are the lines of a table that are no comment.
func dataLines(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// ArgWords is the set of that name in argwords.txt: "open", "prot", "clone". It is
// nil for one that is not known.
func ArgWords(set string) *WordSet { return argWords()[set] }

// One is the word for a value that is one of the set and no other: "SEEK_SET". The
// words of an unknown value are as strace(1) has them: "0x7 /* SEEK_??? */".
func (s *WordSet) One(v uint64) string {
	for _, c := range s.Words {
		if c.Value == v {
			return c.Name
		}
	}
	return s.unknown(v)
}

// Flags are the words for a value whose bits are independent, and for its fields:
// "O_RDONLY|O_CLOEXEC". What has no word stays in hexadecimal.
func (s *WordSet) Flags(v uint64) string {
	var words []string
	rest := v
	for _, c := range s.Words {
		field := c.Value != c.Mask
		switch {
		case c.Mask == 0 && v == 0:
			return c.Name
		case field && v&c.Mask == c.Value, !field && c.Mask != 0 && rest&c.Mask == c.Mask:
			words, rest = append(words, c.Name), rest&^c.Mask
		}
	}
	switch {
	case rest == 0 && len(words) > 0:
	case len(words) == 0 && rest == 0:
		return "0"
	case len(words) == 0:
		return s.unknown(v)
	default:
		words = append(words, "0x"+strconv.FormatUint(rest, 16))
	}
	return strings.Join(words, "|")
}

func (s *WordSet) unknown(v uint64) string {
	hex := "0x" + strconv.FormatUint(v, 16)
	if s.Prefix == "" {
		return hex
	}
	name := s.Prefix + "???"
	if strings.HasPrefix(s.Prefix, "?") {
		name = s.Prefix
	}
	return hex + " /* " + name + " */"
}
