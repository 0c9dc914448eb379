package stage

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
	"ptwalk/lessons/stage/supervise"
	"ptwalk/tracer"
)

// Beside is what a presenter has beside a lesson. Each may be nil.
type Beside struct {
	Recorded func(*Lesson) ([]event.Event, error)      // its recording
	Source   func(file string) (text string, has bool) // a file of its source, by the name in At
}

// guide leads a person through a run, or through a recording: it stops before
// each request and does what the keys say. It is a Learner, and a Sink that
// remembers what was seen.
type guide struct {
	out     io.Writer
	live    *render.Text
	text    *render.Text // live, or for a while one that marks its lines
	signals *supervise.Supervisor
	beside  Beside
	auto    auto
	width   func() int // the terminal's, which may change
	notes   *notes     // nil: none are written

	keys  chan byte     // nil: nobody is there to press one
	again chan struct{} // we were stopped, and go on
	asked atomic.Int32  // a jump that was asked for while the tracer was busy
	waits atomic.Bool   // the tracer is at a stop, and takes keys
	off   bool          // nothing is announced: a section is cleaned up
	fast  bool          // nothing is announced up to the next words
	row   string        // the place of the requests that were announced last
	inRow int           // how many of them there were

	seen   []event.Event
	calls  []int  // where in seen the calls are
	back   int    // how many requests we have gone back; 0: live
	words  int    // printed since the last key
	inLoop *loop  // the loop that was announced
	loopAt string // the place of the loop of a recording that was announced
	failed *exit.Failure
}

// jump is an order to leave the section. As an error it travels in a Failure.
type jump int32

const (
	onward jump = iota // no jump
	next               // to the next section
	anew               // to the begin of this one
	out                // of the run
)

func (jump) Error() string { return "" }

func leave(j jump) *exit.Failure { return exit.With(exit.Done, j) }

// left is the exit status of the end event of a lesson that was left by q. It is
// not 0: the lesson has not reached its end.
const left = 130

// Event remembers e, for b.
func (g *guide) Event(e event.Event) {
	if g.off {
		return // an answer to a question, or the end of a section that was left
	}
	if words(e) {
		g.slow()
	}
	switch e := e.(type) {
	case *event.Lesson:
		g.seen, g.calls = nil, nil
	case *event.Predict:
		if slices.Contains(g.seen, event.Event(e)) {
			return // it comes once more, with its answer
		}
	case *event.Call:
		if e.Call.By == tracer.ByTracer {
			g.calls = append(g.calls, len(g.seen))
		}
	}
	g.seen = append(g.seen, e)
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
func (g *guide) hurry() {
	g.fast = true
	g.text.Each(false)
}

// slow stops before each request again.
func (g *guide) slow() {
	g.fast, g.row = false, ""
	g.text.Each(true)
}

// before announces a call of a live run and returns when it may be made.
func (g *guide) before(s *Stage, c *tracer.Call) {
	if g.off || s.asking || g.fast {
		return
	}
	if s.loop != nil {
		if g.inLoop == s.loop {
			return
		}
		g.inLoop = s.loop
	}
	asked := *c
	g.stop(moment{at: s.at(), call: &asked, loop: s.loop != nil, query: func(q string) { s.query(g, &asked, q) }})
}

// recorded announces a call of a recording.
func (g *guide) recorded(e *event.Call) {
	if g.fast || e.Call.By != tracer.ByTracer || g.loopAt != "" && e.At == g.loopAt {
		return // it is made by the child, or with a loop that was announced
	}
	g.loopAt = ""
	if e.Turn > 0 {
		g.loopAt = e.At
	}
	g.stop(moment{at: e.At, event: e, call: &e.Call, loop: e.Turn > 0})
}

// check ends the section if a key has asked for that meanwhile.
func (g *guide) check() {
	if g.off {
		return
	}
	if j := jump(g.asked.Swap(0)); j != onward {
		panic(leave(j))
	}
}

// Turn waits until the person wants the next section.
func (g *guide) Turn() {
	g.slow()
	g.stop(moment{prompt: "Enter: go on, b: back, r: this section again, q: quit"})
}

// Choose waits for an answer: its letter, without Enter.
func (g *guide) Choose(n int) *int {
	g.slow()
	return g.stop(moment{answers: n, prompt: "Your answer: press " + letters(n) + "."})
}

// letters are the first n: "a, b or c".
func letters(n int) string {
	var all []string
	for i := range n {
		all = append(all, event.Letter(i))
	}
	if n < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:n-1], ", ") + " or " + all[n-1]
}

