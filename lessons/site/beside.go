package site

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"ptwalk/docs"
)

// plainTabs are the stand-alone programs of a lesson, in C and in Go. A lesson may
// come before they are written.
func plainTabs(id string) (tabs []tab, err error) {
	for _, t := range []struct{ id, name, file, lang string }{
		{"c", "Alone, in C", "plain/c/" + id + ".c", "c"},
		{"go", "Alone, in Go", "plain/" + id + "/main.go", "go"},
	} {
		text, err := docs.Pages.ReadFile(t.file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		html := asking(t.lang, strings.TrimRight(string(text), "\n"), t.id)
		tabs = append(tabs, tab{t.id, t.name, []shownFile{{t.id + "-" + path.Base(t.file), "docs/" + t.file, html}}})
	}
	return tabs, nil
}

// spoken are the ways in which a program says that it makes a call, and the calls
// by the names that they have in a run.
var spoken = []struct {
	says  *regexp.Regexp
	calls []string
}{
	{regexp.MustCompile(`PTRACE_PEEKUSE?R\b`), []string{"PTRACE_PEEKUSER"}},
	{regexp.MustCompile(`\bfork\(`), []string{"fork"}},
	{regexp.MustCompile(`\bexec[a-z]*\(`), []string{"execve"}},
	{regexp.MustCompile(`\bForkExec\(`), []string{"fork", "PTRACE_TRACEME", "execve"}},
	{regexp.MustCompile(`(?i)\bwait(4|pid|_?for)\(`), []string{"wait4"}},
	{regexp.MustCompile(`(?i)\bprocess_?vm_?readv\(`), []string{"process_vm_readv"}},
	{regexp.MustCompile(`(?i)\bkill\(`), []string{"kill"}},
}

var request = regexp.MustCompile(`PTRACE_[A-Z_]+`)

// asking is a file line by line, with numbers. Each line of code knows the calls
// that it makes, so that it is found from a line of a run.
func asking(lang, code, id string) template.HTML {
	bare := strings.Split(withoutComments(lang, code), "\n")
	var out strings.Builder
	for i, line := range coloured(lang, code) {
		calls := request.FindAllString(bare[i], -1)
		for _, s := range spoken {
			if s.says.MatchString(bare[i]) {
				calls = append(calls, s.calls...)
			}
		}
		attribute := ""
		if slices.Sort(calls); len(calls) > 0 {
			attribute = fmt.Sprintf(` data-makes="%s"`, strings.Join(slices.Compact(calls), " "))
		}
		fmt.Fprintf(&out, `<span class="line" id="%s-%d"%s><span class="no">%4d</span> %s</span>`+"\n", id, i+1, attribute, i+1, line)
	}
	return template.HTML(out.String())
}
