package main

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

const cast = `{"version":2,"width":40,"height":3,"title":"x"}
[0.1, "o", "first\r\n\u001b[34;1m  tracer  \u001b[0;22mptrace(<&>) \u001b[1m= 0\u001b[22m\r\n"]
[0.2, "o", "third\r\n"]
[0.3, "o", "fourth\r\nfifth\r\n"]
`

func TestDraw(t *testing.T) {
	var out strings.Builder
	if err := run(strings.NewReader(cast), &out, "ptrace("); err != nil {
		t.Fatal(err)
	}
	svg := out.String()
	for _, want := range []string{
		`<text x="16.0" y="30" textLength="84.0" class="blue" xml:space="preserve">  tracer  </text>`,
		`<text x="100.0" y="30" textLength="100.8" xml:space="preserve">ptrace(&lt;&amp;&gt;) </text>`,
		`class="bold" xml:space="preserve">= 0</text>`, ">third<", ">fourth<",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("it has no %s:\n%s", want, svg)
		}
	}
	for _, no := range []string{"first", "fifth", "\x1b"} {
		if strings.Contains(svg, no) {
			t.Errorf("it has %q", no)
		}
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestNoCast(t *testing.T) {
	for _, text := range []string{"", "hello", `{"version":1}`, cast + "hello"} {
		if run(strings.NewReader(text), io.Discard, "first") == nil {
			t.Errorf("%q makes a picture", text)
		}
	}
	if err := run(strings.NewReader(cast), io.Discard, "nothing"); err == nil {
		t.Error("a line that is not there makes a picture")
	}
}

// TestPictureIsOfToday compares the text of the picture in README.md with the
// golden of the lesson, in which the child has no number.
func TestPictureIsOfToday(t *testing.T) {
	svg, err := os.ReadFile("../terminal.svg")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("../../../lessons/03-singlestep/testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(svg), "<desc>")
	text, _, _ = strings.Cut(text, "</desc>")
	text = regexp.MustCompile(`(ptrace\(\w+), \d+,`).ReplaceAllString(html.UnescapeString(text), "$1, child,")
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if text = words(text); len(text) < 500 || !strings.Contains(words(string(golden)), text) {
		t.Errorf("the picture shows another text than the lesson; make pictures draws it anew:\n%s", text)
	}
}
