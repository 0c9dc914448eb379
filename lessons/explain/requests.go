package explain

import (
	"cmp"
	"fmt"
	"strings"

	"ptwalk/asm"
	"ptwalk/tracer/names"
)

// calledBy begins the sentence of a name: "EAGAIN is", or "EWOULDBLOCK is another
// name of EAGAIN, which is".
func calledBy(word, name string) string {
	if _, other := names.Alias(word); other {
		return fmt.Sprintf("%s is another name of %s, which is", strings.ToUpper(word), name)
	}
	return name + " is"
}

func requestPages(word string) []Page {
	r, ok := names.RequestByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s request %d, 0x%x", calledBy(word, r.Name), r.Number, r.Number), Text: r.Sentence}
	p.add("in C", inC(r))
	p.add("addr", cmp.Or(r.Addr, "ignored"))
	p.add("data", cmp.Or(r.Data, "ignored"))
	p.add("asked of", r.State)
	for _, refusal := range names.Refusals {
		if refusal.Request == r.Name {
			p.add(names.ErrnoName(refusal.Errno), refusal.Sentence)
		}
	}
	if _, own := names.Refused(r.Name, esrch); !own && r.Name != "PTRACE_TRACEME" {
		p.add("ESRCH", names.ErrnoForAny(esrch))
	}
	return []Page{p}
}

const esrch = 3 // of asm-generic/errno-base.h

// inC is the call by glibc's ptrace(3): TRACEME speaks for its caller alone, and what
// a PEEK reads is the result, so that data is not used.
func inC(r names.Request) string {
	pid, addr, data := "pid", "addr", "data"
	if r.Name == "PTRACE_TRACEME" {
		pid = "0"
	}
	if r.Addr == "" {
		addr = "NULL"
	}
	if r.Data == "" || strings.HasPrefix(r.Name, "PTRACE_PEEK") && r.Name != "PTRACE_PEEKSIGINFO" {
		data = "NULL"
	}
	return fmt.Sprintf("ptrace(%s, %s, %s, %s)", r.Name, pid, addr, data)
}

func optionPages(word string) []Page {
	o, ok := names.OptionByWord(word)
	if !ok {
		return nil
	}
	return []Page{{Title: fmt.Sprintf("%s is bit 0x%x of the options", o.Name, o.Bit), Text: o.Sentence,
		Facts: []Fact{{"set by", "PTRACE_SETOPTIONS, or in the data of PTRACE_SEIZE"}}}}
}

func eventPages(word string) []Page {
	e, ok := names.EventByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s is event %d", e.Name, e.Number), Text: e.Sentence}
	p.add("message", e.Message)
	if s, ok := names.StopByName(e.Name + " stop"); ok {
		p.add("status", s.Status)
		p.add("next", s.Next)
	}
	return []Page{p}
}

func stopPages(word string) []Page {
	for _, name := range []string{word, word + "-stop", word + " stop"} {
		if s, ok := names.StopByName(name); ok {
			return []Page{{Title: s.Name + " is how wait4 reports it", Text: s.Sentence,
				Facts: []Fact{{"status", s.Status}, {"next", s.Next}}}}
		}
	}
	return nil
}

func macroPages(word string) []Page {
	m, ok := names.MacroByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s is a constant of %s", m.Name, m.Header), Text: m.Sentence}
	if m.Of != "" {
		p.Title = fmt.Sprintf("%s(%s) is a macro of %s", m.Name, m.Of, m.Header)
		return []Page{p}
	}
	p.add("number", fmt.Sprintf("%d, 0x%x", m.Value, uint64(m.Value)))
	return []Page{p}
}

// termPages are the glossary's, those of the kinds of words, and those of the bundled
// programs.
func termPages(word string) (pages []Page) {
	t, ok := names.TermByWord(word)
	if !ok {
		t, ok = names.InstructionByWord(word)
	}
	if ok {
		p := Page{Title: t.Word + ", in the glossary", Text: t.Text}
		p.add("see", t.See)
		pages = append(pages, withMembers(p, word))
	}
	for _, target := range asm.Targets {
		if target.Name == word {
			pages = append(pages, Page{Title: word + ", a program that comes with ptwalk", Text: sentence(target.Summary)})
		}
	}
	return pages
}

// sentence makes one of a few words.
func sentence(words string) string { return strings.ToUpper(words[:1]) + words[1:] + "." }
