package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ptwalk/internal/kernels/wire"
)

// Deadlines. A guest that says nothing for the time of a run and slack on top
// hangs.
const (
	bootLimit = 5 * time.Minute
	slack     = 30 * time.Second
)

// machine is one boot of a kernel. The emulator carries out each instruction
// itself: hardware help is not asked for, so that it runs inside a virtual
// machine too. Without SMAP, as the emulator's iret and lcall reach the stack of
// a program with the rights of the kernel, and SMAP forbids that.
func (l *laboratory) machine(ctx context.Context, k kernel, console string) *exec.Cmd {
	return exec.CommandContext(ctx, "qemu-system-x86_64",
		"-accel", "tcg,thread=multi", "-cpu", "max,-smap", "-smp", strconv.Itoa(l.cpus), "-m", "2G",
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-kernel", k.image, "-initrd", l.initrd,
		"-append", "console=ttyS0 rdinit=/init panic=-1 mitigations=off",
		"-serial", "file:"+console, "-serial", "stdio")
}

// boot runs all cases on a kernel and hands each run to took. It returns the time
// that the emulator had of the processor. The error says why not all have run,
// with the end of the console.
func (l *laboratory) boot(ctx context.Context, k kernel, took func(wire.Event)) (time.Duration, error) {
	dir := filepath.Dir(k.image)
	console := filepath.Join(dir, "console")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := l.machine(ctx, k, console)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("%w; on Debian: apt-get install qemu-system-x86", err)
	}
	events := make(chan wire.Event)
	go read(ctx, bufio.NewReader(out), events)
	err = follow(events, l.wire(), took)
	cancel()
	for range events { // until the reader has ended
	}
	cmd.Wait() // killed or not: what counts is what the guest said
	busy := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if err != nil {
		return busy, fmt.Errorf("%w\n%s%s", err, errs.Bytes(), lastLines(console, 30))
	}
	return busy, complaints(console)
}

// complaintForm is how a kernel begins to tell that something in it went wrong.
var complaintForm = regexp.MustCompile(`(?m)^\[[ .\d]+\] (BUG:|WARNING:|Oops:|INFO: task|rcu: INFO|general protection fault).*$`)

// complaints are what a kernel has said of itself, though all cases have run.
func complaints(console string) error {
	text, err := os.ReadFile(console)
	if err != nil {
		return err
	}
	if at := complaintForm.FindIndex(text); at != nil {
		lines := strings.SplitAfterN(string(text[at[0]:]), "\n", 30)
		return fmt.Errorf("the kernel complains:\n%s", clip(strings.Join(lines[:len(lines)-1], ""), 30))
	}
	return nil
}

// read reads the guest's lines. The channel is closed where they end.
func read(ctx context.Context, r *bufio.Reader, events chan<- wire.Event) {
	defer close(events)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return
		}
		var e wire.Event
		if err := json.Unmarshal(line, &e); err != nil {
			e = wire.Event{Fault: fmt.Sprintf("a line that does not parse: %v: %.200q", err, line)}
		}
		select {
		case events <- e:
		case <-ctx.Done():
			return
		}
	}
}

// follow takes events until the last one, each within its time.
func follow(events <-chan wire.Event, cases []wire.Case, took func(wire.Event)) error {
	limit, next, runs := bootLimit, 0, 0
	for {
		timer := time.NewTimer(limit)
		select {
		case e, ok := <-events:
			timer.Stop()
			switch {
			case !ok:
				return errors.New("the machine ended before its last case")
			case e.Fault != "":
				return errors.New(e.Fault)
			case e.Done:
				return nil
			}
			took(e)
			if e.Run != nil {
				if runs++; runs == cases[next].Times {
					next, runs = next+1, 0
				}
			}
			limit = slack
			if next < len(cases) {
				limit += cases[next].Limit
			}
		case <-timer.C:
			return fmt.Errorf("no word from the machine for %v: it hangs", limit)
		}
	}
}

// lastLines is the end of a file.
func lastLines(name string, n int) string {
	text, _ := os.ReadFile(name)
	return clip(string(text), n)
}

// clip are the last lines of a text, indented.
func clip(text string, n int) string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r", ""), "\n"), "\n")
	if len(lines) > n {
		lines = append([]string{"..."}, lines[len(lines)-n:]...)
	}
	return "    " + strings.Join(lines, "\n    ")
}
