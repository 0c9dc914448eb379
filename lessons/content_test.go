package lessons_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"ptwalk/asm"
	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/tracer/names"
)

// What a lesson may be at most, so that it can be read from top to bottom and
// each of its sections fits on a screen.
const (
	mostFiles   = 2
	mostLines   = 260 // of one Go file
	mostColumns = 80
	mostHeight  = 24 // lines of one section of the golden
)

// module is the whole module, seen from this folder.
var module = os.DirFS("..")

// eachLesson runs a check for every lesson.
func eachLesson(t *testing.T, check func(t *testing.T, l *stage.Lesson, id string)) {
	t.Helper()
	if len(lessons.All) == 0 {
		t.Fatal("there are no lessons")
	}
	for _, l := range lessons.All {
		t.Run(lessons.ID(l), func(t *testing.T) { check(t, l, lessons.ID(l)) })
	}
}

// text is a file of the module.
func text(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(module, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := fs.Glob(module, pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func chapter(id string) string { return "docs/" + id + ".md" }

func TestNumbersAreContiguous(t *testing.T) {
	for i, l := range lessons.All {
		if l.Number != i+1 {
			t.Errorf("lesson %s has number %d, and its place in lessons.All is %d", l.Name, l.Number, i+1)
		}
	}
}

func TestNamesAndSummaries(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *stage.Lesson, id string) {
		if !regexp.MustCompile(`^[a-z]+$`).MatchString(l.Name) {
			t.Errorf("the name %q has more than the letters a to z", l.Name)
		}
		if l.Title == "" || strings.HasSuffix(l.Title, ".") {
			t.Errorf("the title %q is empty or ends with a full stop", l.Title)
		}
		if strings.Contains(l.Summary, "\n") || !strings.HasSuffix(l.Summary, ".") || len(l.Summary) > mostColumns {
			t.Errorf("the summary %q is not one line that ends with a full stop", l.Summary)
		}
		for i, s := range l.Sections {
			if s.Title == "" || s.Run == nil {
				t.Errorf("section %d has no title or nothing to run", i+1)
			}
		}
	})
}

func TestFilesOfALesson(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *stage.Lesson, id string) {
		for _, file := range []string{
			chapter(id),
			"cmd/" + id + "/main.go",
			"lessons/" + id + "/testdata/golden.txt",
			"lessons/replay/recordings/" + id + ".jsonl",
			"docs/plain/" + id + "/main.go",
			"docs/plain/c/" + id + ".c",
		} {
			if _, err := fs.Stat(module, file); err != nil {
				t.Errorf("%v: docs/adding-a-lesson.md says what it is", err)
			}
		}
		var sources []string
		for _, file := range glob(t, "lessons/"+id+"/*.go") {
			if !strings.HasSuffix(file, "_test.go") {
				sources = append(sources, file)
			}
		}
		if len(sources) == 0 || len(sources) > mostFiles {
			t.Errorf("the lesson is %d Go files, %v; want 1 to %d", len(sources), sources, mostFiles)
		}
		for _, file := range sources {
			if n := strings.Count(text(t, file), "\n"); n > mostLines {
				t.Errorf("%s has %d lines, more than %d", file, n, mostLines)
			}
		}
	})
}

func TestGoldenFitsOnAScreen(t *testing.T) {
	eachLesson(t, func(t *testing.T, l *stage.Lesson, id string) {
		file := "lessons/" + id + "/testdata/golden.txt"
		golden := text(t, file)
		for i, line := range strings.Split(golden, "\n") {
			if len(line) > mostColumns {
				t.Errorf("%s:%d: %d columns, more than %d", file, i+1, len(line), mostColumns)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Errorf("%s:%d: not ASCII: %s", file, i+1, line)
			}
		}
		sections := strings.Split("\n"+golden, "\n-- ")[1:]
		want := len(l.Sections) + 1 // and the end, which says what one can do now
		if len(sections) != want {
			t.Errorf("%s has %d sections, and the lesson %d", file, len(sections), want)
		}
		for i, s := range sections {
			if want := fmt.Sprintf("%d  ", i+1); !strings.HasPrefix(s, want) {
				t.Errorf("%s: section %d begins with %.20q, not with its number", file, i+1, s)
			}
			lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
			if len(lines) > mostHeight {
				t.Errorf("%s: section %s is %d lines high, more than %d", file, strings.TrimRight(lines[0], " -"), len(lines), mostHeight)
			}
			for _, high := range screens(lines) {
				if high > mostHeight {
					t.Errorf("%s: section %s has %d lines between two pauses, more than %d", file, strings.TrimRight(lines[0], " -"), high, mostHeight)
				}
			}
		}
	})
}

