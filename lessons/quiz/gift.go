package quiz

import (
	"fmt"
	"regexp"
	"strings"
)

// GIFT is the questions in the GIFT format of Moodle, which other platforms read
// too. Those of a lesson go to a category of its own.
func GIFT(questions []Question) string {
	var out strings.Builder
	for i, q := range questions {
		if i == 0 || questions[i-1].Lesson != q.Lesson {
			fmt.Fprintf(&out, "$CATEGORY: %s\n\n", category(q))
		}
		fmt.Fprintf(&out, "::%s::[plain]%s {\n", gift(q.Name()), gift(q.Asked()))
		for j, a := range q.Answers {
			sign := "~"
			switch {
			case j == q.Right:
				sign = "="
			case weight.MatchString(a.Text):
				sign = "~%0%" // or the answer's own begin would be taken for a weight
			}
			fmt.Fprintf(&out, "\t%s%s#%s\n", sign, gift(a.Text), gift(a.Feedback))
		}
		fmt.Fprintf(&out, "\t####%s\n}\n\n", gift(q.Shown()))
	}
	return out.String()
}

// category is where a platform keeps the questions of a lesson.
func category(q Question) string {
	return fmt.Sprintf("$course$/ptwalk/%02d %s", q.Lesson.Number, q.Lesson.Name)
}

// weight is what a wrong answer must not begin with: half of the points for %50%.
var weight = regexp.MustCompile(`^%-?[0-9]`)

// gift protects the characters that mean something in GIFT. A question is one line:
// an empty one would end it, and a line that begins with // is a comment.
var giftMarks = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`)

func gift(text string) string { return giftMarks.Replace(text) }
