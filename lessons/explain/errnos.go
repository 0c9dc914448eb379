package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

// whyNot are the codes of the doctor for what makes ATTACH and SEIZE answer EPERM, in
// the order in which to look.
var whyNot = []string{"PT-SELF", "PT-KTHREAD", "PT-ZOMBIE", "PT-TRACED", "PT-OWNER", "PT-GROUP", "PT-SETID",
	"PT-NODUMP", "PT-CAP", "PT-USERNS", "PT-YAMA-1", "PT-YAMA-2", "PT-YAMA-3", "PT-LSM", "PT-SECCOMP"}

func errnoPages(word string) []Page {
	e, ok := names.ErrnoByWord(word)
	if !ok {
		return unnamedErrno(word)
	}
	p := errnoPage(e)
	p.Title = fmt.Sprintf("%s errno %d, %q", calledBy(word, e.Name), e.Number, e.Text)
	return []Page{p}
}

// unnamedErrno is the page of a negative result that is in the range of errnos and
// has no name: include/linux/err.h, MAX_ERRNO.
func unnamedErrno(word string) []Page {
	n, isNumber := numberOf(word)
	if !isNumber || n >= 0 || n < -4095 {
		return nil
	}
	return []Page{{Title: fmt.Sprintf("%d is the negative of an errno without a name", n),
		Text: "A system call that fails returns the errno negative: -1 to -4095. Linux has no name for this one."}}
}

// errnoPage names the requests whose errno says something of its own.
func errnoPage(e names.Errno) Page {
	p := Page{Title: fmt.Sprintf("%s is errno %d, %q", e.Name, e.Number, e.Text), Text: e.Sentence}
	p.add("raw result", strconv.Itoa(-e.Number))
	if text := names.ErrnoForAny(e.Number); text != "" {
		p.add("of any request", text)
	}
	if requests := names.RefusedWith(e.Number); len(requests) > 0 {
		for i, r := range requests {
			requests[i] = strings.TrimPrefix(r, "PTRACE_")
		}
		p.add("--request", "has more on "+strings.Join(requests, ", "))
	}
	return p
}

// errnoOfRequest is what an errno means for one request.
func errnoOfRequest(kind, word, request string) ([]Page, error) {
	e, ok := names.ErrnoByWord(word)
	if !ok {
		e, ok = names.ErrnoByWord(bare(word))
	}
	if !ok || kind != "" && kind != "errno" {
		return nil, fmt.Errorf("with --request the word is an errno, and %q is none", word)
	}
	name := strings.ToLower(request)
	if r, ok := names.RequestByName(request); ok {
		name = r.Name
	} else if !names.MakesErrno(name) {
		return nil, unknownWord("request", request)
	}
	return []Page{refusedPage(e, name)}, nil
}

// refusedPage is what an errno means for a request, or another call that a tracer
// makes.
func refusedPage(e names.Errno, request string) Page {
	p := errnoPage(e)
	p.Kind = "errno"
	p.Title = fmt.Sprintf("%s from %s", e.Name, request)
	p.Text = names.ErrnoFor(request, e.Number)
	p.Facts = slices.DeleteFunc(p.Facts, func(f Fact) bool { return f.Name == "of any request" })
	if p.Text == "" {
		p.Text = fmt.Sprintf("Nothing particular is known of %s from %s. In general: %s", e.Name, request, cmp.Or(e.Sentence, e.Text+"."))
	}
	if e.Name == "EPERM" && (request == "PTRACE_ATTACH" || request == "PTRACE_SEIZE") {
		p.Facts = nil
		p.add("which one", "ptwalk attach PID names the cause that applies to a process, and ptwalk doctor looks at this machine")
		for _, name := range whyNot {
			if c, ok := doctor.CodeByName(name); ok {
				p.add(c.Name, c.Means)
			}
		}
	}
	return p
}

// diagnosisPages explain a code of the doctor.
func diagnosisPages(word string) []Page {
	c, ok := doctor.CodeByName(strings.ToUpper(word))
	if !ok {
		return nil
	}
	p := Page{Title: c.Name + " is a diagnosis of ptwalk doctor", Text: c.Means}
	p.add("seen in", c.Seen)
	if c.Fix != "" {
		p.add("what helps", c.Fix)
	}
	return []Page{p}
}
