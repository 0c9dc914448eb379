package docs

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// scenarioFile has what a tracer must survive: its head comment says how it is
// written.
const scenarioFile = "docs/scenarios.txt"

// scenario is a row of the table in reliability.md.
type scenario struct {
	id    string   // "E4"; "E" for a heading
	title string   // what happens
	note  string   // "by design: ..." or "not here: ...", or ""
	tests []string // "TestE04KillNineWhileSeized in cmd/ptwalk"
}

func (s scenario) heading() bool { return len(s.id) == 1 }

// scenarios is the table of reliability.md: the rows of docs/scenarios.txt, and
// what shows each: tests of the module whose names begin with the id of the row,
// and scripts with a comment that does.
func scenarios(module fs.FS, _ []string) (string, string, error) {
	text, err := fs.ReadFile(module, scenarioFile)
	if err != nil {
		return "", "", err
	}
	rows, err := parseScenarios(string(text))
	if err != nil {
		return "", "", err
	}
	tests, err := scenarioTests(module)
	if err != nil {
		return "", "", err
	}
	for i := range rows {
		rows[i].tests = tests[rows[i].id]
		delete(tests, rows[i].id)
		if len(rows[i].tests) > 0 && strings.HasPrefix(rows[i].note, "not here:") {
			return "", "", fmt.Errorf("%s has row %s as not here, and %s tests it", scenarioFile, rows[i].id, rows[i].tests[0])
		}
	}
	for id, names := range tests {
		return "", "", fmt.Errorf("%s has no row %s, which %s is named by", scenarioFile, id, names[0])
	}
	return "", scenarioTable(rows), nil
}

func parseScenarios(text string) (rows []scenario, err error) {
	for i, line := range strings.Split(text, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || word == "#":
		case word == "":
			note := strings.TrimSpace(rest)
			if len(rows) == 0 || !strings.HasPrefix(note, "by design: ") && !strings.HasPrefix(note, "not here: ") {
				return nil, fmt.Errorf("%s:%d: neither a row nor a reason", scenarioFile, i+1)
			}
			rows[len(rows)-1].note = note
		default:
			rows = append(rows, scenario{id: word, title: strings.TrimSpace(rest)})
		}
	}
	return rows, nil
}

// testName is the head of a test that is named by the id of a row, and scriptName
// the head of a comment in a script.
var (
	testName   = regexp.MustCompile(`(?m)^func (Test([A-J])(\d\d)[A-Z]\w*)\(`)
	scriptName = regexp.MustCompile(`(?m)^# ([A-J])(\d+): `)
)

// scenarioTests are the tests and scripts of each row, by the row's id, sorted.
func scenarioTests(module fs.FS) (map[string][]string, error) {
	tests := map[string][]string{}
	err := fs.WalkDir(module, ".", func(name string, d fs.DirEntry, err error) error {
		dir, script := strings.CutSuffix(path.Dir(name), "/testdata/script")
		switch {
		case err != nil:
			return err
		case d.IsDir() && len(d.Name()) > 1 && (d.Name()[0] == '.' || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || !script && !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(module, name)
		if err != nil {
			return err
		}
		add := func(letter, number []byte, test string) {
			n, _ := strconv.Atoi(string(number))
			id := string(letter) + strconv.Itoa(n)
			if shown := fmt.Sprintf("`%s` in %s", test, dir); !slices.Contains(tests[id], shown) {
				tests[id] = append(tests[id], shown)
			}
		}
		if script {
			for _, found := range scriptName.FindAllSubmatch(text, -1) {
				add(found[1], found[2], path.Base(name))
			}
			return nil
		}
		for _, found := range testName.FindAllSubmatch(text, -1) {
			add(found[2], found[3], string(found[1]))
		}
		return nil
	})
	for _, names := range tests {
		slices.Sort(names)
	}
	return tests, err
}

// scenarioTable is Markdown: a heading and a table for each letter.
func scenarioTable(rows []scenario) string {
	var out strings.Builder
	for _, r := range rows {
		if r.heading() {
			fmt.Fprintf(&out, "\n### %s: %s\n\n| | what happens | shown by |\n|---|---|---|\n", r.id, r.title)
			continue
		}
		shown := append(slices.Clone(r.tests), r.note)
		if len(r.tests) == 0 && r.note == "" {
			shown = []string{"not tested"}
		}
		shown = slices.DeleteFunc(shown, func(s string) bool { return s == "" })
		fmt.Fprintf(&out, "| %s | %s | %s |\n", r.id, r.title, strings.Join(shown, "; "))
	}
	return out.String() + "\n"
}
