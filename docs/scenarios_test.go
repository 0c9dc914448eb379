package docs

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestScenarios shows how a table is made from rows and names of tests.
func TestScenarios(t *testing.T) {
	module := fstest.MapFS{
		scenarioFile: {Data: []byte("# head\n\nA  One\nA1   first\nA2   second\n     by design: we never do.\nA10  third\n     not here: it needs two machines.\nA11  last\n")},
		"x/a_test.go": {Data: []byte("package x\n\nfunc TestA01Z(t *testing.T) {}\nfunc TestA01Again(t *testing.T) {}\n" +
			"func TestA02No(t *testing.T) {}\nfunc TestAbout(t *testing.T) {}\n// func TestA11Comment(t\n")},
		"x/testdata/script/s.txtar": {Data: []byte("# A2: second\n# A2: again\n# A11 is no row here\nexec true # A11: nor here\n")},
		"x/a.go":                    {Data: []byte("package x\n\nfunc TestA11NoTestFile(t int) {}\n")},
	}
	_, got, err := scenarios(module, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `
### A: One

| | what happens | shown by |
|---|---|---|
| A1 | first | ` + "`TestA01Again` in x; `TestA01Z` in x" + ` |
| A2 | second | ` + "`TestA02No` in x; `s.txtar` in x" + `; by design: we never do. |
| A10 | third | not here: it needs two machines. |
| A11 | last | not tested |

`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}

	for _, c := range []struct{ rows, test, want string }{
		{"A  One\nA1  first\n", "TestA02Other", "no row A2"},
		{"A  One\nA1  first\n    not here: no.\n", "TestA01Here", "A1 as not here"},
		{"A  One\nA1  first\n    because.\n", "TestA01", "scenarios.txt:3: neither"},
		{"    by design: of nothing\n", "TestA01", "scenarios.txt:1: neither"},
	} {
		_, _, err := scenarios(fstest.MapFS{
			scenarioFile: {Data: []byte(c.rows)},
			"x_test.go":  {Data: []byte("func " + c.test + "(t *testing.T) {}\n")},
		}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %s and %q: %v, want %q", c.test, c.rows, err, c.want)
		}
	}
}

// TestRowsAreComplete: the ids of each letter are numbered from 1, without a
// gap, and each row has a title of one line.
func TestRowsAreComplete(t *testing.T) {
	text, err := os.ReadFile("../" + scenarioFile)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parseScenarios(string(text))
	if err != nil {
		t.Fatal(err)
	}
	letter, n := "", 0
	for _, r := range rows {
		if r.heading() {
			letter, n = r.id, 0
		} else if n++; r.id != fmt.Sprint(letter, n) {
			t.Errorf("row %s stands where %s%d is expected", r.id, letter, n)
		}
		if r.title == "" || len(r.title) > 75 {
			t.Errorf("the title of %s has %d characters, want 1 to 75: %s", r.id, len(r.title), r.title)
		}
	}
	if letter != "J" {
		t.Errorf("the last group is %s, want J", letter)
	}
}
