package syscalls

import (
	"errors"
	"io"
	"os"
	"strconv"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/syscalls"
)

// printer is an observer that prints what it is told.
type printer interface {
	syscalls.Observer
	finish(status int) // prints what comes last
}

// start runs a program and prints its calls. The program waits while a line is written,
// as it does for strace.
func (f *flags) start(path string, argv []string) int {
	file, err := f.output()
	if err != nil {
		return failed(err.Error())
	}
	out := &lines{w: file}
	asked := program.ListenToEnds()
	around := program.Prepare()
	p := f.printer(out, base.CommandLine(argv))
	cfg := syscalls.Config{
		Command: tracer.Command{
			Path: path, Argv: argv, Env: os.Environ(),
			Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		},
		Family:  around.Family,
		Started: func() { program.ReleaseFiles(os.Stdin, os.Stdout) },
		Follow:  f.follow, Limit: f.limit, Timeout: f.timeout, Observer: p, Signals: asked.Signals,
	}
	res, err := syscalls.Run(cfg)
	around.End(res.Why != syscalls.Complete || err != nil || asked.First() != 0)
	var start *syscalls.StartError
	if errors.As(err, &start) {
		return program.StartProblem(path, start.Err).Report()
	}
	status := statusOf(res)
	if err != nil {
		status = failed(err.Error())
	}
	p.finish(status)
	return closed(status, out, file)
}

// attach prints the calls of a process that runs already.
func (f *flags) attach() int {
	if err := cli.Supported(); err != nil {
		return cli.Report(err)
	}
	if d, refused := doctor.Pid(f.pid, 0); refused {
		return cli.Report(&exit.Failure{Err: errors.New(d.String()), Exit: d.Exit})
	}
	ignoreStops()
	file, err := f.output()
	if err != nil {
		return failed(err.Error())
	}
	asked := program.ListenToEnds()
	queue := newQueue(file)
	out := &lines{w: queue, lost: queue.failed}
	p := f.printer(out, strconv.Itoa(f.pid))
	res, err := syscalls.Run(syscalls.Config{
		PID: tracer.TID(f.pid), Follow: f.follow, Limit: f.limit, Timeout: f.timeout, Observer: p, Signals: asked.Signals,
	})
	var errno syscall.Errno
	if res.Why == syscalls.Complete {
		res.End = tracer.Stop{} // its status is not ours: it was somebody else's child
	}
	status := statusOf(res)
	switch {
	case errors.As(err, &errno):
		d, _ := doctor.Pid(f.pid, errno)
		return cli.Report(&exit.Failure{Err: errors.New(d.String()), Exit: d.Exit})
	case err != nil:
		return failed(err.Error())
	}
	p.finish(status)
	out.err = queue.drain(asked.Signals)
	status = closed(status, out, file)
	res.Hold()
	return status
}

// printer is what the flags ask for.
func (f *flags) printer(out *lines, title string) printer {
	show := shown{only: f.only, bytes: f.bytes}
	switch {
	case f.json:
		return newJSON(out, f.reading.JSONTo(out), show, title, f.counts)
	case f.counts:
		return &summary{out: out, shown: show, accessible: f.reading.Accessible}
	}
	return &text{out: out, shown: show, tids: f.follow}
}

// closed is the exit status when all is written.
func closed(status int, out *lines, file *os.File) int {
	err := out.err
	if file != os.Stderr {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		return failed("cannot write the lines: " + err.Error())
	}
	return status
}

// statusOf is the exit status of a run.
func statusOf(res syscalls.Result) int {
	switch res.Why {
	case syscalls.Timeout:
		return program.ExitTimeout
	case syscalls.Interrupted:
		return 128 + int(res.Signal)
	}
	if res.End.Kind == tracer.Killed {
		return 128 + int(res.End.Signal)
	}
	return res.End.ExitCode
}

// failed reports a failure of ours.
func failed(text string) int {
	return (&program.Problem{Text: text, Exit: program.ExitFailed}).Report()
}

// lines is where lines go. It keeps the first error.
type lines struct {
	w    io.Writer
	err  error
	lost func() bool
}

func (l *lines) Write(p []byte) (int, error) {
	if l.err == nil {
		_, l.err = l.w.Write(p)
	}
	return len(p), nil
}

// Lost says that nothing can be written any more.
func (l *lines) Lost() bool { return l.err != nil || l.lost != nil && l.lost() }
