package quiz_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ptwalk/lessons"
	"ptwalk/lessons/quiz"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// asked is a question as a platform has it after an import.
type asked struct {
	Category, Name, Text, General string
	Answers                       []answer
}

type answer struct {
	Text, Feedback string
	Right          bool
}

// want is what the import of questions has to bring.
func want(questions []quiz.Question) (all []asked) {
	for _, q := range questions {
		a := asked{Category: "$course$/ptwalk/" + lessons.ID(q.Lesson)[:2] + " " + q.Lesson.Name, Name: q.Name(), Text: q.Asked(), General: q.Shown()}
		for i, one := range q.Answers {
			a.Answers = append(a.Answers, answer{one.Text, one.Feedback, i == q.Right})
		}
		all = append(all, a)
	}
	return all
}

// ofAllLessons are the questions of the walk. Each has a right answer.
func ofAllLessons(t *testing.T) (all []quiz.Question) {
	t.Helper()
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			t.Fatal(err)
		}
		questions, predicts := quiz.Of(l, rec.Events), 0
		for _, e := range rec.Events {
			if _, ok := e.(*event.Predict); ok {
				predicts++
			}
		}
		if len(questions) != predicts || predicts == 0 {
			t.Errorf("lesson %d asks %d questions, and the quiz has %d of them", l.Number, predicts, len(questions))
		}
		all = append(all, questions...)
	}
	return all
}

// hostile are questions of everything that the formats take for their own.
func hostile() []quiz.Question {
	l := &stage.Lesson{Number: 7, Name: "memory"}
	return quiz.Of(l, []event.Event{
		&event.Section{Number: 1, Title: "a::b: {c} \\ # = ~"},
		&event.Say{Text: "A *word*, `code {x = 1}`, 8*RIP and 4*RAX.\n\n    // a comment\n    if (a == b) { printf(\"%d\\n\", ~0); }"},
		&event.Predict{Question: "[html] <b>Is</b> 1 = 1 & 2 -> 3 # ]]> ?", Right: 1, Answers: []event.Answer{
			{Text: "%50%", Why: "####all of it"}, {Text: "=~#{}:\\", Why: "a\\nb"}, {Text: "// none", Why: "}{"}}},
		&event.Predict{Question: "A run has answered with none.", Right: -1, Answers: []event.Answer{{Text: "a"}, {Text: "b"}}},
	})
}

// TestImports reads both formats back as a platform does. What comes out is what
// the lessons have asked, to the character.
func TestImports(t *testing.T) {
	for name, questions := range map[string][]quiz.Question{"the walk": ofAllLessons(t), "every mark": hostile()} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want(questions), readGIFT(t, quiz.GIFT(questions))); diff != "" {
				t.Errorf("GIFT (-asked +read):\n%s", diff)
			}
			text, err := quiz.Moodle(questions)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want(questions), readMoodle(t, text)); diff != "" {
				t.Errorf("Moodle XML (-asked +read):\n%s", diff)
			}
		})
	}
}

// TestLead: a question stands alone. Marks of emphasis are gone and stars stay; one
// that nothing answers is left out.
func TestLead(t *testing.T) {
	questions := hostile()
	if len(questions) != 1 {
		t.Fatalf("%d questions, want 1", len(questions))
	}
	lead := "A word, code {x = 1}, 8*RIP and 4*RAX.\n\n    // a comment\n    if (a == b) { printf(\"%d\\n\", ~0); }"
	if questions[0].Lead != lead {
		t.Errorf("the lead is %q, want %q", questions[0].Lead, lead)
	}
}

