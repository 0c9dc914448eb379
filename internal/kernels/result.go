package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
)

// resultFile is the laboratory's last result, relative to the module. The pages
// of docs are woven from it.
const resultFile = "internal/kernels/result.json"

// shown is what a run in which all went well has shown of one kernel.
type shown struct {
	Suite   string    `json:"suite"`   // of Debian
	Series  string    `json:"series"`  // "6.1"
	Version string    `json:"version"` // Debian's, "6.1.176-1"
	Probe   []request `json:"probe"`
}

// request is a line of the probe: what the kernel answers to root.
type request struct {
	Name   string `json:"name"`
	Answer string `json:"answer"` // "ok", or an errno
}

// show is a verdict without the seconds.
func (v *verdict) show() shown {
	s := shown{Suite: v.kernel.Suite, Series: v.kernel.Series, Version: v.kernel.Version}
	for line := range strings.Lines(v.probed["root"]) {
		if f := strings.Fields(line); len(f) > 1 {
			n := len(f) - 1
			s.Probe = append(s.Probe, request{strings.Join(f[:n], " "), f[n]})
		}
	}
	return s
}

func writeResult(all []shown) error {
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(resultFile, append(text, '\n'), 0o666)
}

// stale says where the result that the pages are woven from is not that of this
// run any more. Versions inside a series may differ, and so may what a suite of
// backports brings: notes tell of that.
func stale(recorded, now []shown) (wrong, notes []string) {
	in := func(all []shown, series string) int {
		return slices.IndexFunc(all, func(s shown) bool { return s.Series == series })
	}
	backport := func(s shown) bool { return strings.HasSuffix(s.Suite, "-backports") }
	for _, s := range now {
		i := in(recorded, s.Series)
		switch {
		case i < 0 && backport(s):
			notes = append(notes, fmt.Sprintf("the pages do not name Linux %s of %s yet", s.Series, s.Suite))
		case i < 0:
			wrong = append(wrong, fmt.Sprintf("the pages do not name Linux %s of %s", s.Series, s.Suite))
		case !reflect.DeepEqual(recorded[i].Probe, s.Probe):
			wrong = append(wrong, fmt.Sprintf("Linux %s answers to the probe otherwise than the pages say", s.Series))
		}
	}
	for _, s := range recorded {
		if in(now, s.Series) < 0 && !backport(s) {
			wrong = append(wrong, fmt.Sprintf("the pages name Linux %s, and this run had none", s.Series))
		}
	}
	return wrong, notes
}

// compare compares a run of everything with the recorded one.
func compare(now []shown) (wrong, notes []string, err error) {
	text, err := os.ReadFile(resultFile)
	if err != nil {
		return nil, nil, err
	}
	var recorded []shown
	if err := json.Unmarshal(text, &recorded); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", resultFile, err)
	}
	wrong, notes = stale(recorded, now)
	return wrong, notes, nil
}

// answers is the probe's table: a line a request, a column a kernel, and a
// second word where the answer to an ordinary user is another.
func answers(verdicts []*verdict) string {
	var out strings.Builder
	var names []string
	table := map[string][]string{}
	fmt.Fprintf(&out, "%-42s", "what the probe was answered")
	for i, v := range verdicts {
		fmt.Fprintf(&out, " %-16s", v.kernel.Series)
		for _, user := range []string{"root", "nobody"} {
			for line := range strings.Lines(v.probed[user]) {
				f := strings.Fields(line)
				if len(f) < 2 {
					continue
				}
				name, answer := strings.Join(f[:len(f)-1], " "), f[len(f)-1]
				if table[name] == nil {
					names, table[name] = append(names, name), make([]string, len(verdicts))
				}
				switch cell := &table[name][i]; {
				case *cell == "":
					*cell = answer
				case *cell != answer:
					*cell += ", " + answer
				}
			}
		}
	}
	if names == nil {
		return ""
	}
	for _, name := range names {
		fmt.Fprintf(&out, "\n%-42s", name)
		for _, answer := range table[name] {
			fmt.Fprintf(&out, " %-16s", answer)
		}
	}
	return out.String()
}
