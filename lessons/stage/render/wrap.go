package render

import "strings"

func pad(s string, n int) string {
	if len(s) >= n {
		return s
	}
	return s + strings.Repeat(" ", n-len(s))
}

func padLeft(s string, n int) string {
	if len(s) >= n {
		return s
	}
	return strings.Repeat(" ", n-len(s)) + s
}

// fill breaks text into lines between the margins. Marks of emphasis and code
// become paint, or nothing.
func (p *Text) fill(first, rest string, tint func(string) string, text string) {
	p.fillWords(first, rest, tint, strings.Fields(Plain(text)))
}

// fillWords is fill for words that may have spaces in them.
func (p *Text) fillWords(first, rest string, tint func(string) string, words []string) {
	indent := first
	for _, line := range wrapWords(words, p.style.Width-max(len(first), len(rest))) {
		p.line(indent + tint(line))
		indent = rest
	}
}

// label is the word before a line and the column that it takes; for a screen
// reader a word and a colon.
func (p *Text) label(word string) string {
	if p.style.Accessible {
		return margin + strings.TrimSpace(word) + ": "
	}
	return margin + pad(word, len(content)-len(margin))
}

// under is the indent of lines that belong to the one above.
func (p *Text) under() string {
	if p.style.Accessible {
		return margin
	}
	return content
}

// wrap breaks text at spaces into lines of at most width bytes; a longer word
// stands alone.
func Wrap(text string, width int) []string { return wrapWords(strings.Fields(text), width) }

func wrapWords(words []string, width int) (lines []string) {
	line := ""
	for _, word := range words {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// Span is a piece of prose with one kind of type.
type Span struct {
	Text           string
	Code, Emphasis bool
}

// Spans cuts prose at its marks: `code` and *emphasis*. A star inside code or
// between other characters, as in 8*RIP, is a star.
func Spans(text string) []Span {
	var spans []Span
	var now Span
	end := func() {
		if now.Text != "" {
			spans = append(spans, now)
		}
		now.Text = ""
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '`':
			end()
			now.Code = !now.Code
		case c == '*' && !now.Code && isMark(text, i):
			end()
			now.Emphasis = !now.Emphasis
		default:
			now.Text += text[i : i+1]
		}
	}
	end()
	return spans
}

// strip takes the marks out.
func Plain(text string) string {
	var out strings.Builder
	for _, span := range Spans(text) {
		out.WriteString(span.Text)
	}
	return out.String()
}

// isMark says whether the star at i opens or closes emphasis: a word on one
// side of it and none on the other.
func isMark(text string, i int) bool {
	letter := func(j int) bool {
		if j < 0 || j >= len(text) {
			return false
		}
		c := text[j] | 0x20
		return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || text[j] == ')' || text[j] == '_'
	}
	return letter(i-1) != letter(i+1)
}

// WrapC breaks a C line after a comma or a bar, so that its lines fit.
func WrapC(c string, room int) (lines []string) {
	for len(c) > room {
		at := strings.LastIndexAny(c[:room], ",|")
		if at <= 0 {
			break
		}
		lines = append(lines, c[:at+1])
		c = "    " + strings.TrimLeft(c[at+1:], " ")
	}
	return append(lines, c)
}
