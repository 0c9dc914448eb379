package stage

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestMarks(t *testing.T) {
	for in, want := range map[string]string{
		"the *tracer* asks": "the tracer asks",
		"8*ORIG_RAX":        "8*ORIG_RAX",
		"`8 * 15` bytes":    "8 * 15 bytes",
		"*all of it*.":      "all of it.",
		"no marks":          "no marks",
	} {
		if got := strip(in); got != want {
			t.Errorf("strip(%q) = %q, want %q", in, got, want)
		}
	}
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

func TestParseMixed(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
		err  bool
	}{
		{[]string{"1", "--plain", "2"}, []string{"1", "2"}, false},
		{[]string{"--plain", "1"}, []string{"1"}, false},
		{[]string{"1", "--", "--plain"}, []string{"1", "--plain"}, false},
		{[]string{"--width", "60", "1"}, []string{"1"}, false},
		{[]string{"1", "--width", "39"}, nil, true},
		{[]string{"1", "--width=x"}, nil, true},
		{[]string{"--nosuch"}, nil, true},
		{nil, nil, false},
	} {
		var f Flags
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		f.Register(fs)
		got, err := ParseMixed(fs, c.args)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.err {
			t.Errorf("%q: %v, error %v", c.args, got, err)
		}
	}
}

func TestColored(t *testing.T) {
	for _, c := range []struct {
		flag, noColor, force, term string
		terminal, want             bool
	}{
		{"auto", "", "", "xterm", true, true},
		{"auto", "", "", "xterm", false, false},
		{"auto", "1", "", "xterm", true, false},
		{"auto", "", "1", "xterm", false, true},
		{"auto", "", "0", "xterm", false, false},
		{"auto", "1", "1", "xterm", true, false},
		{"auto", "", "1", "dumb", true, false},
		{"always", "1", "", "xterm", false, true},
		{"never", "", "1", "xterm", true, false},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("CLICOLOR_FORCE", c.force)
		t.Setenv("TERM", c.term)
		f := Flags{Color: c.flag}
		if got := f.colored(c.terminal); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// A prediction is written once, with its answer, before what answered it.
func TestPredictionComesFirstInJSON(t *testing.T) {
	var out strings.Builder
	p := NewJSON(&out)
	q := &PredictEvent{Question: "?", Answers: []Answer{{"a", ""}, {"b", ""}}, Right: -1}
	p.Event(q)
	p.Event(&NoteEvent{Format: "between"})
	if out.Len() > 0 {
		t.Error("the prediction was written before its answer was known")
	}
	q.Right = 1
	p.Event(q)
	p.Event(&NoteEvent{Format: "after"})
	kinds := ""
	for line := range strings.Lines(out.String()) {
		kinds += line[strings.Index(line, `"kind":"`)+8:][:4] + " "
	}
	if kinds != "pred note note " {
		t.Errorf("written: %s\n%s", kinds, out.String())
	}
	if !strings.Contains(out.String(), `"right":1`) {
		t.Error("the answer is missing")
	}
}

// A writer that fails ends the run with one error, and later events are dropped.
func TestAFailedWriteIsKept(t *testing.T) {
	for _, sink := range []interface {
		Sink
		Err() error
	}{NewText(broken{}, Style{}), NewJSON(broken{}), NewMarkdown(broken{}, Style{}), NewCast(broken{}, Style{})} {
		for _, e := range made() {
			sink.Event(e)
		}
		if !errors.Is(sink.Err(), errBroken) {
			t.Errorf("%T: error %v", sink, sink.Err())
		}
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
