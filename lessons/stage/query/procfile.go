package query

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// worthSeeing are the fields of /proc/TID/status that a tracer looks at.
var worthSeeing = []string{"Name", "State", "Tgid", "Pid", "PPid", "TracerPid", "Threads", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"}

// status shows the lines of /proc/TID/status that are named, or all, or those that
// matter to a tracer. Of an earlier stop the wait status was recorded.
func (t *Tracee) status(words []string) error {
	if past, ok := t.Source.(*Recording); ok {
		return past.status(words)
	}
	lines, err := t.file("status")
	if err != nil {
		return err
	}
	if len(words) == 1 && strings.EqualFold(words[0], "all") {
		t.tell(lines)
		return nil
	}
	wanted := words
	if len(words) == 0 {
		wanted = worthSeeing
	}
	var found []string
	for _, word := range wanted {
		i := slices.IndexFunc(lines, func(line string) bool {
			name, _, _ := strings.Cut(line, ":")
			return strings.EqualFold(name, strings.TrimSuffix(word, ":"))
		})
		switch {
		case i >= 0:
			found = append(found, lines[i])
		case len(words) > 0:
			return wrong{fmt.Sprintf("/proc/%d/status has no field %q; status all shows all %d.", t.TID, word, len(lines))}
		}
	}
	t.tell(found)
	if len(words) == 0 {
		t.Emit(&event.Note{Format: "status all shows all %v lines, status State one of them.", Args: []any{event.Count(len(lines))}})
	}
	return nil
}

func (t *Tracee) maps(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	lines, err := t.file("maps")
	if err != nil {
		return err
	}
	t.tell(lines)
	return nil
}

// tell prints lines as a listing.
func (t *Tracee) tell(lines []string) {
	if len(lines) > 0 {
		t.Emit(&event.Say{Text: "    " + strings.Join(lines, "\n    ")})
	}
}

// file reads a file of /proc/TID, and tells that it was opened.
func (t *Tracee) file(name string) (lines []string, err error) {
	if _, ok := t.Source.(*Recording); ok {
		return nil, ErrNotRecorded
	}
	path := fmt.Sprintf("/proc/%d/%s", t.TID, name)
	call := tracer.Call{Name: "openat", Request: tracer.NotPtrace, By: tracer.ByTracer, TID: t.TID}
	f, err := os.Open(path)
	var refused *fs.PathError
	if errors.As(err, &refused) {
		call.Errno, _ = refused.Err.(syscall.Errno)
		call.Result = -int64(call.Errno)
	} else {
		call.Result = int64(f.Fd())
	}
	c := fmt.Sprintf("openat(AT_FDCWD, %q, O_RDONLY|O_CLOEXEC) = ", path)
	t.Emit(&event.Call{Call: call, N: 1, C: c + call.Outcome(tracer.Measured{})})
	if err != nil {
		return nil, &tracer.Error{Request: "openat", TID: t.TID, Err: call.Errno}
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, wrong{"It cannot be read: " + err.Error()}
	}
	for line := range strings.Lines(string(text)) {
		lines = append(lines, event.Clean(event.OneLine(line)))
	}
	return lines, nil
}
