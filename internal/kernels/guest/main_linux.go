// Command guest is the first process of a machine of the laboratory. It mounts
// what programs expect, runs the cases of its list one after the other, tells
// the host how each has ended, and switches the machine off.
//
// Called by the name of a compiler it copies what the host has built before:
// see compiler_linux.go.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"ptwalk/internal/kernels/wire"
)

func main() {
	if os.Getpid() != 1 {
		os.Exit(compiler(filepath.Base(os.Args[0]), os.Args[1:]))
	}
	port, err := setUp()
	if err != nil {
		fmt.Println("guest:", err) // on the console
		off()
	}
	say := func(e wire.Event) {
		line, err := json.Marshal(e)
		if err != nil {
			panic(err)
		}
		port.Write(append(line, '\n'))
	}
	if err := work(say); err != nil {
		say(wire.Event{Fault: err.Error()})
	} else {
		say(wire.Event{Done: true})
	}
	off()
}

// work runs all cases.
func work(say func(wire.Event)) error {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return err
	}
	say(wire.Event{Hello: &wire.Hello{Release: unix.ByteSliceToString(name.Release[:])}})
	text, err := os.ReadFile(wire.Cases)
	if err != nil {
		return err
	}
	var cases []wire.Case
	if err := json.Unmarshal(text, &cases); err != nil {
		return err
	}
	for i, c := range cases {
		if now := yama(); now != c.Yama {
			if err := os.WriteFile(scope, []byte(strconv.Itoa(c.Yama)), 0); err != nil {
				return fmt.Errorf("ptrace_scope from %d to %d: %w", now, c.Yama, err)
			}
		}
		for range c.Times {
			run, err := perform(c)
			if err != nil {
				return fmt.Errorf("%v: %w", c.Argv, err)
			}
			run.Case = i
			say(wire.Event{Run: &run})
		}
	}
	return nil
}

const scope = "/proc/sys/kernel/yama/ptrace_scope"

// yama is ptrace_scope, or -1 without Yama.
func yama() int {
	text, err := os.ReadFile(scope)
	n, wrong := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || wrong != nil {
		return -1
	}
	return n
}
