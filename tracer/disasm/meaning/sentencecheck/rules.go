package sentencecheck

import (
	"regexp"
	"strings"
)

// rule is a form that a sentence can have, and how the rest of it is checked.
type rule struct {
	literal string // the longest part of the pattern that means itself
	pattern *regexp.Regexp
	check   func(c *checker, found []string)
}

// The words of a pattern: a register, a number, an address, memory, an operand.
var words = strings.NewReplacer(
	"{r}", `([a-z]+[0-9]*[a-z]?)`,
	"{n}", `(-?(?:0x)?[0-9a-f]+)`,
	"{a}", `(0x[0-9a-f]+|an address in segment [a-z]+|addresses that a vector holds)`,
	"{m}", `[Tt]he ((?:\d+ bytes?|byte|memory) at (?:0x[0-9a-f]+|an address in segment [a-z]+|addresses that a vector holds))`,
	"{o}", `([a-z0-9:]+ \(-?(?:0x)?[0-9a-f]+\)|[a-z]+[0-9]*[a-z]?|-?(?:0x)?[0-9a-f]+|the (?:\d+ bytes?|byte|memory) at (?:0x[0-9a-f]+|an address in segment [a-z]+|addresses that a vector holds))`,
	"{p}", `(ax|dx:ax|edx:eax|rdx:rax)`,
	"{cut}", `(?:, cut to (\d+) bits)?`,
	"{why}", `([A-Za-z0-9 ]+)`,
	"{list}", `([a-z0-9_ ,]+)`,
	"{table}", `((?:i386 )?)`,
	"{name}", `([a-z0-9_]+)`,
	"{errno}", `([A-Z0-9]+|error \d+)`,
)

var rules []rule

// add makes a rule of a pattern in which the other characters mean themselves.
func add(pattern string, check func(c *checker, found []string)) {
	literal := ""
	for _, part := range regexp.MustCompile(`\{[a-z]+\}`).Split(pattern, -1) {
		if len(part) > len(literal) {
			literal = part
		}
	}
	quoted := regexp.QuoteMeta(pattern)
	for _, word := range []string{"{r}", "{n}", "{a}", "{m}", "{o}", "{p}", "{cut}", "{why}", "{list}", "{table}", "{name}", "{errno}"} {
		quoted = strings.ReplaceAll(quoted, regexp.QuoteMeta(word), word)
	}
	rules = append(rules, rule{literal, regexp.MustCompile("^" + words.Replace(quoted) + "$"), check})
}

func init() {
	moves()
	sums()
	bitRules()
	flowRules()
	stringRules()
	otherRules()
}
