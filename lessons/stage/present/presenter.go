// Package present is the presenter: it makes each request of a lesson wait for a
// key, shows what was seen before, and asks the kernel what a person wants to know.
package present

import (
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/readline"
	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer"
)

// Presenter leads a person through a run, or through a recording: it stops before
// each request and does what the keys say. It is a [stage.Presenter], and a sink
// that remembers what was seen.
type Presenter struct {
	out     io.Writer
	live    *render.Text
	text    *render.Text // live, or for a while one that marks its lines
	signals *supervise.Supervisor
	beside  stage.Beside
	auto    Auto
	width   func() int // the terminal's, which may change
	notes   *notes     // nil: none are written

	keys  chan readline.Key // nil: nobody is there to press one
	again chan struct{}     // we were stopped, and go on
	drop  chan struct{}     // Ctrl-C was pressed in a line
	asked atomic.Int32      // a jump that was asked for while the tracer was busy
	waits atomic.Bool       // the tracer is at a stop, and takes keys
	off   bool              // nothing is announced: a section is cleaned up
	fast  bool              // nothing is announced up to the next words
	row   string            // the place of the requests that were announced last
	inRow int               // how many of them there were
	equal bool              // such requests were announced before
	prose bool              // there are new words to read

	clicked bool  // a question was asked to go on without an answer, by the last key
	now     asked // whom the last request was made of; none in a recording

	before    map[string]int // how often a request was announced in this lesson
	questions readline.Line  // those behind a colon, and before them
	looked    readline.Line  // the same behind a question mark

	seen   []event.Event
	calls  []int  // where in seen the calls are
	back   int    // how many requests we have gone back; 0: live
	words  int    // printed since the last key
	inLoop int    // the number of the loop that was announced
	loopAt string // the place of the loop of a recording that was announced
}

// Config is what a presenter works with.
type Config struct {
	Out        io.Writer    // the terminal
	Text       *render.Text // the printer of the run: it writes to Out from now on
	Width      func() int   // the terminal's, which may change
	Supervisor *supervise.Supervisor
	Beside     stage.Beside
	Auto       Auto
	Notes      io.Writer // for the speaker's notes, may be nil
	Keys       *os.File  // the terminal that keys come from; nil: nobody is there
}

// New returns a presenter that takes keys from now on, and the sinks that the run
// has to feed.
func New(c Config) (*Presenter, []event.Sink) {
	p := &Presenter{out: c.Out, live: c.Text, text: c.Text, signals: c.Supervisor, beside: c.Beside, auto: c.Auto,
		width: c.Width, again: make(chan struct{}, 1), drop: make(chan struct{}, 1), before: map[string]int{}}
	p.text.To(p.out)
	p.text.Each(true)
	p.text.Trace(func(line string, _ []event.Event) { p.words += len(strings.Fields(line)) })
	sinks := []event.Sink{p}
	if c.Notes != nil {
		p.notes = newNotes(c.Notes)
		sinks = []event.Sink{p.notes, p}
	}
	if c.Keys != nil {
		p.keys = make(chan readline.Key)
		p.signals.TakeKeys(int(c.Keys.Fd()), supervise.SignalTo(p.again))
		go p.signals.Beside(func() { p.read(c.Keys) })
		p.Say("Enter makes the next request happen. h shows the keys, ? explains a word.")
	}
	return p, sinks
}

// Event remembers e, for b.
func (p *Presenter) Event(e event.Event) {
	if p.off {
		return // an answer to a question, or the end of a section that was left
	}
	if words(e) {
		p.slow()
		p.prose = true
	}
	switch e := e.(type) {
	case *event.Lesson:
		p.seen, p.calls, p.before = nil, nil, map[string]int{}
	case *event.Predict:
		if slices.Contains(p.seen, event.Event(e)) {
			return // it comes once more, with its answer
		}
	case *event.Call:
		if e.Call.By == tracer.ByTracer {
			p.calls = append(p.calls, len(p.seen))
		}
	}
	p.seen = append(p.seen, e)
}

// words says whether an event explains, asks or shows what requests have brought.
func words(e event.Event) bool {
	switch e.(type) {
	case *event.Say, *event.Note, *event.Predict, *event.Table, *event.ProgramCount, *event.Section:
		return true
	}
	return false
}

