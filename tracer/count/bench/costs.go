//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
	"ptwalk/tracer/count/block"
	"ptwalk/tracer/procfs"
)

// cost is what one engine needs beside time, for a million instructions.
type cost struct {
	engine       string
	instructions uint64
	switches     float64 // of context, by us and by the program, for one instruction
	allocations  uint64  // of ours
	memory       int64   // that we have more than before, in KiB
}

// costs counts a loop of a million instructions by each engine.
func costs(dir string) (all []cost, err error) {
	path := filepath.Join(dir, "million")
	out, err := exec.Command("gcc", "-O2", "-static", "-nostdlib", "-o", path,
		filepath.Join("tracer", "count", "bench", "c", "million.c")).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("gcc million.c: %w\n%s", err, out)
	}
	for _, engine := range []count.Engine{nil, block.Engine{}} {
		c, err := costOf(engine, path)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func costOf(engine count.Engine, path string) (c cost, err error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return c, err
	}
	defer null.Close()
	cfg := count.Config{Engine: engine, Histogram: true, Command: tracer.Command{
		Path: path, Argv: []string{path}, Files: []*os.File{null, null, null}}}
	var before, after runtime.MemStats
	had, switched := resident(), switches(rusageThread, syscall.RUSAGE_CHILDREN)
	runtime.ReadMemStats(&before)
	res, err := count.Run(cfg)
	runtime.ReadMemStats(&after)
	return cost{
		res.Engine, res.Instructions, float64(switches(rusageThread, syscall.RUSAGE_CHILDREN)-switched) / float64(res.Instructions),
		after.Mallocs - before.Mallocs, resident() - had,
	}, err
}

// rusageThread is RUSAGE_THREAD of getrusage(2).
const rusageThread = 1

// switches are the context switches of those that getrusage(2) is asked for.
func switches(whose ...int) (n int64) {
	for _, who := range whose {
		var u syscall.Rusage
		syscall.Getrusage(who, &u)
		n += int64(u.Nvcsw) + int64(u.Nivcsw)
	}
	return n
}

// resident is the memory of this process in KiB.
func resident() (kib int64) {
	fmt.Sscan(procfs.StatusField(procfs.Self, "VmRSS"), &kib)
	return kib
}

// costText is the section of the page.
func costText(all []cost) string {
	var w strings.Builder
	fmt.Fprintf(&w, "\n## A million instructions\n\nWhat the engines need beside time for a loop of a million instructions. A stop\nneeds two context switches at least: one to the tracer and one back. The block engine\nstops less often than at each instruction.\n\n")
	fmt.Fprintf(&w, "| engine | instructions | context switches an instruction | allocations | more memory after it |\n|---|---|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&w, "| %s | %d | %.2f | %d | %d KiB |\n", c.engine, c.instructions, c.switches, c.allocations, c.memory)
	}
	return w.String()
}
