package pictures

import (
	"fmt"
	"strings"

	"ptwalk/lessons/stage/event"
)

// newMemory draws what execve makes of the child: on the left the child that has
// called TRACEME, on the right the new program at its first stop.
func newMemory() (*canvas, error) {
	h, err := section("01-traceme", 2)
	if err != nil {
		return nil, err
	}
	execve, err := h.call("execve")
	if err != nil {
		return nil, err
	}
	stop, err := h.stopAfter("execve")
	if err != nil {
		return nil, err
	}
	var regs *event.Regs
	for _, e := range h.events {
		if r, ok := e.(*event.Regs); ok && regs == nil {
			regs = r
		}
	}
	if regs == nil {
		return nil, fmt.Errorf("no registers were recorded")
	}
	argv := execve.Call.Argv
	if len(argv) == 0 {
		return nil, fmt.Errorf("the arguments of execve were not recorded")
	}

	c := &canvas{title: "From TRACEME to execve: the memory of the child before and after, and what stays", width: 760, height: 330}
	const left, right, wide = 20, 470, 270
	c.text(left, 26, "head", "start", "the child at TRACEME")
	for i, line := range []string{"our stack", "our data", "our code: TRACEME, then execve"} {
		c.box("running", left, 42+i*40, wide, 36)
		c.text(left+wide/2, 65+i*40, "", "middle", line)
	}
	c.text(right, 26, "head", "start", "the new program at its first stop")
	words := []string{"its strings", "the auxiliary vector", "NULL", "envp[0] \u2026", "NULL"}
	for i := len(argv) - 1; i >= 0; i-- {
		words = append(words, fmt.Sprintf("argv[%d]: %q", i, argv[i]))
	}
	words = append(words, fmt.Sprintf("argc: %d", len(argv)))
	for i, word := range words {
		c.box("stopped", right, 42+i*22, wide, 22)
		c.text(right+wide/2, 57+i*22, "", "middle", word)
	}
	foot := 42 + len(words)*22
	c.text(right-10, foot-7, "code", "end", "rsp "+h.spell.Addr(regs.Regs.SP()))
	c.box("stopped", right, foot+18, wide, 36)
	c.text(right+wide/2, foot+41, "", "middle", "code of "+argv[0])
	c.text(right-10, foot+41, "code", "end", "rip "+h.spell.Addr(regs.Regs.PC()))
	c.arrow(left+wide+12, 100, right-12, 100)
	c.text((left+wide+right)/2, 90, "code", "middle", "execve")
	c.text(left, 188, "head", "start", "What stays")
	for i, line := range []string{"the pid, the parent and the tracer", "open files, without close-on-exec", "the mask of blocked signals"} {
		c.text(left, 210+i*20, "", "start", line)
	}
	c.text(left, foot+94, "", "start", strings.Join([]string{
		"wait4 told the tracer: ", hex(stop.Stop.Status), ", ", stop.Said(), ". No instruction of ", argv[0], " has run."}, ""))
	c.height = foot + 112
	return c, nil
}
