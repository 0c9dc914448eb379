package stage

import (
	"os"
	"unicode/utf8"
)

// stream is our end of a pipe that the child writes to.
type stream struct {
	name string
	file *os.File
	rest string // the beginning of a character whose end is to come
}

// whole is what has come, in whole characters unless it is the last.
func (st *stream) whole(text string, last bool) string {
	text = st.rest + text
	end := len(text)
	for i := max(0, end-utf8.UTFMax+1); i < len(text) && !last; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRuneInString(text[i:]) {
			end = i
			break
		}
	}
	st.rest = text[end:]
	return text[:end]
}
