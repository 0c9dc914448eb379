//go:build linux

// Bench compares ways to count the instructions of a program: it runs them in
// turn on the same programs, round after round, and writes the ratios. A time
// alone says little of another machine; a ratio of one run says more.
//
//	go run ./tracer/count/bench -o docs
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"ptwalk/tracer/count"
)

func main() {
	rounds := flag.Int("rounds", 11, "how often each way is measured")
	out := flag.String("o", "", "write performance.md and its picture to this `folder`")
	flag.Parse()
	if err := bench(*rounds, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// base is what all others are compared with.
const base = "C, pinned"

// baseRIP asks for one word more at each stop, as the step engine has to.
const baseRIP = "C, pinned, reads rip"

// bySteps and byBlocks are our engines.
const bySteps, byBlocks = "ptwalk, engine step", "ptwalk, engine block"

// measured is the seconds of each round, by program and way.
type measured struct {
	seconds map[string]map[string][]float64
	counts  map[string]map[string]uint64
	stop    []float64        // the seconds of a stop at an int3 by C, by round
	stops   map[string]int64 // how often the block engine stops, by program
}

func bench(rounds int, out string) error {
	undo, _ := count.FixAddresses() // where that is refused, the counts vary
	defer undo()
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, traps, step, err := build(dir)
	if err != nil {
		return err
	}
	methods := installed(dir, step, filepath.Join("tracer", "count", "bench", "c", "count.py"))
	m := measured{seconds: map[string]map[string][]float64{}, counts: map[string]map[string]uint64{}, stops: map[string]int64{}}
	for round := range rounds {
		for _, p := range programs {
			for i := range methods {
				w := methods[(i+round)%len(methods)] // a slow moment meets another one each time
				if w.only != "" && w.only != p.name {
					continue
				}
				before := switches(syscall.RUSAGE_CHILDREN)
				seconds, n, err := w.run(p.path)
				if w.name == byBlocks {
					m.stops[p.name] = switches(syscall.RUSAGE_CHILDREN) - before
				}
				if err != nil {
					return fmt.Errorf("%s on %s: %w", w.name, p.name, err)
				}
				if m.seconds[p.name] == nil {
					m.seconds[p.name], m.counts[p.name] = map[string][]float64{}, map[string]uint64{}
				}
				m.seconds[p.name][w.name] = append(m.seconds[p.name][w.name], seconds)
				m.counts[p.name][w.name] = n
			}
		}
		seconds, n, err := inC(step, "-pc")(traps)
		if err != nil {
			return fmt.Errorf("int3 by int3: %w", err)
		}
		m.stop = append(m.stop, seconds/float64(n))
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
	}
	equal, err := compare()
	if err != nil {
		return err
	}
	needs, err := costs(dir)
	if err != nil {
		return err
	}
	parts, err := partsText()
	if err != nil {
		return err
	}
	text := report(programs, methods, m, equal, rounds) + costText(needs) + parts
	fmt.Print(text)
	if out == "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(out, "performance.md"), []byte(text), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "pictures", "performance.svg"), []byte(picture(programs, methods, m)), 0o644)
}

// ratios are a way's times through those of another, round by round, in order.
func ratios(a, b []float64) []float64 {
	var r []float64
	for i := range min(len(a), len(b)) {
		r = append(r, a[i]/b[i])
	}
	slices.Sort(r)
	return r
}

func median(sorted []float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}
