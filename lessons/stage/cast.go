package stage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Cast writes the text of a run as an asciinema recording, version 2: a header,
// then one line for each piece of output with its time in seconds.
type Cast struct {
	w     io.Writer
	text  *Text
	buf   bytes.Buffer
	width int
	err   error
}

// The height of the terminal that a cast is made for.
const castRows = 24

// NewCast writes the header to w and returns the printer.
func NewCast(w io.Writer, style Style) *Cast {
	c := &Cast{w: w, width: max(style.Width, 40)}
	c.text = NewText(&c.buf, style)
	c.put(fmt.Sprintf(`{"version":2,"width":%d,"height":%d,"title":"ptwalk"}`, c.width, castRows))
	return c
}

// Err returns the first error of the writer.
func (c *Cast) Err() error { return c.err }

// Event prints e into the recording.
func (c *Cast) Event(e Event) {
	c.buf.Reset()
	c.text.Event(e)
	if c.buf.Len() == 0 {
		return
	}
	var lines []string
	for line := range strings.Lines(c.buf.String()) {
		line = strings.TrimSuffix(line, "\n")
		for !c.text.style.Color && len(line) > c.width {
			lines, line = append(lines, line[:c.width]), line[c.width:]
		}
		lines = append(lines, line)
	}
	text, err := json.Marshal(strings.Join(lines, "\r\n") + "\r\n")
	if err != nil {
		c.err = err
		return
	}
	c.put(fmt.Sprintf(`[%.6f, "o", %s]`, e.base().T.Seconds(), text))
}

func (c *Cast) put(line string) {
	if c.err == nil {
		_, c.err = io.WriteString(c.w, line+"\n")
	}
}
