package site

import (
	"fmt"
	"testing"
)

// TestFolds: a question's lines go from the first answer that is written over the
// question to the end of the function.
func TestFolds(t *testing.T) {
	text := `package x

func one(s *stage.Stage) {
	child := s.Start()
	yes := stage.Answer{Text: "yes", Why: "It does."}
	seen := s.Predict("Does it?",
		yes, stage.Answer{Text: "no"})
	seen.Is(yes)
	child.End()
}

func two(s *stage.Stage) {
	s.Predict("And this?", answers...)
}
`
	folds, err := foldsOf([]sourceFile{{Name: "x.go", text: text}})
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]string{"x.go:6": "x.go 5 8 9", "x.go:7": "x.go 5 8 9", "x.go:13": "x.go 13 13 13", "x.go:4": ""} {
		got := ""
		if f := folds[place]; f != nil {
			got = fmt.Sprint(f.File, " ", f.From, " ", f.Asked, " ", f.To)
		}
		if got != want {
			t.Errorf("%s folds %q, want %q", place, got, want)
		}
	}
	all, _ := built(t)
	for _, r := range all {
		p, err := playerOf(r, r.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range p.body.(player).Data.Steps {
			for _, q := range s.Ask {
				if q.Fold == nil {
					t.Errorf("%s, step %d: nothing is folded for %q, asked at %s", r.ID, i+1, q.Question, q.at)
				}
			}
		}
	}
}
