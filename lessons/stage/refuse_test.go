package stage

import (
	"errors"
	"strings"
	"testing"

	"ptwalk/lessons/stage/exit"
	"ptwalk/tracer/doctor"
)

// TestRefusalKeepsItsFix: a lesson that is refused says the whole diagnosis, its
// code at the end, and in the last line how it can be shown.
func TestRefusalKeepsItsFix(t *testing.T) {
	for _, d := range []doctor.Diagnosis{
		{Code: "PT-YAMA-2", Why: "A short reason.", Fix: "Run ptwalk as root.", Exit: exit.Refused},
		{Code: "PT-TRACED", Why: "A reason of two lines " + strings.Repeat("and more ", 10) + "in it.", Fix: "Do this.", Exit: exit.Refused},
		{Code: "PT-SECCOMP", Why: "A reason of two lines " + strings.Repeat("and more ", 7) + "in it.",
			Fix: "A fix of two lines " + strings.Repeat("and more ", 7) + "in it.", Exit: exit.Refused},
	} {
		err := Do(Options{}, func(s *Stage) {
			s.lesson = &Lesson{Number: 3}
			s.Refuse(d)
		})
		var failure *exit.Failure
		if !errors.As(err, &failure) || failure.Exit != exit.Refused {
			t.Fatalf("%v", err)
		}
		lines := strings.Split(failure.Error(), "\n")
		last := len(lines) - 1
		if lines[last] != "Without ptrace it can still be shown: ptwalk replay 3" {
			t.Errorf("the last line is %q", lines[last])
		}
		if got, want := strings.Join(lines[:last], " "), d.Why+" "+d.Fix+" ["+d.Code+"]"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
