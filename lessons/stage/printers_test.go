package stage

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ptwalk/tracer"
)

var golden = flag.Bool("golden", false, "write testdata/printers.txtar instead of comparing with it")

// made is a run that was made up to hold one event of each kind.
func made() []Event {
	one := 0
	code := 2
	at := func(ms int) Base {
		return Base{T: time.Duration(ms) * time.Millisecond, At: "lessons/09-made/made.go:7"}
	}
	trap := tracer.Stop{TID: 4211, Status: 0x57f, Kind: tracer.SignalDelivery, Signal: tracer.SIGTRAP}
	regs := tracer.Regs{RIP: 0x401005, RDI: 1, CS: 0x33}
	question := &PredictEvent{Base: at(6), Question: "Which call?", Right: 1, Given: &one,
		Answers: []Answer{{"11", "It is munmap here."}, {"59", "It is execve."}}}
	return []Event{
		&LessonEvent{at(0), 9, "made", "an example", "6.1", "x86_64", "devel", 4210, false},
		&SectionEvent{at(1), 1, "Every kind"},
		&SayEvent{at(2), "The *tracer* asks by `ptrace`.\n\n    mov edi, 1\n    syscall"},
		&CallEvent{Base: at(3), N: 1, Call: tracer.Call{Name: "fork", Request: 1 << 63, By: tracer.ByTracer, TID: 4211, Result: 4211}},
		&CallEvent{Base: at(3), N: 1, Call: tracer.Call{Name: "PTRACE_TRACEME", By: tracer.ByChild, TID: 4211}},
		&StopEvent{Base: at(4), Stop: trap},
		&StopEvent{Base: at(4), Stop: trap, Code: &code},
		&StopEvent{Base: at(4), Stop: tracer.Stop{TID: 4211, Status: 0x8b, Kind: tracer.Killed, Signal: tracer.SIGSEGV, CoreDumped: true}},
		question,
		&CallEvent{Base: at(7), N: 1, Call: tracer.Call{Name: "PTRACE_PEEKUSER", Request: tracer.PeekUser, By: tracer.ByTracer,
			TID: 4211, Addr: 120, Value: 59, HasValue: true}},
		&CallEvent{Base: at(7), N: 1, Call: tracer.Call{Name: "PTRACE_PEEKUSER", Request: tracer.PeekUser, By: tracer.ByTracer,
			TID: 4211, Addr: 60, Errno: syscall.EIO, Result: -5}},
		&NoteEvent{at(8), "%v is execve.", []any{tracer.Word(59)}, ""},
		&RegsEvent{Base: at(9), TID: 4211, Regs: regs, Changed: []string{"rip"}, Show: []string{"rip", "rdi"}},
		&InstructionEvent{at(10), 4211, 0x401000, []byte{0xbf, 1, 0, 0, 0}, "mov edi, 0x1", "rdi becomes 1.", "_start"},
		&MemoryEvent{at(11), 4211, 0x402000, []byte("Hello\n")},
		&CallEvent{Base: at(12), N: 1000, Loop: 2, Turn: 1, Call: tracer.Call{Name: "PTRACE_SINGLESTEP", Request: tracer.SingleStep, By: tracer.ByTracer, TID: 4211}},
		&CallEvent{Base: at(12), N: 1000, Loop: 2, Turn: 2, Call: tracer.Call{Name: "wait4", Request: 1 << 63, By: tracer.ByTracer, TID: 4211, Result: 4211, Value: 0x57f, HasValue: true}},
		&CallEvent{Base: at(13), N: 1, Brief: true, Call: tracer.Call{Name: "PTRACE_GETREGS", Request: tracer.GetRegs, Pointer: "&regs", By: tracer.ByTracer, TID: 4211}},
		&OutputEvent{at(13), "stdout", "Hello\x1b[2J\n"},
		&CountEvent{Base: at(14), Program: []string{"hello64"}, Instructions: 7, Stops: 7, Engine: "step", Seconds: 0.5, Exit: 1},
		&TableEvent{at(15), "Two programs", []Column{{Name: "program"}, {Name: "instructions", Right: true}, {Bar: true}},
			[][]any{{"assembly", 7, 7}, {"C", Count(1008), Count(1008)}}},
		&EndEvent{at(16), 0},
	}
}

// TestPrinters shows one run in every form, side by side in one file.
func TestPrinters(t *testing.T) {
	var plain, narrow, accessible, markdown, stable, lines bytes.Buffer
	printers := []struct {
		name string
		out  *bytes.Buffer
		sink Sink
	}{
		{"plain", &plain, NewText(&plain, Style{Width: 80})},
		{"narrow", &narrow, NewText(&narrow, Style{Width: 60})},
		{"accessible", &accessible, NewText(&accessible, Style{Width: 80, Accessible: true})},
		{"stable", &stable, NewText(&stable, Style{Width: 80, Spell: NewStable()})},
		{"markdown", &markdown, NewMarkdown(&markdown, Style{Width: 80})},
		{"json", &lines, NewJSON(&lines)},
	}
	archive := &txtar.Archive{Comment: []byte("One made-up run in every form. To write it anew: go test ./lessons/stage -golden\n\n")}
	for _, p := range printers {
		for _, e := range made() {
			p.sink.Event(e)
		}
		archive.Files = append(archive.Files, txtar.File{Name: p.name, Data: p.out.Bytes()})
	}
	const file = "testdata/printers.txtar"
	got := txtar.Format(archive)
	if *golden {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the printers differ from %s (-want +got):\n%s\nIf the change is meant: go test ./lessons/stage -golden", file, diff)
	}
}

func TestTextIsAsWideAsItMayBe(t *testing.T) {
	for _, width := range []int{40, 60, 80} {
		var out bytes.Buffer
		p := NewText(&out, Style{Width: width})
		p.Event(&SayEvent{Text: "Every stopped tracee has a USER area, a window that the kernel cuts into its saved registers."})
		p.Event(&NoteEvent{Format: "One line, %v instructions, and none of them is its own, for ptrace knows no lines.", Args: []any{Count(1564)}})
		for line := range bytes.Lines(out.Bytes()) {
			if len(line)-1 > width {
				t.Errorf("width %d: %d columns: %s", width, len(line)-1, line)
			}
		}
	}
}

// TestTrace: each line is handed out with the events that it tells, and the
// lines are those that are printed.
func TestTrace(t *testing.T) {
	var out bytes.Buffer
	var lines []string
	told := map[Event]bool{}
	text := NewText(&out, Style{Width: 80})
	text.Trace(func(line string, cause []Event) {
		lines = append(lines, line+"\n")
		for _, e := range cause {
			told[e] = true
		}
		if strings.HasPrefix(line, "  calls") && (len(cause) != 1 || cause[0].Kind() != "call") {
			t.Errorf("%q is told by %v", line, cause)
		}
	})
	events := made()
	for _, e := range events {
		text.Event(e)
	}
	for _, e := range events {
		if !told[e] {
			t.Errorf("no line tells the %s event", e.Kind())
		}
	}
	if got := strings.Join(lines, ""); got != out.String() {
		t.Error(cmp.Diff(out.String(), got))
	}
}
