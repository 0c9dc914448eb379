//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
	"ptwalk/tracer/count/block"
)

// program is what is counted.
type program struct{ name, path string }

// method is one way to count. run returns its seconds and its count, 0 where it
// tells none.
type method struct {
	name string
	only string // the only program that it is tried on, or ""
	run  func(path string) (seconds float64, n uint64, err error)
}

// build compiles the programs, one of int3 alone, and the stepper in C.
func build(dir string) (programs []program, traps, step string, err error) {
	for _, c := range []struct {
		name, source string
		flags        []string
	}{
		{"static hello", "hello.c", []string{"-O2", "-static"}},
		{"dynamic hello", "hello.c", []string{"-O2"}},
		{"tight loop", "loop.c", []string{"-O2", "-static", "-nostdlib"}},
		{"", "traps.c", []string{"-O2", "-static", "-nostdlib"}},
		{"", "step.c", []string{"-O2"}},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-")+"-"+strings.TrimSuffix(c.source, ".c"))
		args := append(c.flags, "-o", path, filepath.Join("tracer", "count", "bench", "c", c.source))
		if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
			return nil, "", "", fmt.Errorf("gcc %s: %w\n%s", c.source, err, out)
		}
		switch {
		case c.name != "":
			programs = append(programs, program{c.name, path})
		case c.source == "traps.c":
			traps = path
		default:
			step = path
		}
	}
	return programs, traps, step, nil
}

// installed are the methods that this machine has.
func installed(dir, step, script string) []method {
	methods := []method{
		{base, "", inC(step, "-p")},
		{baseRIP, "", inC(step, "-pr")},
		{"C, the tutorials' loop", "", inC(step)},
		{bySteps, "", ours(nil)},
		{byBlocks, "", ours(block.Engine{})},
	}
	if gdb, err := exec.LookPath("gdb"); err == nil {
		methods = append(methods, method{"gdb, stepi in a loop", "static hello", inGdb(gdb, script)})
	}
	if valgrind, err := exec.LookPath("valgrind"); err == nil {
		methods = append(methods, method{"valgrind, lackey", "", wall(regexp.MustCompile(`guest instrs:\s+([\d,]+)`), valgrind, "--tool=lackey")})
	}
	if qemu, err := exec.LookPath("qemu-x86_64"); err == nil {
		if plugin := qemuPlugin(dir, qemu); plugin != "" {
			methods = append(methods, method{"qemu-user, plugin", "", wall(regexp.MustCompile(`instructions (\d+)`), qemu, "-plugin", plugin)})
		}
	}
	if perf, err := exec.LookPath("perf"); err == nil && perfCounts(perf) {
		methods = append(methods, method{"perf stat", "", wall(regexp.MustCompile(`([\d,]+)\s+instructions:u`), perf, "stat", "-e", "instructions:u")})
	}
	return methods
}

// qemuPlugin builds a plugin that counts, and is "" where this qemu takes none.
func qemuPlugin(dir, qemu string) string {
	plugin := filepath.Join(dir, "plugin.so")
	source := filepath.Join("tracer", "count", "bench", "c", "plugin.c")
	if exec.Command("gcc", "-O2", "-shared", "-fPIC", "-o", plugin, source).Run() != nil ||
		exec.Command(qemu, "-plugin", plugin, "/bin/true").Run() != nil {
		return ""
	}
	return plugin
}

// perfCounts says whether the processor's counter can be used here.
func perfCounts(perf string) bool {
	out, err := exec.Command(perf, "stat", "-e", "instructions:u", "true").CombinedOutput()
	return err == nil && !bytes.Contains(out, []byte("<not"))
}

func inC(step string, flags ...string) func(string) (float64, uint64, error) {
	return func(path string) (seconds float64, n uint64, err error) {
		cmd := exec.Command(step, append(flags, path)...)
		cmd.Env = []string{}
		var text bytes.Buffer
		cmd.Stderr = &text
		if err = cmd.Run(); err == nil {
			_, err = fmt.Sscan(text.String(), &n, &seconds)
		}
		return seconds, n, err
	}
}

func ours(engine count.Engine) func(string) (float64, uint64, error) {
	return func(path string) (float64, uint64, error) {
		null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			return 0, 0, err
		}
		defer null.Close()
		res, err := count.Run(count.Config{Engine: engine, Command: tracer.Command{
			Path: path, Argv: []string{path}, Env: []string{}, Files: []*os.File{null, null, null}}})
		return res.Seconds, res.Instructions, err
	}
}

// inGdb takes the time of gdb's start off, measured with no step.
func inGdb(gdb, script string) func(string) (float64, uint64, error) {
	run := func(path string, args ...string) (float64, []byte, error) {
		args = append([]string{"-nx", "-batch", "-ex", "set debuginfod enabled off",
			"-ex", "set startup-with-shell off", "-ex", "unset environment", "-ex", "starti"}, args...)
		cmd := exec.Command(gdb, append(args, path)...)
		cmd.Env = []string{"PATH=/usr/bin:/bin"}
		var text bytes.Buffer
		cmd.Stderr = &text // its standard output is /dev/null, as that of all others
		begin := time.Now()
		err := cmd.Run()
		return time.Since(begin).Seconds(), text.Bytes(), err
	}
	return func(path string) (float64, uint64, error) {
		start, _, err := run(path, "-ex", "kill")
		if err != nil {
			return 0, 0, err
		}
		seconds, out, err := run(path, "-x", script)
		if err != nil {
			return 0, 0, err
		}
		found := regexp.MustCompile(`STEPS (\d+)`).FindSubmatch(out)
		if found == nil {
			return 0, 0, fmt.Errorf("no count in %q", out)
		}
		n, _ := strconv.ParseUint(string(found[1]), 10, 64)
		return seconds - start, n, nil
	}
}

// wall is the time of a whole command that prints a count.
func wall(counted *regexp.Regexp, command string, args ...string) func(string) (float64, uint64, error) {
	return func(path string) (float64, uint64, error) {
		cmd := exec.Command(command, append(args[:len(args):len(args)], path)...)
		cmd.Env = []string{"PATH=/usr/bin:/bin"}
		var text bytes.Buffer
		cmd.Stderr = &text
		begin := time.Now()
		err := cmd.Run()
		seconds := time.Since(begin).Seconds()
		var n uint64
		if found := counted.FindSubmatch(text.Bytes()); found != nil {
			n, _ = strconv.ParseUint(strings.ReplaceAll(string(found[1]), ",", ""), 10, 64)
		}
		return seconds, n, err
	}
}
