//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

var benchLine = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op.*?\s(\d+) allocs/op`)

// partsText is the section of the page about the Go benchmarks of the tracer and
// the printers.
func partsText() (string, error) {
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", ".", "-benchmem", "./tracer", "./tracer/count", "./lessons/stage").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go test -bench: %w\n%s", err, out)
	}
	var w strings.Builder
	fmt.Fprintf(&w, "\n## The parts\n\nGo benchmarks: a step and its wait by the tracer's plain requests, which the lessons\nmake, and then by the step engine; the registers; a status decoded; an event through\neach printer.\n\n| | ns | allocations |\n|---|---|---|\n")
	pkg := ""
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(line, "pkg: ptwalk/"); ok {
			pkg = strings.TrimSpace(name)
		}
		if m := benchLine.FindStringSubmatch(line); m != nil {
			fmt.Fprintf(&w, "| %s: %s | %s | %s |\n", pkg, m[1], m[2], m[3])
		}
	}
	return w.String(), nil
}
