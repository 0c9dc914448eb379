package stage

import (
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"ptwalk/asm"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/names"
	"ptwalk/tracer/symbols"
)

// Child is a tracee on the stage. Its methods make the request of the same name
// and end the section if the kernel refuses; Tracee's methods return the error.
type Child struct {
	Tracee *tracer.Tracee
	Target asm.Target

	// Meanwhile, if there is one, is called before each wait, and what it returns
	// after it.
	Meanwhile func() (end func())

	s        *Stage
	born     string // the place in the lesson
	output   []*stream
	table    *symbols.Table
	ended    bool
	written  int
	executed uint64
	stepped  disasm.Inst // by the last Row
	inCall   bool        // the last Row ended in a PTRACE_EVENT stop
	closed   bool        // its code may not be read, and we have said so
}

// Start makes a child that volunteers by PTRACE_TRACEME and becomes target.
func (s *Stage) Start(target asm.Target, args ...string) *Child {
	return s.launch(target, args, s.Tracer.Start)
}

// Ready is Start and the first Wait, told in two lines: for sections that begin
// at the stop of execve and are about something else.
func (s *Stage) Ready(target asm.Target, args ...string) (child *Child) {
	s.Briefly(func() {
		child = s.Start(target, args...)
		child.Wait()
	})
	return child
}

// Spawn makes a child that becomes target without volunteering.
func (s *Stage) Spawn(target asm.Target, args ...string) *Child {
	return s.launch(target, args, s.Tracer.Spawn)
}

func (s *Stage) launch(target asm.Target, args []string, start func(tracer.Command) (*tracer.Tracee, error)) *Child {
	image, err := target.Open()
	if err != nil {
		s.Fail(err)
	}
	defer image.Close()
	return s.run(target, tracer.Command{Path: image.Path(), Argv: append([]string{target.Name}, args...)}, start)
}

// StartProgram makes a child that volunteers and becomes a program of this
// machine, with an empty environment.
func (s *Stage) StartProgram(path string, args ...string) *Child {
	cmd := tracer.Command{Path: path, Argv: append([]string{path}, args...)}
	return s.run(asm.Target{Name: path}, cmd, s.Tracer.Start)
}

// run starts cmd with its input from /dev/null and its output to pipes.
func (s *Stage) run(target asm.Target, cmd tracer.Command, start func(tracer.Command) (*tracer.Tracee, error)) *Child {
	null, err := os.Open(os.DevNull)
	if err != nil {
		s.Fail(err)
	}
	defer null.Close()
	child := &Child{s: s, Target: target}
	cmd.Files = []*os.File{null}
	cmd.Group = true
	for _, name := range []string{"stdout", "stderr"} {
		r, w, err := os.Pipe()
		if err != nil {
			s.Fail(err)
		}
		defer w.Close()
		cmd.Files = append(cmd.Files, w)
		child.output = append(child.output, &stream{name: name, file: r})
	}
	child.Tracee, err = start(cmd)
	if err != nil {
		s.failStart(target.Name, err)
	}
	noCore(int(child.TID()))
	s.track(child)
	return child
}

// Adopt makes a tracee a child that a command has started. Output is our end of
// the pipe that is its standard output; nil if it keeps that for itself.
func (s *Stage) Adopt(tracee *tracer.Tracee, name string, output *os.File) *Child {
	child := &Child{s: s, Target: asm.Target{Name: name}, Tracee: tracee, born: s.at()}
	if output != nil {
		child.output = []*stream{{name: "stdout", file: output}}
		s.shared = &sync.Mutex{}
	}
	s.track(child)
	return child
}

// track makes a child known to those who end it.
func (s *Stage) track(child *Child) {
	s.children = append(s.children, child)
	s.opt.Supervisor.Started(child.TID())
}

// Wrote tells what an adopted child has written while nobody waited at a stop. It
// may be called from any goroutine.
func (c *Child) Wrote(text string) {
	if text = c.output[0].whole(text, false); text != "" {
		c.s.put(&event.Output{Base: event.Base{At: c.born}, Stream: c.output[0].name, Text: text})
	}
}