// say prints a line of ours.
func (g *guide) say(text string) {
	g.live.Aside(text)
}

// guided runs do, which is section n of the lesson and perhaps its last, and says
// how many sections to go on: 1, or 0 to begin this one again.
func (s *Stage) guided(l *Lesson, n int, last bool, do func()) int {
	g := s.opt.guide
	if g == nil {
		do()
		return 1
	}
	to, failure := s.attend(do)
	if failure != nil {
		return g.offer(s, l, n, last, failure)
	}
	switch {
	case to == anew:
		return 0
	case to == next && last:
		g.lastSection(s)
	}
	return 1
}

// attend runs do and says which jump has ended it, or which failure. What has
// to end the run goes on as a panic.
func (s *Stage) attend(do func()) (to jump, failure *exit.Failure) {
	g := s.opt.guide
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		failure = s.asFailure(p, debug.Stack())
		s.brief, s.loop, s.open, s.asking = 0, nil, nil, false
		if s.opt.signals.Ended() != nil || s.outputGone() {
			panic(failure)
		}
		to = jump(g.asked.Swap(0)) // the failure may be that what it killed is gone
		if to == onward {
			errors.As(failure.Err, &to)
		}
		if to == out {
			panic(failure)
		}
		if to != onward {
			failure = nil
		}
		g.back, g.inLoop, g.loopAt = 0, nil, ""
		g.slow()
		g.off = true
		s.clean()
		g.off = false
	}()
	do()
	return onward, nil
}

// lastSection says why n leads to no further section.
func (g *guide) lastSection(s *Stage) {
	if s.lesson == nil { // a recording may have several
		g.say("That was the last section.")
		return
	}
	g.say(fmt.Sprintf("That was the last section of lesson %d.", s.lesson.Number))
}

// offer tells of a failure and shows the recording's section in its place.
func (g *guide) offer(s *Stage, l *Lesson, n int, last bool, failure *exit.Failure) int {
	events := g.sectionOf(l, n)
	if len(events) == 0 {
		panic(failure)
	}
	why, _ := strings.CutSuffix(failure.Error(), "\n"+ShownBy(l))
	for i, line := range strings.Split(why, "\n") {
		if i == 0 {
			line = "This step has failed: " + line
		}
		g.say(line)
	}
	to, _ := s.attend(func() {
		g.stop(moment{prompt: "Enter: the recording of this section, r: try again, n: next section, q: quit"})
		g.showSection(events)
		g.stop(moment{prompt: "That was the recording. Enter: go on"})
	})
	if to == next && last {
		g.lastSection(s)
	}
	if to == anew {
		return 0
	}
	if g.failed == nil {
		g.failed = failure
	}
	return 1
}

// sectionOf are the events of section n, from 0, in the recording of l, and the
// lesson event before them.
func (g *guide) sectionOf(l *Lesson, n int) (events []event.Event) {
	if g.beside.Recorded == nil {
		return nil
	}
	all, err := g.beside.Recorded(l)
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
func (g *guide) showSection(events []event.Event) {
	g.text = g.live.Marked(g.width())
	defer func() { g.text = g.live }()
	for _, e := range events {
		switch e := e.(type) {
		case *event.Lesson:
			g.text.Shown(e)
			continue
		case *event.Call:
			g.recorded(e)
		}
		g.text.Event(e)
		if words(e) {
			g.slow()
		}
	}
}

// outputGone says whether a sink cannot write any more.
func (s *Stage) outputGone() bool {
	for _, sink := range s.opt.Sinks {
		if w, ok := sink.(interface{ Err() error }); ok && w.Err() != nil {
			return true
		}
	}
	return false
}

// longRow is how many requests from one place of a lesson are enough to see what
// the others will be.
const longRow = 4

// delay is how long --auto waits: as it says, or as long as a person reads.
func (g *guide) delay() time.Duration {
	if g.auto.each > 0 || !g.auto.reading {
		return g.auto.each
	}
	if g.inRow > longRow {
		return perWord // nobody reads all of them
	}
	return min(1200*time.Millisecond+time.Duration(g.words)*perWord, 20*time.Second)
}

// perWord is the time for a word at reading speed: 200 words a minute.
const perWord = 300 * time.Millisecond
