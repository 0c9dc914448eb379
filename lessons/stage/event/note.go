package event

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Note is a sentence made from results of this run. Answer is "right" or "given"
// for the one that belongs to that answer of a prediction.
type Note struct {
	Base   `json:"-"`
	Format string
	Args   []any
	Answer string
}

// noteJSON is a note as it is written: its text, and how that is made.
type noteJSON struct {
	Text   string            `json:"text"`
	Answer string            `json:"answer,omitempty"`
	Format string            `json:"format,omitempty"`
	Args   []json.RawMessage `json:"args,omitempty"`
	Types  []string          `json:"types,omitempty"`
}

// MarshalJSON writes what a noteJSON holds.
func (e *Note) MarshalJSON() ([]byte, error) {
	f := noteJSON{Text: e.Text(Measured{}), Answer: e.Answer}
	if len(e.Args) > 0 {
		var err error
		f.Format = e.Format
		if f.Args, f.Types, err = encodeCells(e.Args); err != nil {
			return nil, err
		}
	}
	return json.Marshal(f)
}

// verbs are the formats that notes are written with. Others, such as one that
// asks for a million columns, are not taken from a file.
var verbs = regexp.MustCompile(`% ?(\.[0-9])?[vdsqxf%]`)

// UnmarshalJSON reads it. The format is taken where it makes the text.
func (e *Note) UnmarshalJSON(text []byte) error {
	var f noteJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	cleanAll(&f)
	args, err := decodeCells(f.Args, f.Types)
	if err != nil {
		return err
	}
	*e = Note{Format: f.Format, Args: args, Answer: f.Answer}
	if f.Format == "" || strings.Contains(verbs.ReplaceAllString(f.Format, ""), "%") || e.Text(Measured{}) != f.Text {
		e.Format, e.Args = strings.ReplaceAll(f.Text, "%", "%%"), nil
	}
	return nil
}

// Text is the note with its values spelled by sp.
func (e *Note) Text(sp Speller) string {
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		args[i] = Spell(sp, a)
	}
	return fmt.Sprintf(e.Format, args...)
}

// OneLine is a text of several lines, such as a Go literal, as one.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
