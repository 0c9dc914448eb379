package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ptwalk/internal/kernels/wire"
)

// verdict collects what one boot has shown.
type verdict struct {
	kernel kernel
	cases  []experiment

	runs    int      // of the case that is under way
	seconds float64  // of these runs
	wrong   []string // what is not as it has to be, in these runs
	output  string   // of the first run that went wrong

	done   int // cases
	failed int
	passed map[string]bool // tests that have passed, those that have failed,
	broken map[string]bool
	whole  map[string]bool   // and packages whose tests came to their end
	skips  map[string]string // tests that were skipped, and why
	probed map[string]string // what the probe printed, by user
}

func newVerdict(k kernel, cases []experiment) *verdict {
	return &verdict{
		kernel: k, cases: cases,
		passed: map[string]bool{}, broken: map[string]bool{}, whole: map[string]bool{}, skips: map[string]string{}, probed: map[string]string{},
	}
}

// take judges one run. It returns the line of the case, once all its runs are
// there.
func (v *verdict) take(run wire.Run) (line string, ok bool) {
	e := v.cases[run.Case]
	v.runs++
	v.seconds += run.Seconds
	if err := v.judge(e, run); err != nil {
		v.wrong = append(v.wrong, err.Error())
		if v.output == "" {
			v.output = string(run.Output)
		}
	}
	if v.runs < e.Times {
		return "", false
	}
	line = v.line(e)
	v.done++
	v.runs, v.seconds, v.wrong, v.output = 0, 0, nil, ""
	return line, true
}

// judge says what is wrong with a run.
func (v *verdict) judge(e experiment, run wire.Run) error {
	var errs []error
	if run.Late {
		errs = append(errs, fmt.Errorf("no end within %v", e.Limit))
	}
	if run.Yama != e.Yama {
		errs = append(errs, fmt.Errorf("ptrace_scope is %d, not %d", run.Yama, e.Yama))
	}
	if len(run.Left) > 0 {
		errs = append(errs, fmt.Errorf("left running: %q", run.Left))
	}
	if e.tests != "" {
		errs = append(errs, v.judgeTests(e.tests, run))
	}
	if e.what == probe {
		v.probed[e.User] = string(run.Output)
	}
	return errors.Join(append(errs, e.check(run))...)
}

var resultForm = regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$`)

// judgeTests wants every test to pass, but those that the emulator fails.
func (v *verdict) judgeTests(dir string, run wire.Run) error {
	text := string(run.Output)
	var wrong []string
	known, any := false, false
	for _, m := range resultForm.FindAllStringSubmatchIndex(text, -1) {
		result, test := text[m[2]:m[3]], dir+" "+text[m[4]:m[5]]
		any = true
		switch result {
		case "PASS":
			v.passed[test] = true
		case "SKIP":
			v.skips[test] = strings.TrimSpace(firstLine(text[m[1]:]))
		case "FAIL":
			if v.broken[test] = true; v.excused(test) {
				known = true
			} else {
				wrong = append(wrong, text[m[4]:m[5]])
			}
		}
	}
	v.whole[dir] = v.whole[dir] || any && run.Status <= 1
	switch {
	case len(wrong) > 0:
		return fmt.Errorf("failed: %s", strings.Join(wrong, ", "))
	case !any:
		return fmt.Errorf("no test ran, status %d", run.Status)
	case run.Status != 0 && !(known && run.Status == 1):
		return fmt.Errorf("exit status %d without a test that failed", run.Status)
	}
	return nil
}

// excused says whether the emulator fails a test, or one of the parts of it.
func (v *verdict) excused(test string) bool {
	return slices.ContainsFunc(emulator, func(x exception) bool {
		return x.on(v.kernel) && (x.test == test || strings.HasPrefix(x.test, test+"/"))
	})
}

// needless are the exceptions for this kernel whose test did not fail.
func (v *verdict) needless() (all []string) {
	for _, x := range emulator {
		if dir, _, _ := strings.Cut(x.test, " "); x.on(v.kernel) && v.whole[dir] && !v.broken[x.test] {
			all = append(all, fmt.Sprintf("%s passes, or is not there: it is no exception any more", x.test))
		}
	}
	return all
}

// line is a case on a line, and what is wrong with it below.
func (v *verdict) line(e experiment) string {
	what := e.what
	if e.Times > 1 {
		what = fmt.Sprintf("%s, %d times", what, e.Times)
	}
	line := fmt.Sprintf("%-22s yama %d  %-6s  %-32s", v.kernel.Package, e.Yama, e.User, what)
	if len(v.wrong) == 0 {
		return fmt.Sprintf("%s ok   %6.1f s", line, v.seconds)
	}
	v.failed++
	line = fmt.Sprintf("%s FAIL %6.1f s", line, v.seconds)
	times := map[string]int{}
	for _, w := range v.wrong {
		if times[w]++; times[w] == 1 {
			line += "\n" + clip(w, 40)
		}
	}
	return fmt.Sprintf("%s\n    in %d of %d runs. Of the first of them:\n%s", line, len(v.wrong), e.Times, clip(v.telling(e), 80))
}

// telling is the part of the output that says what went wrong: of tests, what
// those that failed have printed.
func (v *verdict) telling(e experiment) string {
	if e.tests == "" || strings.Contains(v.output, "\npanic: ") {
		return v.output
	}
	var out strings.Builder
	for _, m := range resultForm.FindAllStringSubmatchIndex(v.output, -1) {
		name := v.output[m[4]:m[5]]
		if v.output[m[2]:m[3]] != "FAIL" || strings.Contains(name, "/") || v.excused(e.tests+" "+name) {
			continue
		}
		begin := strings.LastIndex(v.output[:m[0]], "=== RUN   "+name+"\n")
		end := m[1]
		for next := range strings.Lines(v.output[m[1]:]) { // its parts come behind it
			if strings.HasPrefix(next, "===") || strings.HasPrefix(next, "---") {
				break
			}
			end += len(next)
		}
		out.WriteString(v.output[max(begin, 0):end])
	}
	return out.String()
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	return line
}
