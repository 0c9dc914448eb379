package docs

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var weave = flag.Bool("weave", false, "write the pages instead of comparing with them")

// repair is the command that brings the pages up to date.
const repair = "make docs"

// root is the module's folder.
const root = ".."

// pages are the pages that are woven, relative to root.
func pages(t *testing.T) []string {
	t.Helper()
	all := []string{}
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/plain/*.md"} {
		found, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if !slices.Contains(all, "docs/README.md") {
		t.Fatalf("the pages %v are without docs/README.md: this test looks in the wrong folder", all)
	}
	return all
}

// TestPagesAreUpToDate weaves every page and compares, or writes it anew.
func TestPagesAreUpToDate(t *testing.T) {
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			file := filepath.Join(root, page)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			woven, changes, err := Weave(os.DirFS(root), page, string(text))
			if err != nil {
				t.Fatal(err)
			}
			if *weave {
				if len(changes) > 0 {
					t.Logf("%d parts written anew", len(changes))
					if err := os.WriteFile(file, []byte(woven), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				return
			}
			for _, c := range changes {
				t.Errorf("%s:%d: %s is not up to date (-page +source):\n%s\nThis repairs it: %s",
					c.Page, c.Line, c.Directive, cmp.Diff(c.Before, c.After), repair)
			}
		})
	}
}

// module is a small made-up module.
var module = fstest.MapFS{
	"a/a.go": {Data: []byte(`package a

// One is the first.
const One = 1 // not two

// Pair is two words.
type Pair struct{ x, y int }

// Sum adds them.
func (p *Pair) Sum() int {
	return p.x + p.y
}

func Sum() {}

var (
	// left is a hand.
	left  = 1
	right = 2
)
`)},
	"a/broken.go": {Data: []byte("package\n")},
	"asm/src/seven.asm": {Data: []byte(`; seven
_start: mov     eax, 1
        syscall
        mov     eax, 60
        syscall
`)},
	"plain/one.c":                        {Data: []byte("int main(void)\n{\n\treturn 1;\n}\n\n")},
	"plain/two.c":                        {Data: []byte("int main(void)\n{\n\tone();\n\tif (x)\n\t\ttwo();\n}\n")},
	"lessons/03-z/testdata/golden.txt":   {Data: []byte("-- 1  Z ---\n  a 1\n  b\n  c 1\n  d\n")},
	"docs/plain/testdata/tries/01-x.txt": {Data: []byte("== 1\n$ true\n\n== 2\n$ echo seven\nseven\n\n$ echo eight\neight\n")},
	"notes.txt":                          {Data: []byte("a file of another kind\n")},
	"docs/testdata/events.jsonl":         {Data: []byte(`{"kind":"say"}` + "\n" + `{"kind":"call","n":1}` + "\n" + `{"kind":"call","n":2}` + "\n")},
	"lessons/01-x/testdata/golden.txt":   {Data: []byte("01 x\n\n-- 1  One ---\n  first\n\n  second\n\n-- 2  Two ---\n  last\n\n")},
	"internal/kernels/result.json": {Data: []byte(`[{"suite":"a","series":"5.10","version":"5.10.1-1","probe":[{"name":"X","answer":"EIO"},{"name":"Y","answer":"ok"}]},` +
		`{"suite":"b","series":"6.1","version":"6.1.2-1","probe":[{"name":"X","answer":"ok"},{"name":"Y","answer":"ok"}]}]`)},
	"lessons/02-y/testdata/golden.txt": {Data: []byte("02 y\n\n-- 1  A fence ---\n  ```\n-- 12  Twelve --\n  x\n")},
}

// TestDirectives shows what each directive stands for.
func TestDirectives(t *testing.T) {
	for _, tt := range []struct{ directive, want string }{
		{"code a/a.go One", "```go\n// One is the first.\nconst One = 1 // not two\n```\n"},
		{"code a/a.go Pair", "```go\n// Pair is two words.\ntype Pair struct{ x, y int }\n```\n"},
		{"code a/a.go Pair.Sum", "```go\n// Sum adds them.\nfunc (p *Pair) Sum() int {\n\treturn p.x + p.y\n}\n```\n"},
		{"code a/a.go Sum", "```go\nfunc Sum() {}\n```\n"},
		{"code a/a.go right", "```go\nvar (\n\t// left is a hand.\n\tleft  = 1\n\tright = 2\n)\n```\n"},
		{"lines asm/src/seven.asm _start: syscall", "```nasm\n_start: mov     eax, 1\n        syscall\n```\n"},
		{"lines asm/src/seven.asm syscall syscall", "```nasm\n        syscall\n        mov     eax, 60\n        syscall\n```\n"},
		{`lines asm/src/seven.asm "mov eax, 60"`, "```nasm\n        mov     eax, 60\n```\n"},
		{"run 01-x 1", "```text\n-- 1  One ---\n  first\n\n  second\n```\n"},
		{"run 01-x 2", "```text\n-- 2  Two ---\n  last\n```\n"},
		{"run 02-y 1", "````text\n-- 1  A fence ---\n  ```\n````\n"},
		{`run 01-x 1 first`, "```text\n  first\n```\n"},
		{`run 01-x 1 "One .. first" second`, "```text\n-- 1  One ---\n  first\n  second\n```\n"},
		{`run 03-z 1 a "c .. d"`, "```text\n  a 1\n  ...\n  c 1\n  d\n```\n"},
		{`run 03-z 1 each 1`, "```text\n-- 1  Z ---\n  a 1\n  c 1\n```\n"},
		{"try 01-x 2", "```sh\necho seven\necho eight\n```\n"},
		{"tried 01-x 2", "```text\n$ echo seven\nseven\n\n$ echo eight\neight\n```\n"},
		{`lines plain/two.c "one()" "two()"`, "```c\none();\nif (x)\n\ttwo();\n```\n"},
		{"event call", "```json\n{\"kind\":\"call\",\"n\":1}\n```\n"},
		{`event call "\"n\":2"`, "```json\n{\"kind\":\"call\",\"n\":2}\n```\n"},
		{"kernels", "\n| Linux | Debian's suite | its version |\n|---|---|---|\n| 5.10 | a | 5.10.1-1 |\n| 6.1 | b | 6.1.2-1 |\n\n"},
		{"requests", "\n| asked | 5.10 | 6.1 |\n|---|---|---|\n| X | EIO | ok |\n\n"},
	} {
		t.Run(tt.directive, func(t *testing.T) {
			line := "<!-- " + tt.directive + " -->\n"
			want := "Before.\n\n" + line + tt.want + "<!-- end -->\n\nAfter.\n"
			for _, stale := range []string{"", "old\n", "```go\nold\n```\n\n"} {
				woven, changes, err := Weave(module, "page.md", "Before.\n\n"+line+stale+"<!-- end -->\n\nAfter.\n")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, woven); diff != "" {
					t.Errorf("woven (-want +got):\n%s", diff)
				}
				wantChange := []Change{{"page.md", 3, strings.TrimSpace(line), stale, tt.want}}
				if diff := cmp.Diff(wantChange, changes); diff != "" {
					t.Errorf("changes (-want +got):\n%s", diff)
				}
			}
			if again, changes, err := Weave(module, "page.md", want); again != want || len(changes) != 0 || err != nil {
				t.Errorf("the page is up to date, and Weave answers %q, %v, %v", again, changes, err)
			}
		})
	}
}

// TestPageWithoutStaleParts is unchanged, byte for byte: no line ending, no
// trailing space and no directive in a hand-written block is touched.
func TestPageWithoutStaleParts(t *testing.T) {
	for _, page := range []string{
		"",
		"no newline at the end",
		"trailing space \r\n\n\n",
		"```\n<!-- code a/a.go Nothing -->\n<!-- end -->\n```\n",
		"````md\n```\n<!-- wrong -->\n```\n````\n<!-- run 01-x 2 -->\n```text\n-- 2  Two ---\n  last\n```\n<!-- end -->",
		"In a sentence <!-- code --> is no directive.\n",
	} {
		woven, changes, err := Weave(module, "page.md", page)
		if woven != page || len(changes) != 0 || err != nil {
			t.Errorf("Weave(%q) = %q, %v, %v", page, woven, changes, err)
		}
	}
}

// TestDirectiveThatCannotBeFollowed is an error with page and line, and the
// page stays as it is.
func TestDirectiveThatCannotBeFollowed(t *testing.T) {
	for _, tt := range []struct{ page, want string }{
		{"\n<!-- cod a/a.go One -->\n<!-- end -->\n", "page.md:2: <!-- cod a/a.go One -->: unknown directive"},
		{"<!-- a remark -->\n", "page.md:1: <!-- a remark -->: unknown directive"},
		{"\n\n<!-- end -->\n", "page.md:3: <!-- end -->: unknown directive"},
		{"<!-- code a/a.go Two -->\n<!-- end -->\n", "page.md:1: <!-- code a/a.go Two -->: a/a.go declares no Two"},
		{"<!-- code a/a.go -->\n<!-- end -->\n", "page.md:1: <!-- code a/a.go -->: 1 words after code, want 2 to 2"},
		{"<!-- code a/none.go One -->\n<!-- end -->\n", "page.md:1: <!-- code a/none.go One -->: open a/none.go: file does not exist"},
		{"<!-- code a/broken.go One -->\n<!-- end -->\n", "page.md:1: <!-- code a/broken.go One -->: a/broken.go:1:"},
		{"<!-- lines none.c x -->\n<!-- end -->\n", "page.md:1: <!-- lines none.c x -->: open none.c: file does not exist"},
		{"<!-- lines notes.txt x -->\n<!-- end -->\n", "page.md:1: <!-- lines notes.txt x -->: notes.txt is no Go, C, assembly or shell file"},
		{"<!-- lines plain/one.c nothing -->\n<!-- end -->\n", `page.md:1: <!-- lines plain/one.c nothing -->: no line of plain/one.c holds "nothing"`},
		{"<!-- lines plain/one.c return main -->\n<!-- end -->\n", `no line of plain/one.c after line 3 holds "main"`},
		{"<!-- lines plain/one.c \"int -->\n<!-- end -->\n", "a double quote without its second one"},
		{"<!-- run 01-x 3 -->\n<!-- end -->\n", "page.md:1: <!-- run 01-x 3 -->: lessons/01-x/testdata/golden.txt, section 3: there is no -- 3"},
		{"<!-- run 02-y 2 -->\n<!-- end -->\n", "lessons/02-y/testdata/golden.txt, section 2: there is no -- 2"},
		{"<!-- run 01-x 1 third -->\n<!-- end -->\n", `section 1: no line, or none after the piece before, holds "third"`},
		{"<!-- run 01-x 1 second first -->\n<!-- end -->\n", `none after the piece before, holds "first"`},
		{"<!-- run 01-x 1 \"first .. third\" -->\n<!-- end -->\n", `no line after "first" holds "third"`},
		{"<!-- run 01-x 1 each third -->\n<!-- end -->\n", `section 1: no line holds "third"`},
		{"<!-- tried 01-x 3 -->\n<!-- end -->\n", "docs/plain/testdata/tries/01-x.txt: there is no == 3"},
		{"<!-- run 09-z 1 -->\n<!-- end -->\n", "open lessons/09-z/testdata/golden.txt: file does not exist"},
		{"<!-- event stop -->\n<!-- end -->\n", "page.md:1: <!-- event stop -->: docs/testdata/events.jsonl has no event stop"},
		{"\n<!-- run 01-x 1 -->\ntext\n", "page.md:2: <!-- run 01-x 1 -->: no <!-- end --> before the end of the page"},
		{"<!-- run 01-x 1 -->\n\n<!-- run 01-x 2 -->\n<!-- end -->\n", "page.md:1: <!-- run 01-x 1 -->: no <!-- end --> before line 3"},
	} {
		woven, changes, err := Weave(module, "page.md", tt.page)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Weave(%q) has the error\n\t%v, want\n\t%s", tt.page, err, tt.want)
		}
		if woven != tt.page || len(changes) != 0 {
			t.Errorf("Weave(%q) changed the page to %q", tt.page, woven)
		}
	}
}

// TestEveryErrorIsTold: a page with two wrong directives has two errors.
func TestEveryErrorIsTold(t *testing.T) {
	_, _, err := Weave(module, "p.md", "<!-- one -->\n<!-- lines two.c x -->\n<!-- end -->\n")
	for _, want := range []string{"p.md:1: ", "p.md:2: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want an error at %s", err, want)
		}
	}
}
