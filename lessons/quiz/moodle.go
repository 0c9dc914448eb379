package quiz

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
)

// plainText is the format of all texts: no tag and no mark of theirs is one.
const plainText = "plain_text"

// The elements of Moodle XML that a question with one right answer has.
type (
	moodleQuiz struct {
		XMLName   xml.Name `xml:"quiz"`
		Questions []any    `xml:"question"`
	}
	moodleCategory struct {
		Type string `xml:"type,attr"`
		Name string `xml:"category>text"`
	}
	moodleQuestion struct {
		Type      string         `xml:"type,attr"`
		Name      string         `xml:"name>text"`
		Text      moodleText     `xml:"questiontext"`
		General   moodleText     `xml:"generalfeedback"`
		Grade     int            `xml:"defaultgrade"`
		Single    bool           `xml:"single"`
		Shuffle   bool           `xml:"shuffleanswers"`
		Numbering string         `xml:"answernumbering"`
		Answers   []moodleAnswer `xml:"answer"`
	}
	moodleAnswer struct {
		Fraction int        `xml:"fraction,attr"`
		Format   string     `xml:"format,attr"`
		Text     string     `xml:"text"`
		Feedback moodleText `xml:"feedback"`
	}
	moodleText struct {
		Format string `xml:"format,attr"`
		Text   string `xml:"text"`
	}
)

// Moodle is the questions as Moodle XML. Those of a lesson go to a category of its
// own. The answers are shuffled, unless one speaks of the others.
func Moodle(questions []Question) (string, error) {
	var quiz moodleQuiz
	for i, q := range questions {
		if i == 0 || questions[i-1].Lesson != q.Lesson {
			quiz.Questions = append(quiz.Questions, moodleCategory{"category", category(q)})
		}
		m := moodleQuestion{Type: "multichoice", Name: q.Name(), Text: moodleText{plainText, q.Asked()},
			General: moodleText{plainText, q.Shown()}, Grade: 1, Single: true, Shuffle: !ordered(q), Numbering: "abc"}
		for j, a := range q.Answers {
			answer := moodleAnswer{Format: plainText, Text: a.Text, Feedback: moodleText{plainText, a.Feedback}}
			if j == q.Right {
				answer.Fraction = 100
			}
			m.Answers = append(m.Answers, answer)
		}
		quiz.Questions = append(quiz.Questions, m)
	}
	text, err := xml.MarshalIndent(quiz, "", "  ")
	if err != nil {
		return "", fmt.Errorf("the quiz cannot be written as XML: %w", err)
	}
	return xml.Header + string(text) + "\n", nil
}

var ofOthers = regexp.MustCompile(`(?i)\b(both|neither|(none|all|any) of)\b`)

// ordered says whether the answers have to stand in their order: one of them speaks
// of the others.
func ordered(q Question) bool {
	return slices.ContainsFunc(q.Answers, func(a Answer) bool { return ofOthers.MatchString(a.Text) })
}
