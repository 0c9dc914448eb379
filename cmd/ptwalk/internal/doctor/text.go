package doctor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/tracer/doctor"
)

// tellReport says the verdict, then each cause of a refusal, then the evidence. It
// has room on a screen of 24 rows where nothing failed and there are two notes.
// The checks that went well fold into one sentence.
func tellReport(s *stage.Stage, r *doctor.Report, lesson *stage.Lesson) {
	s.Say(verdict(r, lesson))
	if lesson == nil {
		tellLessons(s, r)
	}
	if slices.ContainsFunc(r.Checks, func(c doctor.Check) bool { return c.Result == doctor.Fail }) {
		tellCauses(s, r)
		s.Say("What was refused:")
		s.Table("", []event.Column{{Name: ""}, {Name: "errno"}, {Name: "code"}, {Name: "checks"}}, refusals(r))
	} else {
		tellNotes(s, r)
	}
	var well []string
	for _, c := range r.Checks {
		if c.Result == doctor.OK {
			well = append(well, c.Name)
		}
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
	s.Table("", []event.Column{{Name: ""}, {Name: ""}}, rows)
}

// tellCauses says each cause of a refusal once.
func tellCauses(s *stage.Stage, r *doctor.Report) {
	told := map[string]bool{}
	for _, c := range r.Checks {
		// Without a tracee, and under a tracer of ours, one cause explains all.
		if c.Result == doctor.OK || told[c.Code+c.Why] || told[c.Code] && (c.Errno == "ESRCH" || c.Code == "PT-TRACED") {
			continue
		}
		told[c.Code+c.Why], told[c.Code] = true, true
		s.Say(cause(string(c.Result), c))
	}
}

// tellNotes says each cause once, with its checks and their errno: what a table
// would say, in the lines that are there anyway.
func tellNotes(s *stage.Stage, r *doctor.Report) {
	names := map[[3]string][]string{}
	key := func(c doctor.Check) [3]string { return [3]string{c.Code, c.Why, c.Errno} }
	for _, c := range r.Checks {
		names[key(c)] = append(names[key(c)], c.Name)
	}
	for _, c := range r.Checks {
		if c.Result == doctor.OK || names[key(c)][0] != c.Name {
			continue
		}
		lead := "note, " + strings.Join(names[key(c)], ", ")
		if c.Errno != "" {
			lead += " (" + c.Errno + ")"
		}
		s.Say(cause(lead, c))
	}
}

func cause(lead string, c doctor.Check) string {
	text := c.Why
	if c.Fix != "" {
		text += " " + c.Fix
	}
	return fmt.Sprintf("%s: %s [%s]", lead, text, c.Code)
}

// tellLessons puts the lessons side by side, in one row.
func tellLessons(s *stage.Stage, r *doctor.Report) {
	var columns []event.Column
	var row []any
	for _, l := range lessons.All {
		columns = append(columns, event.Column{Name: fmt.Sprintf("%d %s", l.Number, l.Name)})
		row = append(row, string(r.Requirements[strconv.Itoa(l.Number)]))
	}
	s.Table("", columns, [][]any{row})
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
