package pictures

import (
	"fmt"
	"html"
	"strings"
)

// canvas is a picture that is being drawn, in pixels. Its text has 7 pixels a
// letter at most, and 8 in code.
type canvas struct {
	title         string
	width, height int
	body          strings.Builder
}

// alone is how a picture looks where no page gives it colours.
const alone = `<style>
.drawn { --paper: #fcfaf5; --ink: #22201c; --soft: #5c574e; --tint: #f3eee2; --accent: #8a2b1d; --running: #d6e8cf; --stopped: #f6d9b5; --zombie: #d9d2e6; --gone: #e6e3dc; }
@media (prefers-color-scheme: dark) {
.drawn { --paper: #1a1917; --ink: #e9e4d9; --soft: #b3ab9b; --tint: #252320; --accent: #eb9a83; --running: #2f4a2a; --stopped: #5e431d; --zombie: #443a5c; --gone: #3a3733; }
}
.drawn .ground { fill: var(--paper); }
.drawn text { fill: var(--ink); font: 13px sans-serif; }
.drawn .code { font: 12.5px ui-monospace, "DejaVu Sans Mono", monospace; }
.drawn .head { font-weight: bold; }
.drawn .soft { fill: var(--soft); }
.drawn .box { fill: var(--tint); stroke: var(--soft); }
.drawn .one { fill: var(--stopped); stroke: var(--soft); }
.drawn .line { stroke: var(--soft); fill: none; }
.drawn .arrow { stroke: var(--accent); fill: var(--accent); stroke-width: 1.5; }
.drawn .running { fill: var(--running); stroke: var(--soft); }
.drawn .stopped { fill: var(--stopped); stroke: var(--soft); }
.drawn .zombie { fill: var(--zombie); stroke: var(--soft); stroke-dasharray: 3 2; }
.drawn .gone { fill: none; stroke: var(--soft); stroke-dasharray: 2 4; }
</style>
`

func (c *canvas) svg() string {
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\">\n"+
		"<title>%s</title>\n%s<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>\n%s</svg>\n",
		Class, c.width, c.height, html.EscapeString(c.title), alone, c.body.String())
}

func (c *canvas) draw(format string, args ...any) { fmt.Fprintf(&c.body, format+"\n", args...) }

// text writes on the line whose foot is y. Class is "code", "soft", "head" or
// several of them; anchor is start, middle or end.
func (c *canvas) text(x, y int, class, anchor, text string) {
	c.draw(`<text x="%d" y="%d" class="%s" text-anchor="%s">%s</text>`, x, y, class, anchor, html.EscapeString(text))
}

func (c *canvas) box(class string, x, y, width, height int) {
	c.draw(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="3"/>`, class, x, y, width, height)
}

// arrow goes from left to right or back, or up or down.
func (c *canvas) arrow(x1, y1, x2, y2 int) {
	dx, dy := sign(x2-x1)*7, sign(y2-y1)*7
	c.draw(`<path class="arrow" d="M%d %dL%d %dM%d %dl%d %dl%d %dz"/>`, x1, y1, x2, y2,
		x2, y2, -dx-dy/2, -dy-dx/2, dy/2*2, dx/2*2)
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}