// screens is how many lines a terminal shows of a section up to each pause: after
// a question, whose prompt is one line, and at the end, whose prompt is two.
func screens(section []string) (high []int) {
	answers := regexp.MustCompile(`^    [a-z]\) `)
	begin, asked := 0, false
	for i, line := range section {
		asked = asked || strings.HasPrefix(line, "  ? ")
		last := i+1 == len(section) || !answers.MatchString(section[i+1])
		if asked && answers.MatchString(line) && last {
			high = append(high, i+1-begin+1)
			begin, asked = i+1, false
		}
	}
	return append(high, len(section)-begin+2)
}

func TestChapterIsLinkedAndShowsThePlainPrograms(t *testing.T) {
	contents := page(t, "docs/README.md")
	eachLesson(t, func(t *testing.T, l *stage.Lesson, id string) {
		if !slices.ContainsFunc(contents.links, func(k link) bool { return k.target == id+".md" }) {
			t.Errorf("docs/README.md has no link to %s.md", id)
		}
		story := page(t, chapter(id))
		for _, program := range []string{"plain/" + id + "/main.go", "plain/c/" + id + ".c"} {
			if !slices.ContainsFunc(story.links, func(k link) bool { return k.target == program }) {
				t.Errorf("%s has no link to %s", chapter(id), program)
			}
			if directive := "\n<!-- lines docs/" + program + " "; !strings.Contains(text(t, chapter(id)), directive) {
				t.Errorf("%s shows no step of docs/%s: it has no line %s...", chapter(id), program, strings.TrimSpace(directive))
			}
		}
	})
}

// notRequests are words of ptrace(2) that begin like a request and are none:
// what PTRACE_GET_SYSCALL_INFO answers, the flag of PTRACE_PEEKSIGINFO, and the modes
// of the access check.
var notRequests = []string{
	"PTRACE_EVENT", // the kind of stop
	"PTRACE_SYSCALL_INFO_NONE", "PTRACE_SYSCALL_INFO_ENTRY", "PTRACE_SYSCALL_INFO_EXIT", "PTRACE_SYSCALL_INFO_SECCOMP",
	"PTRACE_PEEKSIGINFO_SHARED",
	"PTRACE_MODE_READ", "PTRACE_MODE_ATTACH", "PTRACE_MODE_READ_FSCREDS", "PTRACE_MODE_READ_REALCREDS",
	"PTRACE_MODE_ATTACH_FSCREDS", "PTRACE_MODE_ATTACH_REALCREDS",
}

// ptraceWord finds a request, an option or an event. "PTRACE_O_" alone, as in
// "the PTRACE_O_ bits", is none.
var ptraceWord = regexp.MustCompile(`\bPTRACE_[A-Z0-9_]*[A-Z0-9]\b`)