// hurry lets requests happen without a stop, up to the next words.
func (p *Presenter) hurry() {
	p.fast = true
	p.text.Each(false)
}

// slow stops before each request again.
func (p *Presenter) slow() {
	p.fast, p.row = false, ""
	p.text.Each(true)
}

// Before announces a call of a live run and returns when it may be made.
func (p *Presenter) Before(s *stage.Stage, r stage.Request) {
	p.now = asked{s, r.Call.TID}
	if p.off || p.fast || r.Loop > 0 && p.inLoop == r.Loop {
		return
	}
	p.inLoop = r.Loop
	p.stop(prompt{at: r.At, call: &r.Call, loop: r.Loop > 0, asked: p.now})
}

// Recorded announces a call of a recordinp.
func (p *Presenter) Recorded(e *event.Call) {
	if p.fast || e.Call.By != tracer.ByTracer || p.loopAt != "" && e.At == p.loopAt {
		return // it is made by the child, or with a loop that was announced
	}
	p.loopAt = ""
	if e.Turn > 0 {
		p.loopAt = e.At
	}
	p.stop(prompt{at: e.At, event: e, call: &e.Call, loop: e.Turn > 0})
}

// Jump is the jump that a key has asked for while the tracer was busy.
func (p *Presenter) Jump() stage.Jump {
	if p.off {
		return stage.Onward
	}
	return stage.Jump(p.asked.Swap(0))
}

// Leave runs clean, which ends what a section has left. What it does is neither
// announced nor remembered.
func (p *Presenter) Leave(clean func()) {
	p.back, p.inLoop, p.loopAt = 0, 0, ""
	p.slow()
	p.off = true
	clean()
	p.off = false
}

// check leaves the section if a key has asked for that meanwhile.
func (p *Presenter) check() {
	if to := p.Jump(); to != stage.Onward {
		panic(stage.Leave(to))
	}
}

// Turn waits until the person wants the next section.
func (p *Presenter) Turn() {
	p.slow()
	p.stop(prompt{text: "Enter: go on, b: back, r: this section again, q: quit", asked: p.now})
}

// Choose waits for an answer: its letter, without Enter.
func (p *Presenter) Choose(answers []event.Answer) *int {
	p.slow()
	n := len(answers)
	return p.stop(prompt{answers: n, text: "Your answer: press " + event.Letters(n) + ".", asked: p.now})
}

// Say prints a sentence of ours.
func (p *Presenter) Say(text string) {
	p.live.Aside(text)
}

// StandIn tells of a failure and shows the recording's section in its place.
func (p *Presenter) StandIn(l *stage.Lesson, n int, failure *exit.Failure) bool {
	events := p.sectionOf(l, n)
	if len(events) == 0 {
		return false
	}
	why, _ := strings.CutSuffix(failure.Error(), "\n"+stage.ShownBy(l))
	for i, line := range strings.Split(why, "\n") {
		if i == 0 {
			line = "This step has failed: " + line
		}
		p.Say(line)
	}
	p.stop(prompt{text: "Enter: the recording of this section, r: try again, n: next section, q: quit"})
	p.showSection(events)
	p.stop(prompt{text: "That was the recording. Enter: go on"})
	return true
}

// sectionOf are the events of section n, from 0, in the recording of l, and the
// lesson event before them.
func (p *Presenter) sectionOf(l *stage.Lesson, n int) (events []event.Event) {
	if p.beside.Recorded == nil {
		return nil
	}
	all, err := p.beside.Recorded(l)
	if err != nil {
		return nil
	}
	in := false
	for _, e := range all {
		switch e := e.(type) {
		case *event.Lesson:
			shown := *e
			shown.Replay = true
			events = append(events, &shown)
			continue
		case *event.Section:
			in = e.Number == n+1
		case *event.End:
			in = false
		}
		if in {
			events = append(events, e)
		}
	}
	return events
}

// showSection walks through events of a recording; every line says REPLAY.
func (p *Presenter) showSection(events []event.Event) {
	p.text = p.live.Marked(p.width())
	defer func() { p.text = p.live }()
	for _, e := range events {
		switch e := e.(type) {
		case *event.Lesson:
			p.text.Shown(e)
			continue
		case *event.Call:
			p.Recorded(e)
		}
		p.text.Event(e)
		if words(e) {
			p.slow()
		}
	}
}
