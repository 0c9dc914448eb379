package stage

import (
	"strings"
	"testing"

	"ptwalk/tracer"
)

// A loop's calls fold into as many as one turn has, each with the number of
// turns; expanded they are what was made, in order.
func TestLoopFolds(t *testing.T) {
	for _, c := range []struct{ made, want string }{
		{"w", "w"},
		{"ss", "s*2/1.1"},
		{"wswswe", "w*2/2.1 s*2/2.2 w e"},
		{"pswpswpsw", "p*3/3.1 s*3/3.2 w*3/3.3"},
		{"wswswe" + "wsws", "w*2/2.1 s*2/2.2 w e w*2/2.1 s*2/2.2"},
		{"fxwsws", "f x w*2/2.1 s*2/2.2"},
	} {
		l := &loop{}
		for _, r := range c.made {
			l.add(tracer.Call{Name: string(r)})
		}
		var got []string
		for _, f := range l.calls {
			s := f.call.Name
			if f.of > 0 {
				s += "*" + itoa(f.n) + "/" + itoa(f.of) + "." + itoa(f.turn)
			}
			got = append(got, s)
		}
		if joined := strings.Join(got, " "); joined != c.want {
			t.Errorf("%s folds to %s, want %s", c.made, joined, c.want)
		}
		if back := expand(l.calls); back != c.made {
			t.Errorf("%s expands to %s", c.made, back)
		}
	}
}

func expand(calls []folded) string {
	out := ""
	for i := 0; i < len(calls); i += max(1, calls[i].of) {
		turn := ""
		for j := range max(1, calls[i].of) {
			turn += calls[i+j].call.Name
		}
		out += strings.Repeat(turn, calls[i].n)
	}
	return out
}

// FuzzLoop holds the law of folding for any calls.
func FuzzLoop(f *testing.F) {
	f.Add("wswswsesws")
	f.Fuzz(func(t *testing.T, made string) {
		l := &loop{}
		names := ""
		for _, b := range []byte(made) {
			name := string('a' + b%4)
			names += name
			l.add(tracer.Call{Name: name})
		}
		if back := expand(l.calls); back != names {
			t.Errorf("%s expands to %s", names, back)
		}
	})
}

func TestParagraphs(t *testing.T) {
	got := paragraphs(`One
	       paragraph.

	       | listing
	       |   indented

	       Another.`)
	if want := "One paragraph.\n\n    listing\n      indented\n\nAnother."; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
