package render

import "github.com/fatih/color"

// paint is the one table of colours, by role. Each is one of the 16 ANSI
// colours, and none carries a meaning that the words beside it do not.
type paint struct {
	plain, title, code, tracer, kernel, child, result, bad, note, question func(string) string
}

func newPaint(on bool) paint {
	tint := func(attributes ...color.Attribute) func(string) string {
		c := color.New(attributes...)
		c.DisableColor()
		if on {
			c.EnableColor()
		}
		return func(s string) string { return c.Sprint(s) }
	}
	return paint{
		plain:    func(s string) string { return s },
		title:    tint(color.Bold),
		code:     tint(color.FgCyan),
		tracer:   tint(color.FgBlue, color.Bold),
		kernel:   tint(color.FgMagenta),
		child:    tint(color.FgGreen),
		result:   tint(color.Bold),
		bad:      tint(color.FgRed, color.Bold),
		note:     tint(color.FgYellow),
		question: tint(color.FgCyan, color.Bold),
	}
}