// TestRequestsOfTheChaptersExist looks at every page, not at chapters alone.
func TestRequestsOfTheChaptersExist(t *testing.T) {
	known := map[string]bool{}
	for _, r := range names.Requests {
		known[r.Name] = true
	}
	for _, o := range names.Options {
		known[o.Name] = true
	}
	for _, e := range names.Events {
		known[e.Name] = true
	}
	for _, word := range notRequests {
		known[word] = true
	}
	found := 0
	for _, file := range markdown(t) {
		for i, line := range strings.Split(text(t, file), "\n") {
			for _, word := range ptraceWord.FindAllString(line, -1) {
				found++
				if _, alias := names.RequestByName(word); !known[word] && !alias {
					t.Errorf("%s:%d: %s is no request, option or event of package names", file, i+1, word)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no page names a request: this test looks in the wrong place")
	}
}

// TestEveryTargetIsUsed: a bundled program that no lesson traces is dead weight.
func TestEveryTargetIsUsed(t *testing.T) {
	used := map[string]bool{}
	selector := regexp.MustCompile(`\basm\.([A-Z]\w*)`)
	for _, file := range glob(t, "lessons/[0-9]*/*.go") {
		for _, m := range selector.FindAllStringSubmatch(text(t, file), -1) {
			used[strings.ToLower(m[1])] = true
		}
	}
	for _, target := range asm.Targets {
		if !used[target.Name] {
			t.Errorf("no lesson traces %s (%s)", target.Name, target.Source)
		}
	}
}

// TestLinksLeadSomewhere follows the links of every page to a file or a folder
// of the module, and to a heading where the link has an anchor.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, file := range markdown(t) {
		for _, l := range page(t, file).links {
			if regexp.MustCompile(`^[a-z]+:`).MatchString(l.target) {
				continue // elsewhere
			}
			name, anchor, hasAnchor := strings.Cut(l.target, "#")
			to := file
			if name != "" {
				to = path.Join(path.Dir(file), name)
			}
			if _, err := fs.Stat(module, to); err != nil {
				t.Errorf("%s:%d: the link %s leads nowhere: %v", file, l.line, l.target, err)
				continue
			}
			if hasAnchor && !slices.Contains(page(t, to).anchors, anchor) {
				t.Errorf("%s:%d: the link %s names no heading of %s, which has %v", file, l.line, l.target, to, page(t, to).anchors)
			}
		}
	}
}

// markdown is every page of the module.
func markdown(t *testing.T) []string {
	return slices.Concat(glob(t, "README.md"), glob(t, "docs/*.md"), glob(t, "docs/plain/*.md"))
}

type (
	// parsed is what the checks need of a page.
	parsed struct {
		links   []link
		anchors []string
	}
	link struct {
		target string
		line   int
	}
)

var (
	inlineLink = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	definition = regexp.MustCompile(`^\[[^\]]+\]:\s+(\S+)`)
	codeSpan   = regexp.MustCompile("`+[^`]*`+")
	heading    = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)
)

// page parses a page: fenced blocks and code spans hold neither links nor
// headings.
func page(t *testing.T, file string) parsed {
	t.Helper()
	return parse(text(t, file))
}

func parse(text string) (p parsed) {
	times := map[string]int{}
	fence := ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case fence != "":
			if strings.TrimSpace(line) == fence {
				fence = ""
			}
		case strings.HasPrefix(line, "```"):
			fence = line[:len(line)-len(strings.TrimLeft(line, "`"))]
		default:
			if m := heading.FindStringSubmatch(line); m != nil {
				slug := anchor(m[1])
				if n := times[slug]; n > 0 {
					p.anchors = append(p.anchors, fmt.Sprintf("%s-%d", slug, n))
				} else {
					p.anchors = append(p.anchors, slug)
				}
				times[slug]++
			}
			line = codeSpan.ReplaceAllString(line, "")
			for _, re := range []*regexp.Regexp{inlineLink, definition} {
				for _, m := range re.FindAllStringSubmatch(line, -1) {
					p.links = append(p.links, link{m[1], i + 1})
				}
			}
		}
	}
	return p
}

// anchor is the name that a code host gives to a heading: lower case, letters,
// digits, hyphens and underscores, and a hyphen for each space.
func anchor(title string) string {
	title = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(title, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// TestPageParser: the check of the links stands on it.
func TestPageParser(t *testing.T) {
	got := parse("# A `wait` status, bit by bit\n" +
		"## Twice\n## Twice\n### [The tool](x.md) & the rest\n" +
		"See [one](a.md#b), [two](../c) and `[no](link)`.\n" +
		"```\n# no heading\n[no](link)\n```\n" +
		"[three]: d.md\n")
	want := parsed{
		links:   []link{{"x.md", 4}, {"a.md#b", 5}, {"../c", 5}, {"d.md", 10}},
		anchors: []string{"a-wait-status-bit-by-bit", "twice", "twice-1", "the-tool--the-rest"},
	}
	if !slices.Equal(got.links, want.links) || !slices.Equal(got.anchors, want.anchors) {
		t.Errorf("parse = %v, want %v", got, want)
	}
}
