//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
	"ptwalk/tracer/count/block"
)

// same is a program counted by both engines.
type same struct {
	program     string
	step, block count.Result
}

// compare counts programs of this machine by both engines.
func compare() (all []same, err error) {
	for _, argv := range [][]string{
		{"true"}, {"ls", "/"}, {"sh", "-c", "for i in 1 2 3 4 5; do echo $i; done"},
		{"gzip", "-c", "go.mod"}, {"sort", "go.mod"}, {"perl", "-e", "print 1+1"},
	} {
		path, err := exec.LookPath(argv[0])
		if err != nil {
			continue
		}
		null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		cfg := count.Config{Command: tracer.Command{Path: path, Argv: argv, Files: []*os.File{null, null, null},
			Env: []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "PERL_HASH_SEED=0", "PYTHONHASHSEED=0"}}}
		pair := same{program: strings.Join(argv, " ")}
		if pair.step, err = count.Run(cfg); err == nil {
			cfg.Engine = block.Engine{}
			pair.block, err = count.Run(cfg)
		}
		null.Close()
		if err != nil {
			return nil, fmt.Errorf("%v: %w", argv, err)
		}
		all = append(all, pair)
	}
	return all, nil
}

// bar is a limit for a ratio of times: a's through b's.
type bar struct {
	program, a, b string
	most          float64 // below 0: it is the least
	text, wants   string
}

var bars = []bar{
	{"static hello", bySteps, base, 1.05, "step engine to C on one CPU, static hello", "at most 1.05"},
	{"dynamic hello", bySteps, base, 1.05, "the same, dynamic hello", "at most 1.05"},
	{"tight loop", bySteps, base, 1.05, "the same, a tight loop", "at most 1.05"},
	{"static hello", "gdb, stepi in a loop", bySteps, -5, "gdb to step engine, static hello", "at least 5"},
	{"static hello", bySteps, byBlocks, -8, "step engine to block engine, static hello", "at least 8"},
	{"dynamic hello", bySteps, byBlocks, -8, "the same, dynamic hello", "at least 8"},
	{"tight loop", bySteps, byBlocks, -4, "the same, a tight loop", "at least 4"},
	{"static hello", "valgrind, lackey", byBlocks, -1, "valgrind lackey to block engine, static hello", "more than 1"},
	{"dynamic hello", "valgrind, lackey", byBlocks, -1, "the same, dynamic hello", "more than 1"},
}

func report(programs []program, methods []method, m measured, equal []same, rounds int) string {
	var w strings.Builder
	var uts unix.Utsname
	unix.Uname(&uts)
	fmt.Fprintf(&w, "# How fast ptwalk counts\n\n")
	fmt.Fprintf(&w, "`make bench` writes this page. It runs each way to count in turn, %d rounds, on the\nsame programs, and prints ratios: the median of the rounds, and their smallest and\nlargest in brackets. They are of one machine: Linux %s, %d CPUs.\n\n",
		rounds, unix.ByteSliceToString(uts.Release[:]), runtime.NumCPU())
	fmt.Fprintf(&w, "![The times of each way, as bars](pictures/performance.svg)\n\n")
	for _, p := range programs {
		fmt.Fprintf(&w, "## %s\n\n| way | time, of %s | instructions |\n|---|---|---|\n", strings.ToUpper(p.name[:1])+p.name[1:], base)
		for _, method := range methods {
			r := ratios(m.seconds[p.name][method.name], m.seconds[p.name][base])
			if len(r) == 0 {
				continue
			}
			n := "not told"
			if c := m.counts[p.name][method.name]; c > 0 {
				n = fmt.Sprint(c)
			}
			fmt.Fprintf(&w, "| %s | %s | %s |\n", method.name, spread(r), n)
		}
		fmt.Fprintln(&w)
	}
	fmt.Fprintf(&w, "C counts stops and not instructions; valgrind counts a repeated string\ninstruction once more. gdb's start is taken off; valgrind's and qemu's are part of\nthem.\n\n")
	fmt.Fprintf(&w, "## The bars\n\nptwalk is built against these limits for ratios of times. The last row compares two\ncounts.\n\n| ratio | bar | measured | met |\n|---|---|---|---|\n")
	for _, b := range bars {
		r := ratios(m.seconds[b.program][b.a], m.seconds[b.program][b.b])
		if len(r) == 0 {
			fmt.Fprintf(&w, "| %s | %s | not installed | |\n", b.text, b.wants)
			continue
		}
		met := "yes"
		if x := median(r); b.most > 0 && x > b.most || b.most < 0 && x < -b.most {
			met = "no"
		}
		digits := 2
		if b.most > 0 {
			digits = 3
		}
		fmt.Fprintf(&w, "| %s | %s | %s | %s |\n", b.text, b.wants, spreadTo(digits, r), met)
	}
	steps, gdb := m.counts["static hello"][bySteps], m.counts["static hello"]["gdb, stepi in a loop"]
	if gdb > 0 {
		met := "yes"
		if steps != gdb {
			met = "no"
		}
		fmt.Fprintf(&w, "| the count of the step engine and of gdb's stepi, static hello | equal | %d and %d | %s |\n", steps, gdb, met)
	}
	fmt.Fprint(&w, "\n", floors(programs, m))
	fmt.Fprintf(&w, "\n## The same count by both engines\n\n| program | by steps | by blocks | of them stepped | times as fast |\n|---|---|---|---|---|\n")
	for _, s := range equal {
		fmt.Fprintf(&w, "| %s | %d | %d | %d | %.1f |\n", s.program, s.step.Instructions, s.block.Instructions, s.block.Stepped, s.step.Seconds/s.block.Seconds)
	}
	return w.String()
}

