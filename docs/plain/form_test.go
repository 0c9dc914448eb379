package plain_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ptwalk/lessons"
)

// mostLines is the length of a program, comments included. Those that stay with a
// tracee to its end, whatever signals come, need most of it.
const mostLines = 140

// all is the names of the programs: there is one for each lesson.
func all() (names []string) {
	for _, l := range lessons.All {
		names = append(names, lessons.ID(l))
	}
	return names
}

// starters is the names of the programs that start another one, and take its path.
func starters() []string {
	return slices.DeleteFunc(all(), func(name string) bool { return name == "05-attach" })
}

// files is the files that a program is made of, by language.
func files(name string) map[string]string {
	return map[string]string{"Go": name + "/main.go", "C": "c/" + name + ".c"}
}

// TestEveryLessonHasItsPrograms names the language that is missing, and the program that
// has no lesson or no row in README.md.
func TestEveryLessonHasItsPrograms(t *testing.T) {
	readme := source(t, "README.md")
	var want []string
	for _, name := range all() {
		for language, file := range files(name) {
			want = append(want, file)
			if _, err := os.Stat(file); err != nil {
				t.Errorf("lesson %s has no program in %s: %v", name, language, err)
			}
			if !strings.Contains(readme, file+" |") {
				t.Errorf("README.md has no row with %s", file)
			}
		}
	}
	for _, pattern := range []string{"*/main.go", "c/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			if !slices.Contains(want, file) {
				t.Errorf("%s belongs to no lesson", file)
			}
		}
	}
}

func TestProgramsAreShort(t *testing.T) {
	for _, name := range all() {
		for _, file := range files(name) {
			if n := strings.Count(source(t, file), "\n"); n > mostLines {
				t.Errorf("%s has %d lines, more than %d", file, n, mostLines)
			}
		}
	}
}

// TestWhatRepeatsIsTheSame: whoever has read a function in one program knows it in all.
// Only the comments may differ.
func TestWhatRepeatsIsTheSame(t *testing.T) {
	function := map[string]*regexp.Regexp{
		"Go": regexp.MustCompile(`(?ms)^func (\w+)\(.*?^}$`),
		"C":  regexp.MustCompile(`(?ms)^static \w+ \*?(\w+)\(.*?^}$`),
	}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	seen := map[string]string{} // "Go start" and the like: where
	text := map[string]string{}
	for _, name := range all() {
		for language, file := range files(name) {
			for _, match := range function[language].FindAllStringSubmatch(source(t, file), -1) {
				id := language + " " + match[1]
				code := strings.Join(strings.Fields(comment.ReplaceAllString(match[0], "")), " ")
				switch {
				case match[1] == "main":
				case seen[id] == "":
					seen[id], text[id] = file, code
				case text[id] != code:
					t.Errorf("%s of %s and of %s are not the same:\n%s\n%s", match[1], seen[id], file, text[id], code)
				}
			}
		}
	}
	for _, id := range []string{"Go must", "Go waitFor", "Go start", "C must", "C wait_for", "C start"} {
		if seen[id] == "" {
			t.Errorf("no program has a function %s", id)
		}
	}
}

func source(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
