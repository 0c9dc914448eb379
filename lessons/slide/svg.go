package slide

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"ptwalk/lessons/handout"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// The picture has the form of a projector's. Lengths are in its units; a character
// of the monospaced type takes six tenths of its size.
const (
	wide, high = 1280, 720
	left       = 60
	across     = wide - 2*left
	bit        = across / 32. // one bit of a status
	columns    = 76           // of a line of text
	inC        = 60           // characters of a line of C
	linesOfC   = 3
)

// fields are the colours of a status: event, stop signal or exit code, core flag,
// and why wait4 returned.
var fields = []string{"#e6e6e6", "#cfe3f7", "#f6e3b5", "#d7efcf"}

// picture collects the elements of an SVG.
type picture struct{ strings.Builder }

// text puts a line at a place, its first character or its middle. Face is the family
// of its type; size and colour are as in SVG.
func (p *picture) text(x, y float64, anchor, face string, size float64, fill, text string) {
	fmt.Fprintf(p, "<text x=\"%.5g\" y=\"%.5g\" text-anchor=\"%s\" font-family=\"%s\" font-size=\"%.3g\" fill=\"%s\" xml:space=\"preserve\">%s</text>\n",
		x, y, anchor, face, size, fill, quoted(text))
}

// Types of letters.
const (
	mono = "DejaVu Sans Mono, Menlo, Consolas, monospace"
	sans = "DejaVu Sans, Helvetica, Arial, sans-serif"
)

// SVG is the step as a picture of 1280 by 720. It stands alone: it names no other
// file.
func (s Step) SVG() string {
	above, below := s.where()
	expression, outcome := s.Call.Spelled(event.Measured{})
	var p picture
	fmt.Fprintf(&p, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n", wide, high, wide, high)
	fmt.Fprintf(&p, "<title>%s = %s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", quoted(expression), quoted(outcome))
	p.text(left, 70, "start", sans, 26, "#555", above)
	y := p.call(130, string(s.Call.Call.By), expression, outcome)
	for _, line := range render.Wrap(handout.Sentence(s.Call.Call.Name), 90) {
		p.text(left, y, "start", sans, 24, "#333", line)
		y += 32
	}
	if s.Call.N > 1 {
		p.text(left, y, "start", sans, 24, "#333", fmt.Sprintf("Made %s times.", event.Grouped(int64(s.Call.N))))
		y += 32
	}
	y += 30
	if s.Stop != nil {
		y = p.status(y, s.Stop, s.When)
	}
	p.brought(y, s.lines())
	p.text(left, high-30, "start", sans, 18, "#555", below)
	return p.String() + "</svg>\n"
}

// call draws the C line, which is broken where it is long, and its result below. It
// returns where the next line stands.
func (p *picture) call(y float64, by, expression, outcome string) float64 {
	p.text(left, y, "start", sans, 22, "#1a5fb4", by)
	for _, line := range fitted(render.WrapC(expression, inC)) {
		y += 46
		p.text(left, y, "start", mono, 32, "#111", line)
	}
	for _, line := range fitted(render.Wrap("= "+outcome, inC)) {
		y += 46
		p.text(left, y, "start", mono, 32, "#7a1fa2", line)
	}
	return y + 56
}

// fitted are lines of C that fit: an argument may be as long as a path can be, and
// there may be any number of them.
func fitted(lines []string) []string {
	if len(lines) > linesOfC {
		lines = append(lines[:linesOfC-1:linesOfC-1], "    ...")
	}
	for i, line := range lines {
		if runes := []rune(line); len(runes) > inC {
			lines[i] = string(runes[:inC-3]) + "..."
		}
	}
	return lines
}

// status draws a wait status: its bits in fields, above each which bits they are,
// below what they say.
func (p *picture) status(y float64, e *event.Stop, when When) float64 {
	p.text(left, y, "start", sans, 22, "#1a5fb4", string(when))
	y += 36
	p.text(left, y, "start", mono, 28, "#111", fmt.Sprintf("status 0x%04x  %s", uint32(e.Stop.Status), e.Said()))
	y += 40
	x, top := float64(left), 31
	for i, part := range render.StatusParts(e.Stop) {
		n := len(part.Bits)
		span := fmt.Sprint(top)
		if n > 1 {
			span = fmt.Sprintf("%d-%d", top, top-n+1)
		}
		top -= n
		width := float64(n) * bit
		p.text(x+width/2, y, "middle", sans, 18, "#555", span)
		fmt.Fprintf(p, "<rect x=\"%.5g\" y=\"%.5g\" width=\"%.5g\" height=\"52\" fill=\"%s\" stroke=\"#333\"/>\n", x, y+12, width, fields[i])
		for j, digit := range part.Bits {
			p.text(x+(float64(j)+.5)*bit, y+47, "middle", mono, 26, "#111", string(digit))
		}
		below := y + 94
		if n == 1 {
			below += 30 // its words are wider than it is
		}
		p.text(x+width/2, below, "middle", sans, 21, "#111", part.Says)
		x += width
	}
	return y + 160
}

// brought are the lines of what else the step has told, as far as there is room.
func (p *picture) brought(y float64, lines []string) {
	const step, end = 30, high - 70
	for i, line := range lines {
		if y+step > end && i+1 < len(lines) {
			line = fmt.Sprintf("... and %d lines more", len(lines)-i)
		}
		if y > end {
			return
		}
		p.text(left, y, "start", mono, 21, "#111", line)
		y += step
	}
}

// quoted is a text inside an element or an attribute. What XML cannot hold becomes
// the replacement character.
func quoted(text string) string {
	var out bytes.Buffer
	xml.EscapeText(&out, []byte(text)) // a buffer takes it all
	return out.String()
}
