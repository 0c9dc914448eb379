package stage

import (
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"

	"ptwalk/tracer"
)

// Sink takes the events of a run, one by one, on the tracer's thread.
type Sink interface{ Event(Event) }

// Stage is what a section works with: it starts tracees, makes plain requests
// and tells what they mean. A request that fails against the lesson's plan ends
// the section; a lesson that wants the error asks [Child.Tracee] itself.
type Stage struct {
	Tracer *tracer.Tracer

	opt      Options
	start    time.Time
	lesson   *Lesson
	opened   *Base // where what has been opened is; nil if nothing is
	failed   int   // see Trace
	children []*Child
	loop     *loop       // not nil while calls are folded
	brief    int         // more than 0: calls and stops belong to a row or a table
	open     *Prediction // asked and not answered
	borrowed bool        // on loan: see Borrow
	from     string      // the place that a borrowed stage works for
	asking   bool        // the calls answer a question of the presenter
	shared   *sync.Mutex // of the sinks, while a flow writes to them too
}

// Say prints prose. Lines are joined and broken again; a blank line begins a
// paragraph, and a line that begins with a bar (|) is a line of a listing.
func (s *Stage) Say(text string) { s.emit(&SayEvent{Text: paragraphs(text)}) }

// Note prints one or two sentences that results of this run are part of. The
// arguments are typed, so that printers can spell a thread or an address.
func (s *Stage) Note(format string, args ...any) {
	s.emit(&NoteEvent{Format: join(format), Args: args})
}

// Table prints rows of values of this run.
func (s *Stage) Table(title string, columns []Column, rows [][]any) {
	s.emit(&TableEvent{Title: title, Columns: columns, Rows: rows})
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
	s.loop = &loop{at: s.at()}
	defer func() {
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

func join(text string) string { return strings.Join(strings.Fields(text), " ") }

// emit stamps an event and hands it to the sinks, unless the run has to end.
func (s *Stage) emit(e Event) {
	if !s.borrowed {
		s.check()
	}
	s.put(e)
}

// put is emit where the run must not end: after a request, whose result the
// caller needs.
func (s *Stage) put(e Event) {
	b := e.base()
	if b.At == "" {
		b.At = s.at()
	}
	s.alone(func() {
		b.T = time.Since(s.start)
		s.pass(e)
	})
}

// alone runs do while nobody else uses the sinks.
func (s *Stage) alone(do func()) {
	if s.shared != nil {
		s.shared.Lock()
		defer s.shared.Unlock()
	}
	do()
}

func (s *Stage) pass(e Event) {
	for _, sink := range s.opt.Sinks {
		sink.Event(e)
	}
}

// Before implements tracer.Observer: it is the place where a run can end.
func (s *Stage) Before(c *tracer.Call) {
	if !s.borrowed {
		s.check()
		if s.opt.guide != nil {
			s.opt.guide.before(s, c)
		}
	}
}

// After implements tracer.Observer: each call becomes an event.
func (s *Stage) After(c *tracer.Call) {
	if c.Name == "fork" && c.Errno != 0 {
		return // a step of the child may have failed: failStart says which
	}
	if s.loop != nil && !s.asking {
		s.loop.add(*c)
		return
	}
	s.put(&CallEvent{Call: *c, N: 1, Brief: s.brief > 0 && !s.asking})
}

// at is the place of the lesson, or of the command, that we work for: the first
// caller in its files. The file counts and not the function, because a closure
// of ours may have been compiled into a function of the lesson.
func (s *Stage) at() string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if at := place(f.File, f.Line); at != "" {
			return at
		}
		if !more {
			return s.from
		}
	}
}

// atFunc is the place of a function: a section, or what a command does.
func atFunc(f any) string {
	pc := reflect.ValueOf(f).Pointer()
	file, line := runtime.FuncForPC(pc).FileLine(pc)
	return place(file, line)
}

// place is file and line relative to the module, for the files of lessons and
// commands; "" for others.
func place(file string, line int) string {
	i := max(strings.LastIndex(file, "/lessons/"), strings.LastIndex(file, "/cmd/"))
	if i < 0 || strings.HasPrefix(file[i:], "/lessons/stage/") {
		return ""
	}
	return file[i+1:] + ":" + itoa(line)
}

// Draw prints a stop that did not happen in this run, such as one that a person
// asks about.
func (s *Stage) Draw(e *StopEvent) { s.emit(e) }

// Counted prints the count of a program.
func (s *Stage) Counted(c *CountEvent) { s.emit(c) }
