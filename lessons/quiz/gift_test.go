package quiz_test

import (
	"regexp"
	"strings"
	"testing"
)

// A mark behind a backslash is none. To read GIFT is to put such characters aside,
// to cut at the marks that are left, and to put the characters back.
var (
	aside = strings.NewReplacer(`\\`, "\uE000", `\~`, "\uE001", `\=`, "\uE002", `\#`, "\uE003", `\{`, "\uE004", `\}`, "\uE005", `\:`, "\uE006", `\n`, "\uE007")
	back  = strings.NewReplacer("\uE000", `\`, "\uE001", "~", "\uE002", "=", "\uE003", "#", "\uE004", "{", "\uE005", "}", "\uE006", ":", "\uE007", "\n")
)

// weight is how an answer says which part of the points it brings.
var weight = regexp.MustCompile(`^%(-?[0-9]{1,2}\.?[0-9]*)%`)

// readGIFT reads the questions of a GIFT file: an empty line is between two, and a
// line that begins with two slashes is a comment.
func readGIFT(t *testing.T, text string) (all []asked) {
	t.Helper()
	category := ""
	for block := range strings.SplitSeq(strings.TrimSpace(aside.Replace(text)), "\n\n") {
		if name, ok := strings.CutPrefix(block, "$CATEGORY: "); ok {
			category = back.Replace(name)
			continue
		}
		for line := range strings.Lines(block) {
			if strings.HasPrefix(strings.TrimSpace(line), "//") {
				t.Fatalf("an import takes this for a comment: %s", line)
			}
		}
		a := asked{Category: category}
		head, body, opens := strings.Cut(block, "{")
		body, rest, closes := strings.Cut(body, "}")
		if !opens || !closes || rest != "" {
			t.Fatalf("a question has one pair of braces at its end:\n%s", block)
		}
		name, question, titled := strings.Cut(strings.TrimPrefix(head, "::"), "::[plain]")
		if !titled {
			t.Fatalf("a question has a name, and is plain text:\n%s", block)
		}
		a.Name, a.Text = back.Replace(name), back.Replace(strings.TrimSuffix(question, " "))
		body, general, _ := strings.Cut(body, "####")
		a.General = back.Replace(strings.TrimSpace(general))
		for one := range strings.SplitSeq(strings.ReplaceAll(body, "=", "~="), "~") {
			if one = strings.TrimSpace(one); one == "" {
				continue
			}
			one, right := strings.CutPrefix(one, "=")
			if m := weight.FindStringSubmatch(one); m != nil && !right {
				right, one = m[1] != "0", one[len(m[0]):]
			}
			text, feedback, _ := strings.Cut(one, "#")
			a.Answers = append(a.Answers, answer{back.Replace(text), back.Replace(feedback), right})
		}
		all = append(all, a)
	}
	return all
}
