package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// laboratory is what "make kernels" has last shown, a kernel an entry.
const laboratory = "internal/kernels/result.json"

type tried struct {
	Suite, Series, Version string
	Probe                  []struct{ Name, Answer string }
}

func triedKernels(module fs.FS) (all []tried, err error) {
	text, err := fs.ReadFile(module, laboratory)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(text, &all)
}

// kernels is the table of the kernels that the laboratory has booted.
func kernels(module fs.FS, _ []string) (string, string, error) {
	all, err := triedKernels(module)
	if err != nil {
		return "", "", err
	}
	var out strings.Builder
	out.WriteString("\n| Linux | Debian's suite | its version |\n|---|---|---|\n")
	for _, k := range all {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", k.Series, k.Suite, k.Version)
	}
	return "", out.String() + "\n", nil
}

// requests is the table of what these kernels answer differently.
func requests(module fs.FS, _ []string) (string, string, error) {
	all, err := triedKernels(module)
	if err != nil || len(all) == 0 {
		return "", "", err
	}
	var out strings.Builder
	out.WriteString("\n| asked |")
	for _, k := range all {
		fmt.Fprintf(&out, " %s |", k.Series)
	}
	out.WriteString("\n|---" + strings.Repeat("|---", len(all)) + "|\n")
	for i, line := range all[0].Probe {
		row := "| " + line.Name + " |"
		var answers []string
		for _, k := range all {
			if i >= len(k.Probe) || k.Probe[i].Name != line.Name {
				return "", "", fmt.Errorf("%s: the probe of %s has no line %q where that of %s has", laboratory, k.Series, line.Name, all[0].Series)
			}
			answers = append(answers, k.Probe[i].Answer)
			row += " " + k.Probe[i].Answer + " |"
		}
		if len(slices.Compact(answers)) > 1 {
			out.WriteString(row + "\n")
		}
	}
	return "", out.String() + "\n", nil
}
