package docs

import (
	"fmt"
	"io/fs"
	"strings"

	"ptwalk/tracer/names"
)

// glossary is the list of the words that ptwalk explain has under the kind "word".
func glossary(fs.FS, []string) (string, string, error) {
	var out strings.Builder
	out.WriteString("\n")
	for _, t := range names.Terms {
		out.WriteString(folded(fmt.Sprintf("- **%s**: %s *%s*", t.Word, t.Text, t.See)))
	}
	return "", out.String() + "\n", nil
}

// folded is an entry of a list in lines of at most 80 columns.
func folded(entry string) string {
	var out, line strings.Builder
	for _, word := range strings.Fields(entry) {
		if line.Len() > 2 && line.Len()+1+len(word) > 80 {
			out.WriteString(line.String() + "\n")
			line.Reset()
			line.WriteString("  " + word)
			continue
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(word)
	}
	return out.String() + line.String() + "\n"
}
