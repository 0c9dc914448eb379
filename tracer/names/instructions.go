package names

import (
	"slices"
	"strings"
)

// conditions are those of jumps, of cmov and of set: Intel's manual, "Condition Codes".
var conditions = []string{"o", "no", "b", "c", "nae", "ae", "nb", "nc", "e", "z", "ne", "nz", "be", "na", "a", "nbe",
	"s", "ns", "p", "pe", "np", "po", "l", "nge", "ge", "nl", "le", "ng", "g", "nle"}

// InstructionByWord finds the term of an instruction by its mnemonic, as Intel and as
// AT&T spell it: "mov" and "movl", "jne", "cmovg", "setz".
func InstructionByWord(word string) (Term, bool) {
	word = strings.ToLower(word)
	for _, p := range []struct{ prefix, of string }{{"cmov", "cmov"}, {"set", "cmov"}, {"j", "jmp"}} {
		if code, ok := strings.CutPrefix(word, p.prefix); ok && slices.Contains(conditions, code) {
			return TermByWord(p.of)
		}
	}
	for _, name := range []string{word, strings.TrimRight(word, "bwlq")} { // AT&T: movl
		if t, ok := TermByWord(name); ok && (t.Subject == "instructions" || t.Word == "stack") {
			return t, true
		}
	}
	return Term{}, false
}
