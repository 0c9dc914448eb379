// Command kernels is a laboratory: it boots Debian's kernels in an emulator, one
// after the other or two at a time, and runs the lessons, the tools and the
// tests of the tracer on each of them, under every setting of Yama, as root and
// as an ordinary user.
//
//	go run ./internal/kernels [-only 6.1] [-run REGEXP] [-jobs N] [-write]
//	go run ./internal/kernels [-only 6.1] -sh 'ptwalk 3 --plain'
//
// Each case is a line on standard output: kernel, ptrace_scope, user, what, ok
// or FAIL, seconds. Exit status 1: a case failed, or a kernel could not be had.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"ptwalk/internal/kernels/wire"
)

func main() {
	only := flag.String("only", "", "kernels of these `series` alone: 6.1,6.12")
	run := flag.String("run", "", "cases whose words match the `regexp` alone")
	jobs := flag.Int("jobs", 2, "how many machines run at a time")
	cpus := flag.Int("cpus", 1, "how many processors each has; with more than this machine can give at a time, stepping is slow")
	script := flag.String("sh", "", "instead of all cases, a `script` for the guest's shell, as root; its output is shown")
	write := flag.Bool("write", false, "write "+resultFile+", which the pages of docs are woven from")
	flag.Parse()
	wanted, err := regexp.Compile(*run)
	if err == nil && flag.NArg() > 0 {
		err = fmt.Errorf("%q is no flag", flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cache, err := filepath.Abs(filepath.Join("build", "kernels"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(2)
	}
	lab := &laboratory{cache: cache, jobs: *jobs, cpus: *cpus, write: *write, whole: *run == ""}
	all := experiments()
	if *script != "" {
		lab.whole = false
		all = []experiment{room{0, "root"}.experiment(shell, 10*time.Minute, ends(0), "/bin/sh", "-c", *script)}
	}
	for _, e := range all {
		if wanted.MatchString(fmt.Sprintf("yama %d %s %s", e.Yama, e.User, e.what)) {
			lab.cases = append(lab.cases, e)
		}
	}
	failed, err := lab.work(ctx, *only)
	if err != nil {
		fmt.Println("FAIL:", err)
		failed++
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// laboratory is a set of kernels, and what to try on each.
type laboratory struct {
	cache  string
	jobs   int
	cpus   int
	cases  []experiment
	initrd string

	whole bool // these are all cases
	write bool

	out sync.Mutex // one line at a time
}

// work does all, and returns how many cases failed.
func (l *laboratory) work(ctx context.Context, only string) (failed int, err error) {
	if _, err := os.Stat("go.mod"); err != nil {
		return 0, fmt.Errorf("%w: run this in the module's folder", err)
	}
	began := time.Now()
	all, err := fetch(ctx, l.cache)
	if err != nil {
		return 0, err
	}
	if only != "" {
		all = slices.DeleteFunc(all, func(k kernel) bool { return !slices.Contains(strings.Split(only, ","), k.Series) })
	}
	if len(all) == 0 {
		return 0, fmt.Errorf("there is no kernel %s among Debian's", only)
	}
	l.initrd, err = builder{root: ".", dir: filepath.Join(l.cache, "initrd")}.initrd(ctx, l.wire())
	if err != nil {
		return 0, err
	}
	fmt.Printf("kernels fetched, programs built in %.0f s\n", time.Since(began).Seconds())
	verdicts := l.tryAll(ctx, all)
	passed := 0
	var now []shown
	for _, v := range verdicts {
		l.conclude(v)
		failed += v.failed
		passed += v.done - v.failed
		now = append(now, v.show())
	}
	if table := answers(verdicts); table != "" {
		l.say("%s", table)
	}
	l.say("%d kernels in %.0f s\n%d passed, %d failed", len(all), time.Since(began).Seconds(), passed, failed)
	if failed > 0 || only != "" || !l.whole {
		return failed, nil
	}
	if l.write {
		return 0, writeResult(now)
	}
	wrong, notes, err := compare(now)
	for _, note := range notes {
		l.say("note: %s", note)
	}
	if len(wrong) > 0 {
		err = fmt.Errorf("%s\nThis repairs it: go run ./internal/kernels -write; make docs", strings.Join(wrong, "\n"))
	}
	return 0, err
}

// tryAll tries all kernels, some at a time.
func (l *laboratory) tryAll(ctx context.Context, all []kernel) []*verdict {
	verdicts := make([]*verdict, len(all))
	turn := make(chan bool, l.jobs)
	var wait sync.WaitGroup
	for i, k := range all {
		turn <- true
		wait.Go(func() {
			verdicts[i] = l.try(ctx, k)
			<-turn
		})
	}
	wait.Wait()
	return verdicts
}

// wire are the cases as the guest needs them.
func (l *laboratory) wire() []wire.Case {
	var all []wire.Case
	for _, e := range l.cases {
		all = append(all, e.Case)
	}
	return all
}

// try runs all cases on one kernel.
func (l *laboratory) try(ctx context.Context, k kernel) *verdict {
	v := newVerdict(k, l.cases)
	began := time.Now()
	busy, err := l.boot(ctx, k, func(e wire.Event) {
		switch {
		case e.Hello != nil:
			l.say("%-22s is up after %.1f s, as %s", k.Package, time.Since(began).Seconds(), e.Hello.Release)
			if !strings.HasPrefix(e.Hello.Release, k.Series+".") {
				l.say("%-22s FAIL: this is no kernel %s", k.Package, k.Series)
				v.failed++
			}
		case e.Run != nil:
			l.keep(v, *e.Run)
			if line, ok := v.take(*e.Run); ok {
				l.say("%s", line)
			}
			if l.cases[e.Run.Case].what == shell {
				l.say("%s", e.Run.Output)
			}
		}
	})
	if err != nil {
		missing := len(l.cases) - v.done
		v.failed += max(missing, 1)
		v.done += max(missing, 1)
		l.say("%-22s FAIL: %v", k.Package, err)
		if missing > 0 {
			l.say("    %d cases did not come to their end", missing)
		}
	}
	l.say("%-22s took %.0f s, %.0f s of a processor", k.Package, time.Since(began).Seconds(), busy.Seconds())
	return v
}

// keep keeps the whole output of a run in a file.
func (l *laboratory) keep(v *verdict, run wire.Run) {
	e := l.cases[run.Case]
	name := fmt.Sprintf("%s yama %d %s %s %d.txt", v.kernel.Series, e.Yama, e.User, strings.ReplaceAll(e.what, "/", "-"), v.runs+1)
	dir := filepath.Join(l.cache, "output")
	os.MkdirAll(dir, 0o777)
	os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "_")), []byte(run.Output), 0o666)
}

// conclude tells what concerns a whole kernel: exceptions, and
// tests not made.
func (l *laboratory) conclude(v *verdict) {
	for _, needless := range v.needless() {
		v.failed++
		l.say("%-22s FAIL: %s", v.kernel.Package, needless)
	}
	for _, test := range slices.Sorted(maps.Keys(v.skips)) {
		if !v.passed[test] {
			l.say("%-22s skipped: %s: %s", v.kernel.Package, test, v.skips[test])
		}
	}
}

// say prints a line, or some that belong together.
func (l *laboratory) say(format string, args ...any) {
	l.out.Lock()
	defer l.out.Unlock()
	fmt.Printf(format+"\n", args...)
}
