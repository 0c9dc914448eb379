package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/tracer/doctor"
)

const doctorUsage = "ptwalk doctor [--json] [--for LESSON]"

// doctorHelper is the word by which the doctor starts ptwalk once more, to ask
// from another process. It is no command for people.
const doctorHelper = "doctor-helper"

// doctorMain probes this machine and says what works, what does not, and why.
func doctorMain(args []string) int {
	var f stage.Flags
	var word string
	one := false
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.RegisterLook(fs)
	fs.Func("for", "judge for one `lesson` alone: exit 0 if it can run, else 3", func(s string) error { word, one = s, true; return nil })
	operands, err := stage.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return stage.Print(fmt.Sprintf("%s\n\nProbes what this machine allows a tracer to do, and says what works, what does\nnot, and why. Exit status 3: no lesson can run.\n\n%s", doctorUsage, stage.FlagHelp(fs)))
	}
	if err == nil && len(operands) > 0 {
		err = fmt.Errorf("doctor takes no operand, and %q is one", operands[0])
	}
	if err == nil {
		err = f.Check()
	}
	var lesson *stage.Lesson
	if err == nil && one {
		var ok bool
		if lesson, ok = lessons.Find(word); !ok {
			err = noLesson(word)
		}
	}
	if err != nil {
		return stage.Usage(err, doctorUsage)
	}
	if err := stage.Here(); err != nil {
		return stage.Report(err)
	}
	report, ended := examine(lesson)
	if ended != 0 {
		return 128 + int(ended)
	}
	if status := printReport(f, &report, lesson); status != stage.ExitDone {
		return status
	}
	if !report.OK && (lesson != nil || report.None()) {
		return stage.ExitRefused
	}
	return stage.ExitDone
}

// examine probes, until a signal says stop.
func examine(lesson *stage.Lesson) (doctor.Report, syscall.Signal) {
	caught := make(chan os.Signal, 1)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(caught, sig)
		}
	}
	defer signal.Stop(caught)
	opt := doctor.Options{Helper: []string{os.Args[0], doctorHelper}, Lessons: lessons.Needs()}
	if lesson != nil {
		opt.Lessons = []doctor.Lesson{lessons.NeedsOf(lesson)}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan doctor.Report)
	go func() { done <- doctor.Examine(ctx, opt) }()
	select {
	case report := <-done:
		cancel()
		return report, 0
	case sig := <-caught:
		cancel()
		return <-done, sig.(syscall.Signal)
	}
}

func printReport(f stage.Flags, r *doctor.Report, lesson *stage.Lesson) int {
	if f.JSON {
		return stage.Report(r.WriteJSON(os.Stdout))
	}
	return stage.Tool(f, 0, f.Printer(), func(s *stage.Stage) { tellReport(s, r, lesson) })
}

// tellReport says the verdict, then each cause of a refusal, then the evidence.
// The checks that went well fold into one sentence.
func tellReport(s *stage.Stage, r *doctor.Report, lesson *stage.Lesson) {
	s.Say(verdict(r, lesson))
	var well []string
	told := map[string]bool{}
	for _, c := range r.Checks {
		if c.Result == doctor.OK {
			well = append(well, c.Name)
			continue
		}
		// Without a tracee, and under a tracer of ours, one cause explains all.
		if told[c.Code+c.Why] || told[c.Code] && (c.Errno == "ESRCH" || c.Code == "PT-TRACED") {
			continue
		}
		told[c.Code+c.Why], told[c.Code] = true, true
		text := c.Why
		if c.Fix != "" {
			text += " " + c.Fix
		}
		s.Say(fmt.Sprintf("%s: %s [%s]", c.Result, text, c.Code))
	}
	if lesson == nil {
		var rows [][]any
		for _, l := range lessons.All {
			rows = append(rows, []any{l.Number, l.Name, string(r.Lessons[strconv.Itoa(l.Number)])})
		}
		s.Say("Lesson by lesson:")
		s.Table("", []stage.Column{{Name: "lesson"}, {Name: "name"}, {Name: "works"}}, rows)
	}
	if rows := refusals(r); len(rows) > 0 {
		s.Say("What was refused:")
		s.Table("", []stage.Column{{Name: ""}, {Name: "errno"}, {Name: "code"}, {Name: "checks"}}, rows)
	}
	switch len(well) {
	case 0:
		s.Say("No check is ok.")
	case 1:
		s.Say("1 check is ok: " + well[0] + ".")
	default:
		s.Say(fmt.Sprintf("%d checks are ok: %s.", len(well), strings.Join(well, ", ")))
	}
	var rows [][]any
	for _, line := range r.Machine.Lines() {
		rows = append(rows, []any{line[0], line[1]})
	}
	s.Say("What is known of this machine:")
	s.Table("", []stage.Column{{Name: ""}, {Name: ""}}, rows)
}

// refusals are the checks that did not go well: a row for those that have
// result, errno and code in common.
func refusals(r *doctor.Report) (rows [][]any) {
	at := map[[3]string]int{}
	for _, c := range r.Checks {
		if c.Result == doctor.OK {
			continue
		}
		key := [3]string{string(c.Result), c.Errno, c.Code}
		if i, ok := at[key]; ok {
			rows[i][3] = rows[i][3].(string) + ", " + c.Name
			continue
		}
		at[key] = len(rows)
		rows = append(rows, []any{key[0], key[1], key[2], c.Name})
	}
	return rows
}

func verdict(r *doctor.Report, lesson *stage.Lesson) string {
	switch {
	case lesson != nil && r.OK:
		return fmt.Sprintf("Lesson %d can run here.", lesson.Number)
	case lesson != nil:
		return fmt.Sprintf("Lesson %d cannot run here. It can still be shown: ptwalk replay %d", lesson.Number, lesson.Number)
	case r.None():
		return "No lesson can run here. Each can still be shown: ptwalk replay 1"
	case !r.OK:
		return "Some lessons cannot run here. They can still be shown: ptwalk replay LESSON"
	}
	return "Every lesson can run here."
}