// TestPlace: before its question each says where in the walk it is asked, and of which
// program, if one is traced then.
func TestPlace(t *testing.T) {
	l := &stage.Lesson{Number: 7, Name: "memory"}
	runs := func(program string) event.Event {
		return &event.Call{Call: tracer.Call{Name: "execve", Argv: []string{program}}, N: 1}
	}
	ask := &event.Predict{Question: "Where does it stand?", Answers: []event.Answer{{Text: "a"}, {Text: "b"}}}
	ends := &event.Stop{Stop: tracer.Stop{Kind: tracer.Exited}}
	var got []string
	for _, q := range quiz.Of(l, []event.Event{
		&event.Section{Number: 1, Title: "Who runs"}, ask, runs("hello64"), ask, ends, ask,
		runs("hello32"),
		&event.Section{Number: 2, Title: "Who `runs`?"}, &event.Say{Text: "Nobody."}, ask,
	}) {
		got = append(got, q.Asked())
	}
	want := []string{
		"Lesson 7, section 1: Who runs.\n\nWhere does it stand?",
		"Lesson 7, section 1: Who runs. The tracee is hello64.\n\nWhere does it stand?",
		"Lesson 7, section 1: Who runs.\n\nWhere does it stand?",
		"Lesson 7, section 2: Who runs?\n\nNobody.\n\nWhere does it stand?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestShuffle: a platform shuffles the answers, unless one speaks of the others.
func TestShuffle(t *testing.T) {
	for last, want := range map[string]string{"ESRCH": "true", "both": "false", "None of them": "false", "neither": "false", "none": "true"} {
		text, err := quiz.Moodle([]quiz.Question{{Lesson: &stage.Lesson{Number: 1}, Text: "Which?", Answers: []quiz.Answer{{Text: "EPERM"}, {Text: last}}}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "<shuffleanswers>"+want+"</shuffleanswers>") {
			t.Errorf("with the answer %q it does not say %s:\n%s", last, want, text)
		}
	}
}

// TestSheet: the key has every right answer, the sheet before it no feedback, and
// both fit on paper.
func TestSheet(t *testing.T) {
	questions := ofAllLessons(t)
	text := quiz.Sheet(questions, false)
	sheet, key, ok := strings.Cut(text, "\n\nKey\n")
	if !ok {
		t.Fatal("there is no key")
	}
	for line := range strings.Lines(text) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	sheet, key = flat(sheet), flat(key)
	for i, q := range questions {
		if right := event.Letter(q.Right) + ") " + q.Answers[q.Right].Text + " " + q.Answers[q.Right].Feedback; !strings.Contains(key, flat(right)) {
			t.Errorf("the key does not have %q for question %d", right, i+1)
		}
		for _, a := range q.Answers {
			if strings.Contains(sheet, flat(a.Feedback)) {
				t.Errorf("the sheet tells %q", a.Feedback)
			}
			if !strings.Contains(key, flat(a.Feedback)) {
				t.Errorf("the key does not tell %q", a.Feedback)
			}
		}
	}
	if strings.Contains(quiz.Sheet(questions, true), "___") {
		t.Error("a screen reader would read lines to write on")
	}
}

// readMoodle reads Moodle XML by the elements that an import looks at.
func readMoodle(t *testing.T, text string) (all []asked) {
	t.Helper()
	type part struct {
		Format string `xml:"format,attr"`
		Text   string `xml:"text"`
	}
	var file struct {
		Questions []struct {
			Type     string `xml:"type,attr"`
			Category part   `xml:"category"`
			Name     part   `xml:"name"`
			Text     part   `xml:"questiontext"`
			General  part   `xml:"generalfeedback"`
			Single   bool   `xml:"single"`
			Answers  []struct {
				part
				Fraction string `xml:"fraction,attr"`
				Feedback part   `xml:"feedback"`
			} `xml:"answer"`
		} `xml:"question"`
	}
	if err := xml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatalf("the XML is not well-formed: %v", err)
	}
	category := ""
	for _, q := range file.Questions {
		if q.Type == "category" {
			category = q.Category.Text
			continue
		}
		if q.Type != "multichoice" || !q.Single || q.Text.Format != "plain_text" {
			t.Errorf("%q is no question of plain text with one right answer", q.Name.Text)
		}
		a := asked{Category: category, Name: q.Name.Text, Text: q.Text.Text, General: q.General.Text}
		for _, one := range q.Answers {
			if one.Format != "plain_text" || one.Feedback.Format != "plain_text" {
				t.Errorf("an answer of %q is not plain text", q.Name.Text)
			}
			a.Answers = append(a.Answers, answer{one.Text, one.Feedback.Text, one.Fraction == "100"})
		}
		all = append(all, a)
	}
	return all
}
