package doctor

import (
	"context"
	"errors"
	"syscall"

	"ptwalk/tracer/names"
)

// Options of an examination.
type Options struct {
	Required []Requirement
	// Helper is the command line that makes this program call [Help]: one
	// check has to ask from a process that is not the target's ancestor.
	// Without it that check is not made.
	Helper []string
}

// check is one thing that a tracer asks of the machine.
type check struct {
	name    string
	request string
	what    string                                                         // what the probe does, as a sentence
	ptrace  bool                                                           // it makes a ptrace request from a thread of ours
	cause   func(*check, selfFacts, *probeTarget, syscall.Errno) Diagnosis // why an errno came
	run     func(*probeTarget) error
}

// CheckNames are the names of all checks, in order.
func CheckNames() []string {
	var all []string
	for _, c := range checks {
		all = append(all, c.name)
	}
	return all
}

// Examine probes this machine, one check after the other, each with a process
// of its own and a deadline. Nothing is left behind. When ctx is done it stops
// and returns what it has.
func Examine(ctx context.Context, opt Options) Report {
	r := Report{Schema: Schema, Machine: thisMachine()}
	first := Diagnosis{}
	kills := false
	for _, c := range checks {
		if ctx.Err() != nil {
			break
		}
		p := &probeTarget{helper: opt.Helper}
		err := error(errKills)
		if !kills || !c.ptrace {
			err = p.examine(ctx, c.run)
		}
		if errors.Is(err, errNotAsked) {
			continue
		}
		kills = kills || errors.Is(err, errKills)
		found := Check{Name: c.name, Request: c.request, Result: OK, Code: "PT-OK", Why: c.what}
		if err != nil {
			d := c.diagnose(p, err, first)
			found.Result, found.Code, found.Why, found.Fix = Fail, d.Code, d.Why, d.Fix
			var errno syscall.Errno
			if errors.As(err, &errno) {
				found.Errno = names.ErrnoName(int(errno))
			}
			if first.Code == "" {
				first = d
			}
		}
		r.Checks = append(r.Checks, found)
	}
	r.judge(opt.Required)
	return r
}

var (
	errKills    = errors.New("the filter kills whoever asks")
	errLate     = errors.New("no answer came in time")
	errNotAsked = errors.New("not asked")

	errRanThrough = errors.New("the tracee ran through a hardware breakpoint")
)

// surprise is an answer without an errno that no kernel of the manual gives.
type surprise string

func (s surprise) Error() string { return string(s) }

// killed is the name of a program that a seccomp filter has killed.
type killed string

func (k killed) Error() string { return string(k) + " was killed by SIGSYS" }

// exhausted is an errno that tells of a limit, and nothing of ptrace.
func exhausted(errno syscall.Errno) (Diagnosis, bool) {
	name := names.ErrnoName(int(errno))
	switch errno {
	case syscall.EMFILE, syscall.ENFILE:
		return refused("PT-KERNEL", "Raise the limit: ulimit -n 256", "No further file can be opened (%s): too few are allowed.", name)
	case syscall.EAGAIN:
		return refused("PT-KERNEL", "See ulimit -u, and pids.max of the container.", "No further process can be started (%s): too few are allowed.", name)
	case syscall.ENOMEM:
		return refused("PT-KERNEL", "", "The machine has no memory left for a further process (%s).", name)
	}
	return none()
}

// diagnose says why a check did not go well. first is the first refusal of all:
// where there is no tracee, nothing else can be said of the rest.
func (c *check) diagnose(p *probeTarget, err error, first Diagnosis) Diagnosis {
	var errno syscall.Errno
	var odd surprise
	var filtered killed
	switch {
	case errors.Is(err, errKills):
		return machine.self(0).killed()
	case errors.As(err, &filtered):
		return Diagnosis{"PT-SECCOMP", "A seccomp filter kills the program " + string(filtered) + ", by SIGSYS.", machine.self(0).allow(""), exitRefused}
	case errors.Is(err, errLate):
		return Diagnosis{"PT-KERNEL", "No answer came within " + limit.String() + ", and the probe was given up.", "", exitRefused}
	case errors.Is(err, errRanThrough):
		return withoutTraps()
	case errors.As(err, &errno):
		if errno == syscall.ESRCH && p.refused != 0 {
			d := first
			d.Why, d.Fix = "There was no tracee to ask: "+names.ErrnoName(int(p.refused))+" came before.", ""
			return d
		}
		if d, ok := exhausted(errno); ok {
			return d
		}
		return c.cause(c, machine.selfFor(c.request, errno), p, errno)
	case errors.As(err, &odd):
		return machine.self(0).odd(string(odd))
	}
	return Diagnosis{"PT-KERNEL", "The probe did not come to its end: " + err.Error() + ".", "", exitRefused}
}
