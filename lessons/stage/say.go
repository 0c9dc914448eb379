package stage

import (
	"strings"
	"time"

	"ptwalk/asm"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// Source prints the lines of the target's source from the first that holds from
// to the first after it that holds to.
func (s *Stage) Source(target asm.Target, from, to string) {
	var lines []string
	in := false
	for line := range strings.Lines(target.SourceText()) {
		in = in || strings.Contains(line, from)
		if in {
			lines = append(lines, "    "+short(line))
		}
		if in && strings.Contains(line, to) {
			break
		}
	}
	if len(lines) == 0 {
		s.Fail(errorf("%s has no line with %q", target.Source, from))
	}
	s.emit(&event.Say{Text: strings.Join(lines, "\n")})
}

// Function prints a function of a Go file, without its comment.
func (s *Stage) Function(source, name string) {
	_, body, found := strings.Cut(source, "\nfunc "+name+"(")
	body, _, whole := strings.Cut(body, "\n}\n")
	if !found || !whole {
		s.Fail(errorf("there is no function %s in the source", name))
	}
	body = strings.ReplaceAll("func "+name+"("+body+"\n}", "\t", "    ")
	s.emit(&event.Say{Text: "    " + strings.ReplaceAll(body, "\n", "\n    ")})
}

// short is a source line without the comment behind the code.
func short(line string) string {
	line = strings.ReplaceAll(line, "\t", "    ")
	for _, mark := range []string{" ;", " /*"} {
		if code, _, ok := strings.Cut(line, mark); ok && strings.TrimSpace(code) != "" {
			line = code
		}
	}
	return strings.TrimRight(line, "\n ")
}

// Say prints prose. Lines are joined and broken again; a blank line begins a
// paragraph, and a line that begins with a bar (|) is a line of a listing.
func (s *Stage) Say(text string) { s.emit(&event.Say{Text: paragraphs(text)}) }

// Note prints one or two sentences that results of this run are part of. The
// arguments are typed, so that printers can spell a thread or an address.
func (s *Stage) Note(format string, args ...any) {
	s.emit(&event.Note{Format: event.OneLine(format), Args: args})
}

// Table prints rows of values of this run.
func (s *Stage) Table(title string, columns []event.Column, rows [][]any) {
	s.emit(&event.Table{Title: title, Columns: columns, Rows: rows})
}

// Briefly runs do, whose requests are told by the rows or the table that it
// prints. They are still events, each of them.
func (s *Stage) Briefly(do func()) {
	s.brief++
	do()
	s.brief--
}

// Loop runs do and folds the equal turns of its calls into one, with their
// number. Of its stops the last is told, if it is the end.
func (s *Stage) Loop(do func()) {
	s.loop = &loop{at: s.at(), began: time.Now()}
	s.loops++
	defer func() {
		if s.opt.Busy != nil {
			s.opt.Busy.Done()
		}
		done := s.loop
		s.loop = nil
		for _, e := range done.events(s.brief > 0) {
			s.emit(e)
		}
		for _, e := range done.output {
			s.emit(e)
		}
		if done.end != nil {
			s.emit(done.end)
		}
	}()
	do()
}

// paragraphs turns the indented lines of a Go literal into paragraphs.
func paragraphs(text string) string {
	var out []string
	var words []string
	flush := func() {
		if len(words) > 0 {
			out = append(out, strings.Join(words, " "))
			words = nil
		}
	}
	listing := false
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if code, ok := strings.CutPrefix(line, "|"); ok {
			flush()
			code = strings.TrimRight("    "+strings.TrimPrefix(code, " "), " ")
			if listing {
				out[len(out)-1] += "\n" + code
			} else {
				out = append(out, code)
			}
			listing = true
			continue
		}
		listing = false
		if line == "" {
			flush()
			continue
		}
		words = append(words, line)
	}
	flush()
	return strings.Join(out, "\n\n")
}

// Draw prints a stop that did not happen in this run, such as one that a person
// asks about.
func (s *Stage) Draw(e *event.Stop) { s.emit(e) }

// Counted prints the count of the child's whole program. If it varies, it depends
// on the machine or on its C library.
func (c *Child) Counted(instructions, stops int, seconds float64, end tracer.Stop, varies bool) {
	c.s.emit(&event.ProgramCount{Program: []string{c.Target.Name}, Engine: "step", Exit: end.ExitCode,
		Instructions: uint64(instructions), Stops: uint64(stops), Seconds: seconds, Varies: varies})
}
