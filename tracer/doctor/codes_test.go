package doctor

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// spelled finds the codes in the files that match, with the reason that each is
// there: one of its files.
func spelled(t *testing.T, pattern string, test bool) map[string]string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v, %v", pattern, files, err)
	}
	code := regexp.MustCompile(`PT-[A-Z0-9]+(-[0-9])?\b`)
	found := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") != test || filepath.Base(file) == "codes.go" || filepath.Base(file) == "codes_test.go" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range code.FindAllString(string(text), -1) {
			found[name] = file
		}
	}
	return found
}

// TestCodesAreExplainedAndTested: each code that is printed is in the table, and
// each of the table is printed, provoked by a test, and told in the docs.
func TestCodesAreExplainedAndTested(t *testing.T) {
	printed, provoked := spelled(t, "*.go", false), spelled(t, "*.go", true)
	told := spelled(t, "../../docs/platforms.md", false)
	for name, file := range printed {
		if _, ok := CodeByName(name); !ok {
			t.Errorf("%s of %s is not in Codes", name, file)
		}
	}
	for _, c := range Codes {
		for where, found := range map[string]map[string]string{"the source": printed, "a test": provoked, "docs/platforms.md": told} {
			if found[c.Name] == "" {
				t.Errorf("%s is not in %s", c.Name, where)
			}
		}
		if !strings.HasSuffix(c.Means, ".") || c.Seen == "" {
			t.Errorf("%+v", c)
		}
	}
	names := func(c Code) string { return c.Name }
	sorted := slices.SortedFunc(slices.Values(Codes), func(a, b Code) int { return strings.Compare(names(a), names(b)) })
	if n := len(slices.CompactFunc(sorted, func(a, b Code) bool { return a.Name == b.Name })); n != len(Codes) {
		t.Errorf("%d different codes of %d", n, len(Codes))
	}
}
