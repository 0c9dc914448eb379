package doctor

import (
	"bytes"
	"strings"
	"testing"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer/doctor"
)

// twoNotes is the report of a machine with two notes.
func twoNotes() *doctor.Report {
	r := &doctor.Report{OK: true, Requirements: map[string]doctor.Works{"1": doctor.Fully, "2": doctor.Partly, "3": doctor.Fully, "4": doctor.Fully, "5": doctor.Fully},
		Machine: doctor.Machine{Kernel: "6.12.9-amd64", Arch: "x86_64", User: "alice (1000)", UserNS: "initial", Container: "docker"}}
	for _, name := range doctor.CheckNames() {
		r.Checks = append(r.Checks, doctor.Check{Name: name, Result: doctor.OK, Code: "PT-OK", Why: "It works."})
	}
	two := strings.Repeat("Two lines of words. ", 5) + "No more."
	r.Checks[2] = doctor.Check{Name: "first", Result: doctor.Note, Code: "PT-KERNEL", Why: two, Fix: "Nothing to do."}
	r.Checks[5] = doctor.Check{Name: "second", Result: doctor.Note, Errno: "ENOEXEC", Code: "PT-32BIT", Why: two}
	return r
}

func textOf(r *doctor.Report) string {
	var out bytes.Buffer
	stage.Do(stage.Options{Sinks: []event.Sink{render.NewText(&out, render.Style{Width: 80})}}, func(s *stage.Stage) { tellReport(s, r, nil) })
	return out.String()
}

// TestDoctorTextFitsAScreen: with two notes the report has room on 24 rows, and
// loses nothing: the checks, their errno and their codes are there.
func TestDoctorTextFitsAScreen(t *testing.T) {
	text := textOf(twoNotes())
	if lines := strings.Count(text, "\n"); lines > 24 {
		t.Errorf("%d lines:\n%s", lines, text)
	}
	for _, want := range []string{"note, first: ", "Nothing to do. [PT-KERNEL]", "note, second (ENOEXEC): ", "[PT-32BIT]", "2 peekuser", "partly", "docker", "24 checks are ok"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q:\n%s", want, text)
		}
	}
}

// TestDoctorTextNamesEachCheck: checks with one cause are named together, and
// those of another errno apart.
func TestDoctorTextNamesEachCheck(t *testing.T) {
	r := twoNotes()
	third, fourth := r.Checks[5], r.Checks[5]
	third.Name, fourth.Name, fourth.Errno = "third", "fourth", "EPERM"
	r.Checks[6], r.Checks[7] = third, fourth
	text := textOf(r)
	for _, want := range []string{"note, second, third (ENOEXEC): ", "note, fourth (EPERM): ", "22 checks are ok"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q:\n%s", want, text)
		}
	}
	r.Checks[0].Result, r.Checks[0].Code, r.Checks[0].Errno = doctor.Fail, "PT-SECCOMP", "EPERM"
	if text = textOf(r); !strings.Contains(text, "What was refused:") || strings.Contains(text, "note, ") {
		t.Errorf("a table names the checks where one failed:\n%s", text)
	}
}
