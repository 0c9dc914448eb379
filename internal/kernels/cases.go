package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"ptwalk/internal/kernels/wire"
	"ptwalk/lessons"
)

// experiment is a case with what it has to come to.
type experiment struct {
	wire.Case
	what  string
	tests string // the package, where it is its tests
	check func(wire.Run) error
}

// often is how many times a refusal is asked for: it has to be the same each
// time.
const often = 10

// shell is the case of a script that somebody wants to see on these kernels.
const shell = "script"

// probe is the case that asks which requests a kernel has.
const probe = "probe"

// room is a setting of Yama and a user.
type room struct {
	yama int
	user string
}

// The rules of Yama, of Documentation/admin-guide/LSM/Yama.rst. Root of these
// machines has CAP_SYS_PTRACE, nobody has no capability.
func (r room) child() bool { return r.yama <= 1 || r.yama == 2 && r.user == "root" }
func (r room) other() bool { return r.yama == 0 || r.yama <= 2 && r.user == "root" }

// code is the word for a refusal here.
func (r room) code() string { return fmt.Sprintf("PT-YAMA-%d", r.yama) }

// experiments are all cases of a boot. ptrace_scope 3 comes last: nothing lowers
// it.
func experiments() []experiment {
	var all []experiment
	for yama := range 4 {
		for _, user := range []string{"root", "nobody"} {
			r := room{yama, user}
			if yama == 0 {
				all = append(all, r.experiment(probe, time.Minute, ends(0), "/lab/bin/probe"))
			}
			all = append(all, r.commands()...)
			switch r {
			case room{0, "root"}:
				all = append(all, r.tests(slices.DeleteFunc(slices.Clone(tested), ofAnybody))...)
			case room{1, "nobody"}: // as most learners are
				all = append(all, r.tests(tested)...)
			}
		}
	}
	return all
}

// experiment is one run of a command.
func (r room) experiment(what string, limit time.Duration, check func(wire.Run) error, argv ...string) experiment {
	return experiment{
		Case: wire.Case{Yama: r.yama, User: r.user, Dir: "/tmp", Argv: argv, Times: 1, Limit: limit},
		what: what, check: check,
	}
}

// commands are the lessons and the tools.
func (r room) commands() []experiment {
	const ptwalk, hello = "/lab/bin/ptwalk", wire.Tree + "/asm/bin/hello64"
	var all []experiment
	for i, l := range lessons.All {
		word := fmt.Sprint(i + 1)
		all = append(all, r.tried(r.child(), 3, r.experiment("lesson "+lessons.ID(l), 5*time.Minute, ends(0), ptwalk, word, "--plain")))
	}
	attach := func(what, beside string) experiment {
		e := r.experiment(what, time.Minute, ends(0), ptwalk, "attach", "--plain", wire.PID)
		e.Beside = []string{"/lab/bin/probe", beside}
		return e
	}
	return append(all,
		r.tried(r.child(), 125, r.experiment("count", time.Minute, ends(1), ptwalk, "count", "--engine=both", hello)),
		r.tried(r.child(), 125, r.experiment("step", time.Minute, ends(1), ptwalk, "step", "--plain", hello)),
		r.tried(r.other(), 3, attach("attach to no child", "waits")),
		r.tried(r.child(), 3, attach("attach to one that named us", "waits, named")),
		r.diagnosed(r.experiment("doctor --json", time.Minute, nil, ptwalk, "doctor", "--json")),
		r.told(r.experiment("doctor", time.Minute, nil, ptwalk, "doctor", "--plain")),
		r.experiment("replay", time.Minute, ends(0), ptwalk, "replay", "3", "--plain"),
	)
}

// tried is an experiment as it is, or ten times with the status of a refusal.
func (r room) tried(allowed bool, refused int, e experiment) experiment {
	if !allowed {
		e.Times, e.check = often, both(ends(refused), says("["+r.code()+"]"))
	}
	return e
}

// diagnosed is what the doctor has to find: nothing in the way, or Yama alone.
func (r room) diagnosed(e experiment) experiment {
	want := 0
	if !r.child() {
		want = 3
	}
	if !r.other() {
		e.Times = often
	}
	e.check = both(ends(want), func(run wire.Run) error {
		var report struct {
			Checks []struct{ Name, Code, Why string }
		}
		if err := json.Unmarshal([]byte(run.Output), &report); err != nil {
			return err
		}
		var wrong []error
		for _, c := range report.Checks {
			allowed := []string{"PT-OK"}
			switch {
			case !r.child() && !withoutTracing(c.Name):
				allowed = []string{r.code()}
			case !r.other() && c.Name == "attach-other":
				allowed = []string{r.code()}
			}
			if !slices.Contains(allowed, c.Code) {
				wrong = append(wrong, fmt.Errorf("the check %s has %s, want %s: %s", c.Name, c.Code, allowed[0], c.Why))
			}
		}
		if len(report.Checks) == 0 {
			wrong = append(wrong, errors.New("the doctor made no check"))
		}
		return errors.Join(wrong...)
	})
	return e
}

// told is what the doctor prints: the code of a refusal in brackets, and no
// other.
func (r room) told(e experiment) experiment {
	want := 0
	if !r.child() {
		want = 3
	}
	e.check = both(ends(want), func(run wire.Run) error {
		for _, code := range codeForm.FindAllString(string(run.Output), -1) {
			if code != "["+r.code()+"]" {
				return fmt.Errorf("it says %s, want [%s] alone", code, r.code())
			}
		}
		if !r.other() {
			return says("[" + r.code() + "]")(run)
		}
		return nil
	})
	return e
}

// codeForm is a code of the doctor as a reader sees it.
var codeForm = regexp.MustCompile(`\[PT-[A-Z0-9-]+\]`)

// withoutTracing says of a check of the doctor that no tracee has part in it.
func withoutTracing(check string) bool {
	return slices.Contains([]string{"proc", "personality", "32-bit", "memfd", "temp"}, check)
}

// ofAnybody says of a package that its tests do nothing more where root runs them.
func ofAnybody(dir string) bool { return dir == "tracer/count" }

// tests are the compiled tests of packages. CI is set: what cannot be tested
// fails.
func (r room) tests(dirs []string) []experiment {
	var all []experiment
	for _, dir := range dirs {
		e := r.experiment("tests of "+dir, 10*time.Minute, nothing, testProgram(dir), "-test.v", "-test.timeout=9m")
		e.tests, e.Dir, e.Env = dir, wire.Tree+"/"+dir, []string{"CI=true"}
		all = append(all, e)
	}
	return all
}

// nothing asks for a run that comes to its end.
func nothing(wire.Run) error { return nil }

// ends wants an exit status.
func ends(status int) func(wire.Run) error {
	return func(run wire.Run) error {
		if run.Status != status {
			return fmt.Errorf("exit status %d, want %d", run.Status, status)
		}
		return nil
	}
}

// says wants a text in the output.
func says(text string) func(wire.Run) error {
	return func(run wire.Run) error {
		if !strings.Contains(string(run.Output), text) {
			return fmt.Errorf("the output is without %s", text)
		}
		return nil
	}
}

func both(one, other func(wire.Run) error) func(wire.Run) error {
	return func(run wire.Run) error { return errors.Join(one(run), other(run)) }
}
