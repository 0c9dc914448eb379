package try

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"ptwalk/asm"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/explain"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/query"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/symbols"
)

// session is a program and what is asked of it.
type session struct {
	s        *stage.Stage
	argv     []string // the program; none: a bundled one
	path     string   // its file
	stdin    *os.File // of the program
	told     bool     // what it writes is told by events
	terminal bool     // a person types
	width    func() int
	printer  event.Sink
	input    input
	problem  *program.Problem // why the session has ended

	child   *stage.Child // whom the requests are made on: the thread that has stopped last
	running bool         // it may run: nobody has waited for its stop
	ended   bool
	stop    tracer.Stop   // the last
	sysGood bool          // PTRACE_O_TRACESYSGOOD is set
	symbols query.Symbols // of its program; nil until they are needed
	was     read          // what requests have read in this stop
}

// read is what was read, and is written back with changes.
type read struct {
	regs    *tracer.Regs
	fpregs  *tracer.FPRegs
	siginfo *tracer.SigInfo
	syscall *tracer.SyscallInfo
	sets    map[tracer.Set][]byte
}

// wrong is a line that is no request.
type wrong struct{ text string }

func (w wrong) Error() string { return w.text }

// errQuit ends the session.
var errQuit = errors.New("quit")

// bundled is the program where none is named.
var bundled = asm.Hello64

// find looks for the program.
func (se *session) find() *program.Problem {
	if len(se.argv) == 0 {
		return nil
	}
	path, problem := program.LookPath(se.argv[0])
	if problem != nil {
		return problem
	}
	se.path = path
	program.WarnPrivileges(path)
	return nil
}

// run starts the program and does what the lines say.
func (se *session) run() int {
	if se.terminal {
		se.input = newKeyboard(se)
	}
	if se.problem = se.start(); se.problem != nil {
		return se.problem.Exit
	}
	for {
		se.flush()
		line, more := se.input.next()
		se.s.Check()
		if !more {
			return exit.Done
		}
		err := se.command(line)
		var no wrong
		switch {
		case err == errQuit:
			return exit.Done
		case errors.As(err, &no) && se.terminal:
			se.s.Note("%s", no.text)
		case errors.As(err, &no):
			se.problem = &program.Problem{Text: se.input.where() + no.text, Exit: exit.Failed}
			return exit.Failed
		case err != nil:
			se.answer(err)
		}
	}
}

// flush prints what the printer still holds.
func (se *session) flush() {
	if held, ok := se.printer.(interface{ Flush() }); ok {
		held.Flush()
	}
}

// start starts the program, and waits for its first stop.
func (se *session) start() *program.Problem {
	cmd := tracer.Command{Path: se.path, Argv: se.argv, Env: os.Environ(), Files: []*os.File{se.stdin, os.Stdout, os.Stderr}, Group: se.terminal}
	if len(se.argv) == 0 {
		image, err := bundled.Open()
		if err != nil {
			return &program.Problem{Text: err.Error(), Exit: exit.Failed}
		}
		defer image.Close()
		cmd.Path, cmd.Argv = image.Path(), []string{bundled.Name}
	}
	p, err := program.Start(se.s, cmd, se.told)
	if err != nil {
		problem := program.StartProblem(cmd.Path, err)
		if problem.Exit == program.ExitFailed {
			problem.Exit = exit.Failed
			if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
				problem.Exit = exit.Refused
			}
		}
		return problem
	}
	se.child, se.running, se.ended, se.sysGood, se.symbols = p.Child, false, false, false, nil
	se.stopped(se.child, se.child.Wait())
	return nil
}

// stopped takes note of a stop.
func (se *session) stopped(child *stage.Child, stop tracer.Stop) {
	se.child, se.stop, se.running, se.symbols, se.was = child, stop, false, nil, read{}
	switch stop.Kind {
	case tracer.Exited:
		se.s.Note("[exited %d]", stop.ExitCode)
	case tracer.Killed:
		se.s.Note("[killed by %v]", stop.Signal)
	}
	se.ended = stop.Ended()
}

// goOn makes a request after which the program runs, and waits for the next stop of
// whichever tracee. Meanwhile the program has the terminal. Of several the one that
// stops is whom the next requests are made on, and after the end of one the others go
// on.
func (se *session) goOn(request func() error) error {
	back := se.s.Supervisor().Lend(se.child.TID())
	defer back()
	if err := request(); err != nil {
		return err
	}
	for {
		child, stop := se.s.WaitAny()
		se.stopped(child, stop)
		if !stop.Ended() || len(se.s.Tracer.Tracees()) == 0 {
			return nil
		}
	}
}

// late tells a stop that nobody has waited for, as of a program that was seized.
func (se *session) late() {
	for se.running && !se.ended {
		child, stop, happened := se.s.PollAny()
		if !happened {
			return
		}
		se.stopped(child, stop)
	}
}

// command does what a line says. The error is one of ours, or a refusal of the kernel.
func (se *session) command(line string) error {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	word, words := words[0], words[1:]
	switch strings.ToLower(word) {
	case "help", "?":
		return se.help(words)
	case "explain":
		return se.explain(words)
	case "start":
		return se.anew(words)
	case "quit":
		return errQuit
	}
	name := strings.TrimPrefix(strings.ToUpper(word), "PTRACE_")
	r, ok := requests[name]
	if !ok {
		return unknown(word)
	}
	se.late()
	err := r.do(se, words)
	if err == errUsage {
		return wrong{"It is made so: " + strings.TrimSpace(name+" "+r.usage) + "."}
	}
	return err
}

// unknown says what may be meant.
func unknown(word string) error {
	if near := names.Nearest(strings.TrimPrefix(strings.ToUpper(word), "PTRACE_"), requestNames()); near != "" {
		return wrong{fmt.Sprintf("%q is no request of ptrace(2). Is %s meant? help lists them.", word, near)}
	}
	return wrong{fmt.Sprintf("%q is no request of ptrace(2). help lists them.", word)}
}

// answer explains why the kernel has refused.
func (se *session) answer(err error) {
	var refused *tracer.Error
	if !errors.As(err, &refused) {
		se.s.Note("%s", err.Error())
		return
	}
	text := query.Explained(refused.Request, refused.Err)
	if refused.Err == syscall.ESRCH && se.ended {
		text = "The program has ended, and nobody has this number now. start begins it anew."
	}
	se.s.Note("%s", text)
}

// anew ends the program, and starts it or another.
func (se *session) anew(words []string) error {
	path := se.path
	if len(words) > 0 {
		found, problem := program.LookPath(words[0])
		if problem != nil {
			return wrong{problem.Text}
		}
		path = found
	}
	if !se.child.Over() {
		se.child.End()
	}
	if len(words) > 0 {
		se.path, se.argv = path, words
	}
	if problem := se.start(); problem != nil {
		return wrong{problem.Text}
	}
	return nil
}

// explain prints what a word means.
func (se *session) explain(words []string) error {
	pages, err := explain.Words(words, "")
	if err != nil {
		return wrong{err.Error()}
	}
	for _, e := range explain.Events(pages) {
		se.s.Emit(e)
	}
	return nil
}

// table is the symbols of the program as it is now.
func (se *session) table() query.Symbols {
	if se.symbols != nil {
		return se.symbols
	}
	if len(se.argv) == 0 {
		if file, err := bundled.ELF(); err == nil {
			se.symbols = symbols.FromELF(bundled.Name, file)
		}
	} else if of, err := symbols.OfProcess(se.child.TID()); err == nil {
		se.symbols = of
	}
	return se.symbols
}
