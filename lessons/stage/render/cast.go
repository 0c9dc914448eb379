package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"ptwalk/lessons/stage/event"
)

// Cast writes what a terminal shows as an asciinema recording, version 2: a
// header, then one line for each piece of output with its time in seconds. It
// prints events with the time that they have. When a person presses keys it
// takes what their terminal shows instead, at the time of showing.
type Cast struct {
	mu      sync.Mutex
	w       io.Writer
	text    *Text
	buf     bytes.Buffer
	width   int
	column  int           // of the cursor
	escape  bool          // in a sequence that moves no cursor: a colour
	last    time.Duration // a later piece has no earlier time
	offset  time.Duration // of a recording that follows another and counts from 0 again
	started time.Time     // not zero: the pieces come by Write
	err     error
}

// The height of the terminal that a cast is made for.
const castRows = 24

// NewCast writes the header to w and returns the printer.
func NewCast(w io.Writer, style Style) *Cast {
	c := &Cast{w: w, width: max(style.Width, narrowest)}
	c.text = NewText(&c.buf, style)
	c.put(fmt.Sprintf(`{"version":2,"width":%d,"height":%d,"title":"ptwalk"}`, c.width, castRows))
	return c
}

// Err returns the first error of the writer.
func (c *Cast) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Event prints e into the recording.
func (c *Cast) Event(e event.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.started.IsZero() {
		return
	}
	at := event.BaseOf(e).T
	if _, begins := e.(*event.Lesson); begins {
		c.offset = max(0, c.last-at)
	}
	c.buf.Reset()
	c.text.Event(e)
	c.piece(at+c.offset, c.buf.String())
}

// Write takes what a terminal shows. After the first call events print nothing.
func (c *Cast) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started.IsZero() {
		c.started = time.Now()
	}
	c.piece(time.Since(c.started), string(p))
	return len(p), nil // what the cast lacks is no reason to stop a talk here
}

func (c *Cast) piece(at time.Duration, text string) {
	if text == "" {
		return
	}
	text, err := jsonText(c.fit(text))
	if err != nil && c.err == nil {
		c.err = err
	}
	c.last = max(c.last, at)
	c.put(fmt.Sprintf(`[%.6f, "o", %s]`, c.last.Seconds(), text))
}

func jsonText(text string) (string, error) {
	out, err := json.Marshal(text)
	return string(out), err
}

// fit ends lines as a terminal in raw mode needs it, and breaks those that are
// wider than the header says. A character outside ASCII may take two columns.
func (c *Cast) fit(text string) string {
	var out strings.Builder
	for _, r := range text {
		wide := 1
		switch {
		case c.escape:
			c.escape, wide = !('@' <= r && r <= '~') || r == '[', 0
		case r == escapeByte:
			c.escape, wide = true, 0
		case r == '\n':
			out.WriteByte('\r')
			c.column, wide = 0, 0
		case r == '\b':
			c.column, wide = max(0, c.column-1), 0
		case r < ' ':
			wide = 0
		case r > '~':
			wide = 2
		}
		if c.column+wide > c.width {
			out.WriteString("\r\n")
			c.column = 0
		}
		c.column += wide
		out.WriteRune(r)
	}
	return out.String()
}

func (c *Cast) put(line string) {
	if c.err == nil {
		_, c.err = io.WriteString(c.w, line+"\n")
	}
}
