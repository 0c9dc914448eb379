package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Predict is a question that is asked before the run answers it. Right is -1 as
// long as the answer is open, or if no answer was right.
type Predict struct {
	Base     `json:"-"`
	Question string   `json:"question"`
	Answers  []Answer `json:"answers"`
	Right    int      `json:"right"`
	Given    *int     `json:"given"`
}

// Answer is one answer that a prediction offers, with the sentence for a
// learner who chose it.
type Answer struct {
	Text string `json:"text"`
	Why  string `json:"why"`
}

// UnmarshalJSON reads a question whose answers have letters, and are there.
func (e *Predict) UnmarshalJSON(text []byte) error {
	type fields Predict
	if err := json.Unmarshal(text, (*fields)(e)); err != nil {
		return err
	}
	n := len(e.Answers)
	if n > 26 {
		return errors.New("it has more answers than there are letters")
	}
	if e.Right < -1 || e.Right >= n || e.Given != nil && (*e.Given < 0 || *e.Given >= n) {
		return errors.New("right or given names no answer")
	}
	return nil
}

// What the field Answer of a note can be.
const (
	AnswerRight = "right"
	AnswerGiven = "given"
)

// Sentence is the note for answer i: what a learner who chose it needs.
func (e *Predict) Sentence(i int) *Note {
	a, said, answer := e.Answers[i], "Answer:", AnswerRight
	switch {
	case i != e.Right:
		said, answer = "You said", AnswerGiven
	case e.Given != nil && *e.Given == i:
		said = "Right. Answer:"
	}
	text := fmt.Sprintf("%s %s) %s. %s", said, Letter(i), a.Text, OneLine(a.Why))
	return &Note{Format: "%s", Args: []any{text}, Answer: answer}
}

// Letter is the letter of answer i, from 0: "a".
func Letter(i int) string { return string(rune('a' + i)) }

// Letters are the first n: "a, b or c".
func Letters(n int) string {
	var all []string
	for i := range n {
		all = append(all, Letter(i))
	}
	if n < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:n-1], ", ") + " or " + all[n-1]
}
