// Package exit says how a run ends: the exit statuses, and the failures that
// lead to them.
package exit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"ptwalk/tracer"
)

// The exit statuses of a lesson. 128 + n is signal n, as in a shell.
const (
	Done    = 0
	Failed  = 1
	Usage   = 2 // the command line is wrong
	Refused = 3 // this machine refuses ptrace
	Missing = 4 // what is to be traced is missing, or cannot be run
)

// Failure is how a run ends before its end: the exit status, and the error that
// is told. An error without text needs no word.
type Failure struct {
	Exit int
	Err  error
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// With is a failure with its exit status.
func With(status int, err error) *Failure { return &Failure{status, err} }

// Interrupted is a run that a signal has ended. It needs no word, unless a program
// of somebody's was ended with it.
type Interrupted struct {
	Signal  syscall.Signal
	Program bool
}

func (i Interrupted) Error() string {
	if !i.Program {
		return ""
	}
	return fmt.Sprintf("partial: interrupted by %v", tracer.Signal(i.Signal))
}

// Mistake is the failure of a panic that nobody planned: a fault in ptwalk.
func Mistake(p any, stack []byte) *Failure {
	return &Failure{Failed, fmt.Errorf("a mistake in ptwalk: %v\n%s", p, stack)}
}

// ByWrite is what a failed write means: a closed pipe ends us as SIGPIPE
// would, without a word; anything else is told.
func ByWrite(err error) *Failure {
	if errors.Is(err, syscall.EPIPE) {
		return BySignal(syscall.SIGPIPE, false)
	}
	what := "the output"
	var file *fs.PathError
	if errors.As(err, &file) && file.Path != os.Stdout.Name() {
		what = strconv.Quote(file.Path)
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		err = errno
	}
	return &Failure{Failed, fmt.Errorf("cannot write %s: %w", what, err)}
}

// BySignal is the end by a signal. Program says whether a program of somebody's
// is ended with us.
func BySignal(sig syscall.Signal, program bool) *Failure {
	return &Failure{128 + int(sig), Interrupted{sig, program}}
}