// floors is what bounds the bars: the same requests, made by C.
func floors(programs []program, m measured) string {
	var w strings.Builder
	fmt.Fprintf(&w, `## What bounds them

C, pinned, makes two requests a step: PTRACE_SINGLESTEP and wait4. A counter makes a
third one and asks for rip. It tells the trap of a step from a SIGTRAP that somebody
has sent, which stops the program where it was, and it tells the instructions that
need care, such as syscall and pushf. This is the step engine's time through that of
the C loop with all three:

| program | measured |
|---|---|
`)
	for _, p := range programs {
		r := ratios(m.seconds[p.name][bySteps], m.seconds[p.name][baseRIP])
		fmt.Fprintf(&w, "| %s | %s |\n", p.name, spread(r))
	}
	fmt.Fprintf(&w, `
A block ends at an int3. The engine reads rip and the flags there, which tell where
the branch leads, and sets rip: PTRACE_GETREGS and PTRACE_POKEUSER, between wait4
and PTRACE_CONT. A C loop that does so and nothing else has the cheapest stops. So
blocks would be as many times as fast as the step engine, if each of their stops
cost that:

| program | stops by blocks | at most |
|---|---|---|
`)
	for _, p := range programs {
		var floor []float64
		for _, stop := range m.stop {
			floor = append(floor, stop*float64(m.stops[p.name]))
		}
		fmt.Fprintf(&w, "| %s | %d | %s |\n", p.name, m.stops[p.name], spread(ratios(m.seconds[p.name][bySteps], floor)))
	}
	return w.String()
}

// spread is the median of sorted ratios, and their ends.
func spread(sorted []float64) string { return spreadTo(2, sorted) }

func spreadTo(digits int, sorted []float64) string {
	return fmt.Sprintf("%.*f (%.*f to %.*f)", digits, median(sorted), digits, sorted[0], digits, sorted[len(sorted)-1])
}

// picture draws the medians as bars, on a scale of factors.
func picture(programs []program, methods []method, m measured) string {
	const left, width, row = 190, 430, 18
	var w strings.Builder
	y := 10
	var body strings.Builder
	for _, p := range programs {
		largest := 0.0
		for _, method := range methods {
			largest = max(largest, median(ratios(m.seconds[p.name][method.name], m.seconds[p.name][base])))
		}
		y += row
		fmt.Fprintf(&body, "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y, p.name)
		for _, method := range methods {
			x := median(ratios(m.seconds[p.name][method.name], m.seconds[p.name][base]))
			if x == 0 {
				continue
			}
			y += row
			fmt.Fprintf(&body, "<text x=\"10\" y=\"%d\">%s</text><rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"12\" fill=\"#4477aa\"/><text x=\"%.0f\" y=\"%d\">%.2f</text>\n",
				y, strings.ReplaceAll(method.name, "'", "&#39;"), left, y-11, max(1, x/largest*width), left+max(1, x/largest*width)+6, y, x)
		}
		y += row / 2
	}
	fmt.Fprintf(&w, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 %d\" font-family=\"sans-serif\" font-size=\"12\">\n<title>Time to count, where C on one CPU is 1</title>\n<rect width=\"700\" height=\"%d\" fill=\"#ffffff\"/>\n%s</svg>\n", y+10, y+10, body.String())
	return w.String()
}