// Over says whether the end of the child was told.
func (c *Child) Over() bool { return c.ended }

// TID is the child's thread id.
func (c *Child) TID() tracer.TID { return c.Tracee.TID }

// Volunteered reports the PTRACE_TRACEME that the child's own code has made,
// once its exit status or its stop has proven that it went well.
func (c *Child) Volunteered() {
	c.s.emit(&event.Call{N: 1, Call: tracer.Call{
		Name: tracer.TraceMe.String(), Request: tracer.TraceMe, By: tracer.ByChild, TID: c.TID()}})
}

// Wait waits until the child stops or ends.
func (c *Child) Wait() tracer.Stop {
	stop, err := c.wait()
	c.must(err)
	c.collect(stop)
	c.tell(stop, stop.Code)
	return stop
}

// WaitInfo is Wait and PTRACE_GETSIGINFO, for the si_code of the signal.
func (c *Child) WaitInfo() (tracer.Stop, tracer.SigInfo) {
	stop, err := c.wait()
	c.must(err)
	c.collect(stop)
	if stop.Ended() {
		c.tell(stop, nil)
		return stop, tracer.SigInfo{}
	}
	info, err := c.Tracee.SigInfo()
	c.must(err)
	code := int(info.Code)
	c.tell(stop, &code)
	return stop, info
}

// wait is Wait of the tracee, with what runs beside it.
func (c *Child) wait() (tracer.Stop, error) {
	if c.Meanwhile != nil {
		defer c.Meanwhile()()
	}
	return c.Tracee.Wait()
}

func (c *Child) tell(stop tracer.Stop, code *int) {
	e := &event.Stop{Stop: stop, Code: code, Brief: c.s.brief > 0}
	switch {
	case c.s.loop == nil:
		c.s.emit(e)
	case stop.Ended():
		c.s.loop.end = e
	}
}

// collect takes what the child has written so far. It has stopped, so nothing
// more is on its way.
func (c *Child) collect(stop tracer.Stop) {
	if stop.Kind == tracer.SignalDelivery {
		c.s.opt.Supervisor.StoppedBy(stop.Signal)
	}
	for _, st := range c.output {
		if text := st.whole(drain(st.file), stop.Ended()); text != "" {
			c.written += len(text)
			c.s.wrote(&event.Output{Stream: st.name, Text: text})
		}
	}
	if stop.Ended() {
		c.close()
	}
}

// wrote prints output, behind the loop if there is one.
func (s *Stage) wrote(e *event.Output) {
	if s.loop != nil {
		s.loop.output = append(s.loop.output, e)
		return
	}
	s.emit(e)
}

func (c *Child) close() {
	c.ended = true
	c.s.opt.Supervisor.Reaped(c.TID())
	for _, st := range c.output {
		st.file.Close()
	}
	c.output = nil
}

// Cont restarts the child until its next stop, with a signal or 0.
func (c *Child) Cont(sig tracer.Signal) { c.must(c.Tracee.Cont(sig)) }

// SingleStep restarts the child for one instruction.
func (c *Child) SingleStep(sig tracer.Signal) { c.must(c.Tracee.SingleStep(sig)) }

// Syscall restarts the child until the next entry to or exit from a system call.
func (c *Child) Syscall(sig tracer.Signal) { c.must(c.Tracee.Syscall(sig)) }

// Detach lets the child go on untraced.
func (c *Child) Detach(sig tracer.Signal) { c.must(c.Tracee.Detach(sig)) }

// SetOptions sets PTRACE_O_ options.
func (c *Child) SetOptions(o tracer.Option) { c.must(c.Tracee.SetOptions(o)) }

// Interrupt stops a seized child.
func (c *Child) Interrupt() { c.must(c.Tracee.Interrupt()) }

// Listen keeps a seized child in group-stop and listens for what comes.
func (c *Child) Listen() { c.must(c.Tracee.Listen()) }

