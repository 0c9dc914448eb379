// Package query is what a person can ask about a stopped tracee. Each question is a
// real request that only reads, and its answer an event; or it is answered from what
// was recorded of an earlier stop.
package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/symbols"
)

// Source is who answers: a tracee, which makes the request of that name, or a
// [Recording], which looks up what such a request has brought.
type Source interface {
	PeekUser(offset uint64) (tracer.Word, error)
	PeekData(tracer.Addr) (tracer.Word, error)
	GetRegs() (tracer.Regs, error)
	ReadAt([]byte, tracer.Addr) (int, error)
	SigInfo() (tracer.SigInfo, error)
	EventMsg() (tracer.Word, error)
}

// Symbols finds the addresses of names, and back.
type Symbols interface {
	Lookup(name string) (symbols.Symbol, bool)
	Find(tracer.Addr) (symbols.Symbol, uint64, bool)
	Names() []string
}

// Tracee is who is asked, and who is told the answers.
type Tracee struct {
	Source  // nil: there is none
	TID     tracer.TID
	Symbols Symbols // of its program, may be nil
	Emit    func(event.Event)

	// Showing runs do, and what that reads is told: registers by their names, or all.
	Showing func(registers []string, do func())

	regs *tracer.Regs // read for this question
}

// question is what can be asked.
type question struct {
	word   string
	usage  string
	answer func(*Tracee, []string) error
}

var questions = []question{
	{"peekuser", "peekuser OFFSET, as 8*RIP", (*Tracee).peekUser},
	{"peekdata", "peekdata ADDRESS", (*Tracee).peekData},
	{"regs", "regs [REGISTER ...], or a register alone: rip", (*Tracee).showRegs},
	{"mem", "mem ADDRESS [BYTES]", (*Tracee).mem},
	{"dis", "dis ADDRESS [INSTRUCTIONS]", (*Tracee).dis},
	{"siginfo", "siginfo", (*Tracee).sigInfo},
	{"eventmsg", "eventmsg", (*Tracee).eventMsg},
	{"status", "status [FIELD ...|all], as status State", (*Tracee).status},
	{"maps", "maps", (*Tracee).maps},
}

// otherWords are further names of the questions.
var otherWords = map[string]string{
	"getregs": "regs", "getsiginfo": "siginfo", "geteventmsg": "eventmsg", "peektext": "peekdata",
	"peekusr": "peekuser", "memory": "mem", "disas": "dis", "disassemble": "dis",
}

// movers are words for requests that make the tracee run; those of ptrace(2)
// are known from its table.
var movers = []string{"step", "stepi", "continue", "run", "next", "go", "signal", "write", "set", "jump", "call", "wait", "wait4"}

// wrong is a question that cannot be asked so.
type wrong struct{ text string }

func (w wrong) Error() string { return w.text }

var errUsage = errors.New("usage")

// Explained says what an errno means for a request, in one sentence.
func Explained(request string, errno syscall.Errno) string {
	if text := names.ErrnoFor(request, int(errno)); text != "" {
		return text
	}
	if e, ok := names.ErrnoByWord(names.ErrnoName(int(errno))); ok && e.Sentence != "" {
		return e.Sentence
	}
	return names.ErrnoText(int(errno)) + "."
}

// Ask answers a question: a word, and what it is asked about. It makes requests
// that only read, and emits what they have brought. The error is one for a person,
// or ErrNotRecorded.
func (t *Tracee) Ask(words []string) error {
	if len(words) == 0 {
		return nil
	}
	word := strings.TrimPrefix(strings.ToLower(words[0]), "ptrace_")
	if other, ok := otherWords[word]; ok {
		word = other
	}
	if len(names.RegistersByWord(word)) > 0 {
		word, words = "regs", append([]string{"regs"}, words...)
	}
	i := slices.IndexFunc(questions, func(q question) bool { return q.word == word })
	if i < 0 {
		return notAsked(word)
	}
	if t.Source == nil {
		return wrong{"There is no tracee here yet."}
	}
	t.regs = nil
	err := questions[i].answer(t, words[1:])
	var refused *tracer.Error
	switch {
	case err == errUsage:
		return wrong{"It is asked so: " + questions[i].usage}
	case errors.As(err, &refused):
		return wrong{Explained(refused.Request, refused.Err)}
	}
	return err
}

// notAsked says why a word is no question.
func notAsked(word string) error {
	r, known := names.RequestByName(word)
	if known && strings.HasPrefix(r.Name, "PTRACE_GET") || known && strings.HasPrefix(r.Name, "PTRACE_PEEK") {
		return wrong{r.Name + " would only read, but it cannot be asked here. " + possible()}
	}
	if known {
		return wrong{r.Name + " is refused here: it would move or change the tracee, and the lesson would come off its rails. " + possible()}
	}
	if slices.Contains(movers, word) {
		return wrong{fmt.Sprintf("%s is refused here: it would move or change the tracee, and the lesson would come off its rails. %s", word, possible())}
	}
	return wrong{fmt.Sprintf("%q cannot be asked. %s", word, possible())}
}

func possible() string {
	var words []string
	for _, q := range questions {
		words = append(words, q.word)
	}
	return "Possible: " + strings.Join(words, ", ") + ", a register, and explain WORD. ptwalk try makes the others."
}
