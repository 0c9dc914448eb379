// Package query is what a person can ask the kernel about a stopped tracee: each
// question is a real request that only reads, and its answer an event.
package query

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/names"
	"ptwalk/tracer/symbols"
)

// question is what can be asked with a colon. Each makes real requests, which
// only read.
type question struct {
	word   string
	usage  string
	answer func(*asked, []string) error
}

var questions = []question{
	{"peekuser", "peekuser OFFSET, as 8*RIP", (*asked).peekUser},
	{"peekdata", "peekdata ADDRESS", (*asked).peekData},
	{"regs", "regs [REGISTER ...]", (*asked).regs},
	{"mem", "mem ADDRESS [BYTES]", (*asked).mem},
	{"dis", "dis ADDRESS [INSTRUCTIONS]", (*asked).dis},
	{"siginfo", "siginfo", (*asked).siginfo},
	{"eventmsg", "eventmsg", (*asked).eventMsg},
	{"status", "status", (*asked).status},
	{"maps", "maps", (*asked).maps},
}

// otherWords are further names of the questions.
var otherWords = map[string]string{
	"getregs": "regs", "getsiginfo": "siginfo", "geteventmsg": "eventmsg", "peektext": "peekdata",
	"peekusr": "peekuser", "memory": "mem", "disas": "dis", "disassemble": "dis",
}

// movers are words for requests that make the tracee run; those of ptrace(2)
// are known from its table.
var movers = []string{"step", "stepi", "continue", "run", "next", "go", "signal", "write", "set", "jump", "call", "wait", "wait4"}

// Tracee is who is asked, and who is told the answers.
type Tracee struct {
	*tracer.Tracee                // nil: there is none
	Symbols        *symbols.Table // of its program, nil if it is not a bundled one
	Emit           func(event.Event)

	// Showing runs do, and what that reads is told: registers by their names, or all.
	Showing func(registers []string, do func())
}

// asked is one question, with the registers once they were read.
type asked struct {
	*Tracee
	read *tracer.Regs
}

// getRegs makes one request for the registers, however often they are needed.
func (a *asked) getRegs() (tracer.Regs, error) {
	if a.read == nil {
		r, err := a.Tracee.GetRegs()
		if err != nil {
			return r, err
		}
		a.read = &r
	}
	return *a.read, nil
}

// wrong is a question that cannot be asked so.
type wrong struct{ text string }

func (w wrong) Error() string { return w.text }

// explained says what an errno means for a request, as ptwalk explain does.
func explained(request string, errno syscall.Errno) string {
	if text := names.ErrnoFor(request, int(errno)); text != "" {
		return text
	}
	if e, ok := names.ErrnoByWord(names.ErrnoName(int(errno))); ok {
		return e.Sentence
	}
	return names.ErrnoText(int(errno))
}

// Ask answers a question: a word, and what it is asked about. It makes requests
// that only read, and emits what they have brought. The error is one for a person.
func (t *Tracee) Ask(words []string) error {
	if len(words) == 0 {
		return nil
	}
	word := strings.TrimPrefix(strings.ToLower(words[0]), "ptrace_")
	if other, ok := otherWords[word]; ok {
		word = other
	}
	i := slices.IndexFunc(questions, func(q question) bool { return q.word == word })
	if i < 0 {
		return notAsked(word)
	}
	if t.Tracee == nil {
		return wrong{"There is no tracee here yet."}
	}
	err := questions[i].answer(&asked{Tracee: t}, words[1:])
	var refused *tracer.Error
	switch {
	case err == errUsage:
		return wrong{"It is asked so: " + questions[i].usage}
	case errors.As(err, &refused):
		return wrong{explained(refused.Request, refused.Err)}
	}
	return err
}

var errUsage = errors.New("usage")

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
	return "Possible: " + strings.Join(words, ", ") + "."
}

func (a *asked) peekUser(words []string) error {
	if len(words) != 1 {
		return errUsage
	}
	offset, err := userOffset(words[0])
	if err != nil {
		return err
	}
	_, err = a.Tracee.PeekUser(offset)
	return err
}

// userOffset reads an offset into the USER area: 8*RIP, 8*16, rip, 128,
// u_debugreg[7].
func userOffset(word string) (uint64, error) {
	word = strings.TrimSuffix(strings.TrimPrefix(word, "offsetof(struct user,"), ")")
	if by, name, ok := strings.Cut(word, "*"); ok {
		times, err := strconv.ParseUint(by, 0, 32)
		if n, errN := strconv.ParseUint(name, 0, 32); err == nil && errN == nil {
			return times * n, nil
		}
		if err != nil || times != 8 {
			return 0, wrong{fmt.Sprintf("%q is no offset into the USER area; 8*RIP is one.", word)}
		}
		word = name
	}
	for i, w := range names.UserArea {
		if strings.EqualFold(w.Name, word) && w.Name != "" || w.Field == word {
			return uint64(8 * i), nil
		}
	}
	if n, err := strconv.ParseInt(word, 0, 64); err == nil {
		return uint64(n), nil
	}
	return 0, wrong{fmt.Sprintf("%q is no word of the USER area; 8*RIP is one.", word)}
}

