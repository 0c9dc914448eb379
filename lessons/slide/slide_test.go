package slide_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/slide"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer"
)

// drawn is the text of a picture, and its places. It fails the test where the picture
// is not well-formed, is not as large as it says, or names another file.
func drawn(t *testing.T, svg string) (texts []string) {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(svg))
	var mono bool
	var x, size float64
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			for _, a := range e.Attr {
				number, _ := strconv.ParseFloat(a.Value, 64)
				switch a.Name.Local {
				case "x":
					x = number
				case "font-size":
					size = number
				case "font-family":
					mono = strings.Contains(a.Value, "Mono")
				case "href", "src", "style":
					t.Errorf("the picture does not stand alone: %s=%q", a.Name.Local, a.Value)
				}
				if a.Name.Local == "x" && (number < 0 || number > 1280) || a.Name.Local == "y" && (number < 0 || number > 710) {
					t.Errorf("%s=%s is beside the picture", a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			if text := string(e); strings.TrimSpace(text) != "" {
				texts = append(texts, text)
				if end := x + .6*size*float64(len([]rune(text))); mono && end > 1280 {
					t.Errorf("%q ends at %v", text, end)
				}
			}
		}
	}
}

// TestEveryStep draws each step of the walk: its request, its result, and where it
// comes from.
func TestEveryStep(t *testing.T) {
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range rec.Events {
			call, ok := e.(*event.Call)
			if !ok {
				continue
			}
			n++
			step, err := slide.StepOf(rec.Events, n)
			if err != nil || step.Call != call {
				t.Fatalf("step %d of lesson %d is %+v, %v", n, l.Number, step.Call, err)
			}
			texts := strings.Join(drawn(t, step.SVG()), "\n")
			expression, outcome := call.Spelled(event.Measured{})
			for _, want := range []string{expression + " = " + outcome, "\n= " + outcome, "REPLAY of a run on Linux ", fmt.Sprintf(". Step %d of ", n)} {
				if !strings.Contains(texts, want) {
					t.Errorf("step %d of lesson %d lacks %q:\n%s", n, l.Number, want, texts)
				}
			}
			if step.Stop != nil && !strings.Contains(texts, fmt.Sprintf("\n%s\nstatus 0x%04x  %s\n", step.When, uint32(step.Stop.Stop.Status), step.Stop.Said())) {
				t.Errorf("step %d of lesson %d lacks its status:\n%s", n, l.Number, texts)
			}
		}
	}
}

const child = 4211

// volunteer is a short run.
func volunteer() []event.Event {
	call := func(name string, by tracer.By) *event.Call {
		return &event.Call{N: 1, Call: tracer.Call{Name: name, Request: tracer.NotPtrace, By: by, TID: child}}
	}
	stop := func(status tracer.Status) *event.Stop {
		s := tracer.DecodeStatus(status)
		s.TID = child
		return &event.Stop{Stop: s}
	}
	return []event.Event{
		&event.Lesson{Number: 1, Name: "traceme", Kernel: "6.1", Machine: "x86_64"},
		&event.Section{Number: 1, Title: "The volunteer"},
		call("fork", tracer.ByTracer),
		call("execve", tracer.ByChild),
		call("wait4", tracer.ByTracer), stop(0x57f),
		call("PTRACE_GETREGS", tracer.ByTracer), &event.Regs{TID: child, Show: []string{"rip"}},
		call("PTRACE_CONT", tracer.ByTracer),
		call("wait4", tracer.ByTracer), stop(0x0b),
		&event.Section{Number: 2, Title: "Another"},
		call("fork", tracer.ByTracer),
		&event.End{},
	}
}

// TestStatus: which status belongs to a step. A section begins without one.
func TestStatus(t *testing.T) {
	for n, want := range []string{1: "", 2: "then wait4 tells 0x57f", 3: "wait4 tells 0x57f", 4: "wait4 has told before 0x57f", 5: "then wait4 tells 0xb", 6: "wait4 tells 0xb", 7: ""} {
		if n == 0 {
			continue
		}
		step, err := slide.StepOf(volunteer(), n)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if step.Stop != nil {
			got = fmt.Sprintf("%s %#x", step.When, uint32(step.Stop.Stop.Status))
		}
		if got != want {
			t.Errorf("step %d: %q, want %q", n, got, want)
		}
		if section := map[bool]int{true: 2, false: 1}[n == 7]; step.Section.Number != section {
			t.Errorf("step %d is in section %d, want %d", n, step.Section.Number, section)
		}
	}
}

// TestBits: the status is drawn bit by bit, and what a step has read stands below.
func TestBits(t *testing.T) {
	step, err := slide.StepOf(volunteer(), 4)
	if err != nil {
		t.Fatal(err)
	}
	texts := strings.Join(drawn(t, step.SVG()), " ")
	for _, want := range []string{
		" 1 traceme, section 1: The volunteer tracer ",
		" 31-16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 no event 15-8 0 0 0 0 0 1 0 1 5 SIGTRAP 7 0 6-0 1 1 1 1 1 1 1 stopped rip 0 ",
	} {
		if !strings.Contains(strings.Join(strings.Fields(texts), " ")+" ", want) {
			t.Errorf("%q is not in %q", want, texts)
		}
	}
}

// TestNoStep: a number that no step has.
func TestNoStep(t *testing.T) {
	for _, n := range []int{-1, 0, 8} {
		if _, err := slide.StepOf(volunteer(), n); err == nil || !strings.Contains(err.Error(), "the recording has 7 steps") {
			t.Errorf("step %d: %v", n, err)
		}
	}
}

// TestAnyText: a recording is somebody's file. Whatever stands in it, the picture is
// well-formed and nothing leaves it.
func TestAnyText(t *testing.T) {
	long := strings.Repeat("<\x01&\"]]>", 500)
	events := []event.Event{
		&event.Lesson{Name: "<b>", Kernel: "</svg>"}, &event.Section{Title: "a&b"},
		&event.Call{C: "execve(\"" + long + "\", {" + strings.Repeat("\"x\", ", 100) + "NULL}, envp) = 0", Call: tracer.Call{Name: "exe<cve"}},
		&event.Output{Text: strings.Repeat(long+"\n", 30)},
	}
	step, err := slide.StepOf(events, 1)
	if err != nil {
		t.Fatal(err)
	}
	texts := strings.Join(drawn(t, step.SVG()), "\n")
	if !strings.Contains(texts, "lines more") || strings.Contains(texts, "\x01") {
		t.Errorf("the picture has %.2000q", texts)
	}
}
