package docs

import (
	"cmp"
	"fmt"
	"io/fs"
	"strings"

	"ptwalk/tracer/doctor"
)

// codes is the table of the codes that the doctor has.
func codes(fs.FS, []string) (string, string, error) {
	var out strings.Builder
	out.WriteString("\n| code | what it means | what shows it | what helps |\n|---|---|---|---|\n")
	for _, c := range doctor.Codes {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", c.Name, c.Means, c.Seen, cmp.Or(c.Fix, "nothing to set"))
	}
	return "", out.String() + "\n", nil
}