func (a *asked) peekData(words []string) error {
	if len(words) != 1 {
		return errUsage
	}
	at, err := a.address(words[0])
	if err != nil {
		return err
	}
	_, err = a.Tracee.PeekData(at)
	return err
}

func (a *asked) regs(words []string) error {
	var show []string
	for _, word := range words {
		word = strings.ToLower(word)
		if _, ok := new(tracer.Regs).Get(word); !ok {
			return wrong{fmt.Sprintf("There is no register %q.", word)}
		}
		show = append(show, word)
	}
	var err error
	a.Showing(show, func() { _, err = a.getRegs() })
	return err
}

// maxAsked is how many bytes or instructions fit on a few screens.
const maxAsked = 1024

func (a *asked) mem(words []string) error {
	at, n, err := a.span(words, 64)
	if err != nil {
		return err
	}
	a.Showing(nil, func() { _, err = a.Tracee.ReadAt(make([]byte, n), at) })
	return err
}

func (a *asked) dis(words []string) error {
	at, n, err := a.span(words, 5)
	if err != nil {
		return err
	}
	r, err := a.getRegs() // its code segment tells the architecture
	if err != nil {
		return err
	}
	code := make([]byte, n*disasm.MaxLen)
	got, err := a.Tracee.ReadAt(code, at)
	if err != nil {
		return err
	}
	code = code[:got]
	for ; n > 0 && len(code) > 0; n-- {
		inst := disasm.Decode(code, at, r.Arch())
		a.Emit(&event.Instruction{TID: a.TID, Addr: at, Bytes: inst.Bytes, Text: inst.Text, Label: a.label(at)})
		code, at = code[max(1, inst.Len()):], at+tracer.Addr(max(1, inst.Len()))
	}
	return nil
}

// label is the symbol at an address of a target.
func (a *asked) label(at tracer.Addr) string {
	if a.Symbols == nil {
		return ""
	}
	if sym, off, ok := a.Symbols.Find(at); ok && off == 0 {
		return sym.Name
	}
	return ""
}

// span reads an address and a number.
func (a *asked) span(words []string, n int) (tracer.Addr, int, error) {
	if len(words) < 1 || len(words) > 2 {
		return 0, 0, errUsage
	}
	if len(words) == 2 {
		var err error
		if n, err = strconv.Atoi(words[1]); err != nil || n < 1 || n > maxAsked {
			return 0, 0, wrong{fmt.Sprintf("How many is a number from 1 to %d.", maxAsked)}
		}
	}
	at, err := a.address(words[0])
	return at, n, err
}

// address reads a register, a symbol or a number, and what is added to it.
func (a *asked) address(word string) (tracer.Addr, error) {
	base, offset := word, int64(0)
	if i := strings.LastIndexAny(word, "+-"); i > 0 {
		n, err := strconv.ParseInt(word[i:], 0, 64)
		if err != nil {
			return 0, wrong{fmt.Sprintf("%q is no address: after the sign stands a number.", word)}
		}
		base, offset = word[:i], n
	}
	if n, err := strconv.ParseUint(base, 0, 64); err == nil {
		return tracer.Addr(n + uint64(offset)), nil
	}
	if a.Symbols != nil {
		if sym, ok := a.Symbols.Lookup(base); ok {
			return sym.Addr + tracer.Addr(offset), nil
		}
	}
	if _, err := userOffset(base); err != nil {
		return 0, wrong{fmt.Sprintf("%q is no register, no symbol of the program and no number.", base)}
	}
	r, err := a.getRegs()
	if err != nil {
		return 0, err
	}
	w, ok := r.Get(base)
	if !ok {
		return 0, wrong{fmt.Sprintf("There is no register %q.", base)}
	}
	return tracer.Addr(uint64(w) + uint64(offset)), nil
}

func (a *asked) siginfo(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	_, err := a.Tracee.SigInfo()
	return err
}

func (a *asked) eventMsg(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	msg, err := a.Tracee.EventMsg()
	if err == nil {
		a.Emit(&event.Note{Format: "The message is %v.", Args: []any{msg}})
	}
	return err
}

func (a *asked) status(words []string) error { return a.file("status", words) }

func (a *asked) maps(words []string) error { return a.file("maps", words) }

// file prints a file of /proc/TID.
func (a *asked) file(name string, words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	path := fmt.Sprintf("/proc/%d/%s", a.TID, name)
	call := tracer.Call{Name: "openat", Request: tracer.NotPtrace, By: tracer.ByTracer, TID: a.TID}
	f, err := os.Open(path)
	var refused *fs.PathError
	if errors.As(err, &refused) {
		call.Errno, _ = refused.Err.(syscall.Errno)
		call.Result = -int64(call.Errno)
	} else {
		call.Result = int64(f.Fd())
	}
	c := fmt.Sprintf("openat(AT_FDCWD, %q, O_RDONLY|O_CLOEXEC) = ", path)
	a.Emit(&event.Call{Call: call, N: 1, C: c + call.Outcome(tracer.Measured{})})
	if err != nil {
		return &tracer.Error{Request: "openat", TID: a.TID, Err: call.Errno}
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return wrong{"It cannot be read: " + err.Error()}
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, "    "+event.Clean(event.OneLine(line)))
	}
	a.Emit(&event.Say{Text: strings.Join(lines, "\n")})
	return nil
}