// Kill sends SIGKILL. Wait reaps it.
func (c *Child) Kill() { c.must(c.Tracee.Kill()) }

// Signal sends a signal by kill(2).
func (c *Child) Signal(sig tracer.Signal) { c.must(c.Tracee.Signal(sig)) }

// SigInfo reads the siginfo of the stop.
func (c *Child) SigInfo() tracer.SigInfo {
	info, err := c.Tracee.SigInfo()
	c.must(err)
	return info
}

// EventMsg reads the message of a PTRACE_EVENT stop.
func (c *Child) EventMsg() tracer.Word {
	msg, err := c.Tracee.EventMsg()
	c.must(err)
	return msg
}

// PeekUser reads one word of the USER area.
func (c *Child) PeekUser(offset uint64) tracer.Word {
	w, err := c.Tracee.PeekUser(offset)
	c.must(err)
	return w
}

// PokeUser writes one word of the USER area.
func (c *Child) PokeUser(offset uint64, w tracer.Word) { c.must(c.Tracee.PokeUser(offset, w)) }

// PeekData reads one word of memory.
func (c *Child) PeekData(a tracer.Addr) tracer.Word {
	w, err := c.Tracee.PeekData(a)
	c.must(err)
	return w
}

// PokeData writes one word of memory.
func (c *Child) PokeData(a tracer.Addr, w tracer.Word) { c.must(c.Tracee.PokeData(a, w)) }

// Read copies n bytes of memory, and prints them unless they belong to a row.
func (c *Child) Read(a tracer.Addr, n int) []byte {
	p := make([]byte, n)
	got, err := c.Tracee.ReadAt(p, a)
	c.must(err)
	if c.s.brief == 0 {
		c.s.emit(&event.Memory{TID: c.TID(), Addr: a, Bytes: p[:got]})
	}
	return p[:got]
}

// Regs reads all registers, and prints those that are named, or all.
func (c *Child) Regs(show ...string) tracer.Regs {
	r, err := c.Tracee.GetRegs()
	c.must(err)
	if c.s.loop == nil {
		c.s.emit(&event.Regs{TID: c.TID(), Regs: r, Show: show, Brief: c.s.brief > 0})
	}
	return r
}

// SyscallInfo reads PTRACE_GET_SYSCALL_INFO.
func (c *Child) SyscallInfo() tracer.SyscallInfo {
	info, err := c.Tracee.GetSyscallInfo()
	c.must(err)
	return info
}

// Symbols is the symbol table of the target's ELF file.
func (c *Child) Symbols() *symbols.Table {
	if c.table == nil {
		f, err := c.Target.ELF()
		c.must(err)
		c.table = symbols.FromELF(c.Target.Name, f)
	}
	return c.table
}

// Entry is the entry point of the target's ELF file.
func (c *Child) Entry() tracer.Addr {
	f, err := c.Target.ELF()
	c.must(err)
	return tracer.Addr(f.Entry)
}

// Symbol is the address of a symbol of the target.
func (c *Child) Symbol(name string) tracer.Addr {
	sym, ok := c.Symbols().Lookup(name)
	if !ok {
		c.s.Fail(errorf("%s has no symbol %s", c.Target.Name, name))
	}
	return sym.Addr
}

// Where names the place of an address: "nap+0x9".
func (c *Child) Where(a tracer.Addr) string {
	if sym, off, ok := c.Symbols().Find(a); ok {
		return sym.At(off)
	}
	return "no symbol"
}

func (c *Child) must(err error) { c.s.Must(err) }

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

// ErrnoName is the name of the errno in an error: "ESRCH", or "0" if there is
// none.
func ErrnoName(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return "0"
	}
	return names.ErrnoName(int(errno))
}

// Timer starts a clock and returns how to read it, in seconds.
func (c *Child) Timer() func() float64 {
	begin := time.Now()
	return func() float64 { return time.Since(begin).Seconds() }
}

// AwaitEnd waits until the child has ended, and leaves it to be reaped.
func (c *Child) AwaitEnd() { c.must(c.Tracee.AwaitEnd()) }

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
