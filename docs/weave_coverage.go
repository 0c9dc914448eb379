package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"ptwalk/lessons"
	"ptwalk/tracer/names"
)

// made is what a recorded lesson asked the kernel for, by name: a request, an
// option, or an event that came. The value is how it was answered: "" for yes.
type made map[string][]string

func (m made) add(name, errno string) {
	if name != "" && !slices.Contains(m[name], errno) {
		m[name] = append(m[name], errno)
	}
}

// cell is "x" for what was done, an errno for what was refused, or both.
func (m made) cell(name string) string {
	answers := slices.Sorted(slices.Values(m[name]))
	for i, errno := range answers {
		if errno == "" {
			answers[i] = "x"
		}
	}
	return strings.Join(answers, ", ")
}

// optionsIn says where the options of a request are: in its last argument.
var optionsIn = []string{"PTRACE_SETOPTIONS", "PTRACE_OLDSETOPTIONS", "PTRACE_SEIZE"}

// askedIn reads the recording of a lesson.
func askedIn(module fs.FS, id string) (made, error) {
	text, err := fs.ReadFile(module, "lessons/replay/recordings/"+id+".jsonl")
	if err != nil {
		return nil, err
	}
	m := made{}
	for line := range bytes.Lines(text) {
		var e struct{ Kind, Request, Errno, Data, Value string }
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		if e.Kind != "call" {
			continue
		}
		m.add(e.Request, e.Errno)
		switch {
		case e.Request == "wait4" && e.Value != "":
			status, err := strconv.ParseUint(e.Value, 0, 32)
			if err != nil {
				return nil, fmt.Errorf("%s: wait4: %w", id, err)
			}
			if event := int(status >> 16); event != 0 {
				m.add(names.EventName(event), "")
			}
		case slices.Contains(optionsIn, e.Request):
			bits, err := strconv.ParseUint(e.Data, 0, 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", id, e.Request, err)
			}
			for _, o := range names.Options {
				if bits&o.Bit != 0 {
					m.add(o.Name, e.Errno)
				}
			}
		}
	}
	return m, nil
}

// covered are the rows of the three tables.
var covered = map[string]func() (rows []string){
	"requests": func() (rows []string) {
		for _, r := range names.Requests {
			rows = append(rows, r.Name)
		}
		return rows
	},
	"options": func() (rows []string) {
		for _, o := range names.Options {
			rows = append(rows, o.Name)
		}
		return rows
	},
	"events": func() (rows []string) {
		for _, e := range names.Events {
			rows = append(rows, e.Name)
		}
		return rows
	},
}

// coverage is a table of the requests, options or events by lesson, from the
// recordings.
func coverage(module fs.FS, words []string) (language, text string, err error) {
	list, ok := covered[words[0]]
	if !ok {
		return "", "", fmt.Errorf("there is no coverage of %s", words[0])
	}
	head, rule := "| |", "|---|"
	var asked []made
	for _, l := range lessons.All {
		m, err := askedIn(module, lessons.ID(l))
		if err != nil {
			return "", "", err
		}
		asked = append(asked, m)
		head += fmt.Sprintf(" %d |", l.Number)
		rule += "---|"
	}
	var rows strings.Builder
	found := 0
	for _, name := range list() {
		row, any := "| "+name+" |", false
		for _, m := range asked {
			row += " " + m.cell(name) + " |"
			any = any || len(m[name]) > 0
		}
		rows.WriteString(row + "\n")
		if any {
			found++
		}
	}
	return "", fmt.Sprintf("\n%d of %d.\n\n%s\n%s\n%s\n", found, len(list()), head, rule, rows.String()), nil
}
