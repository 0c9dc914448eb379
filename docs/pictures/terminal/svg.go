package main

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// The size of a character and the space around all of them, in pixels.
const (
	cellWidth, cellHeight = 8.4, 18
	space                 = 16
)

// colours are the classes of the style sheet, by the numbers of the sequence.
var colours = map[string]string{
	"1": "bold", "31;1": "red", "32": "green", "33": "yellow",
	"34;1": "blue", "35": "magenta", "36": "cyan", "36;1": "cyan bold",
}

const styles = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d8dee9;white-space:pre}
.bold{font-weight:bold;fill:#fff}.red{font-weight:bold;fill:#ff8b92}.green{fill:#a3d9a5}.yellow{fill:#ebcb8b}
.blue{font-weight:bold;fill:#8fc1ff}.magenta{fill:#dba8e0}.cyan{fill:#88d7e0}`

// draw is the picture of a screen. Each piece stands at its column and is as
// wide as its columns, whatever font there is.
func draw(lines [][]span, width, height int) string {
	w, h := float64(width)*cellWidth+2*space, height*cellHeight+2*space
	var out, text strings.Builder
	for row, line := range lines {
		column := 0
		for _, part := range line {
			n := utf8.RuneCountInString(part.text)
			if class := colours[part.colour]; strings.TrimSpace(part.text) != "" {
				fmt.Fprintf(&out, `<text x="%.1f" y="%d" textLength="%.1f"`, space+float64(column)*cellWidth, space+row*cellHeight+14, float64(n)*cellWidth)
				if class != "" {
					fmt.Fprintf(&out, ` class="%s"`, class)
				}
				fmt.Fprintf(&out, " xml:space=\"preserve\">%s</text>\n", html.EscapeString(part.text))
			}
			text.WriteString(part.text)
			column += n
		}
		text.WriteString("\n")
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img">
<title>A terminal with ptwalk</title>
<desc>%s</desc>
<style>%s</style>
<rect width="100%%" height="100%%" rx="8" fill="#1c2128"/>
%s</svg>
`, w, h, w, h, html.EscapeString(text.String()), styles, out.String())
}
