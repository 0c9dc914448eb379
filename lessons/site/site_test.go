package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
	"ptwalk/tracer"
)

// runs are the recordings of all lessons, read once for all tests.
var runs = sync.OnceValues(func() (all []Recording, err error) {
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return nil, err
		}
		all = append(all, Recording{lessons.ID(l), l, rec.Events})
	}
	return all, nil
})

func built(t *testing.T) ([]Recording, []File) {
	t.Helper()
	all, err := runs()
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(all, Everybody)
	if err != nil {
		t.Fatal(err)
	}
	return all, files
}

// TestPages: what is promised of the pages as files.
func TestPages(t *testing.T) {
	all, files := built(t)
	_, again := built(t)
	sizes, ids := map[string]int{}, map[string]bool{}
	idAttribute := regexp.MustCompile(` id="([^"]+)"`)
	for i, f := range files {
		sizes[f.Name] = len(f.Data)
		if !bytes.Equal(f.Data, again[i].Data) {
			t.Errorf("%s: the same recordings make other bytes", f.Name)
		}
		for _, m := range idAttribute.FindAllSubmatch(f.Data, -1) {
			id := f.Name + "#" + string(m[1])
			if ids[id] {
				t.Errorf("%s stands twice", id)
			}
			ids[id] = true
		}
	}
	for _, r := range all {
		for _, name := range []string{"index.html", "play.html"} {
			if sizes[r.ID+"/"+name] == 0 {
				t.Errorf("%s/%s is missing", r.ID, name)
			}
		}
	}
	link := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	for _, f := range files {
		if !bytes.Contains(f.Data, []byte(mark)) {
			t.Errorf("%s cannot be known again as ours", f.Name)
		}
		if path.Ext(f.Name) != ".html" {
			continue
		}
		for _, tag := range []string{"div", "figure", "pre", "table", "section", "main", "nav", "span", "a", "p", "ol", "ul"} {
			opened := len(regexp.MustCompile("<"+tag+"[ >]").FindAll(f.Data, -1))
			if closed := bytes.Count(f.Data, []byte("</"+tag+">")); opened != closed && path.Base(f.Name) != "play.html" {
				t.Errorf("%s: %d times <%s>, %d times </%s>", f.Name, opened, tag, closed, tag)
			}
		}
		own := map[string]bool{f.Name: true}
		for _, m := range link.FindAllSubmatch(f.Data, -1) {
			to := string(m[1])
			if strings.Contains(to, ":") && !strings.HasPrefix(to, "#") || strings.HasPrefix(to, "/") {
				t.Errorf("%s: %s leaves the site", f.Name, to)
				continue
			}
			name, anchor, has := strings.Cut(to, "#")
			target := f.Name
			if name != "" {
				target = path.Join(path.Dir(f.Name), name)
			}
			if sizes[target] == 0 {
				t.Errorf("%s: %s leads nowhere", f.Name, to)
			}
			if has && !strings.HasPrefix(anchor, "step-") && !ids[target+"#"+anchor] {
				t.Errorf("%s: %s has no such place", f.Name, to)
			}
			if strings.HasPrefix(path.Base(path.Dir(target)), "assets") {
				own[target] = true
			}
		}
		total := 0
		for name := range own {
			total += sizes[name]
		}
		if total > 400_000 {
			t.Errorf("%s has %d bytes with its own files", f.Name, total)
		}
		if !bytes.Contains(f.Data, []byte("REPLAY")) {
			t.Errorf("%s does not say where it was recorded", f.Name)
		}
	}
}

// TestSteps: each call of the recording is a step, and knows its line in the
// JSON.
func TestSteps(t *testing.T) {
	all, _ := built(t)
	for _, r := range all {
		var out bytes.Buffer
		printer := render.NewJSON(&out)
		for _, e := range r.Events {
			printer.Event(e)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		run := runOf(r.Events)
		at := 0
		asked := 0
		for _, s := range run.Steps {
			asked += len(s.Ask)
		}
		questions := 0
		for i, line := range lines {
			var e struct{ Kind, C string }
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			if e.Kind == "predict" {
				questions++
			}
			if e.Kind != "call" {
				continue
			}
			if at == len(run.Steps) {
				t.Fatalf("%s: line %d has no step", r.ID, i+1)
			}
			s := run.Steps[at]
			if s.Event != i+1 || s.Call+" = "+s.Result != e.C {
				t.Errorf("%s step %d: line %d, %q = %q; the recording has line %d, %q", r.ID, at+1, s.Event, s.Call, s.Result, i+1, e.C)
			}
			at++
		}
		if at != len(run.Steps) || at == 0 {
			t.Errorf("%s: %d steps, %d calls", r.ID, len(run.Steps), at)
		}
		if asked != questions || questions == 0 {
			t.Errorf("%s: %d questions are asked of %d", r.ID, asked, questions)
		}
	}
}

// TestAnswersComeLater: no step tells the answer beside its question.
func TestAnswersComeLater(t *testing.T) {
	all, _ := built(t)
	kept := 0
	for _, r := range all {
		for i, s := range runOf(r.Events).Steps {
			kept += len(s.Then)
			for _, html := range s.After {
				if len(s.Ask) > 0 && strings.Contains(string(html), "Answer: ") {
					t.Errorf("%s: step %d asks, and says %s", r.ID, i+1, html)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("nothing is kept back")
	}
}

// TestSectionWithoutCall: its words lead to the next call, under its own title.
func TestSectionWithoutCall(t *testing.T) {
	say := func(text string) event.Event { return &event.Say{Text: text} }
	call := func() event.Event { return &event.Call{Call: tracer.Call{Name: "fork"}, N: 1} }
	run := runOf([]event.Event{
		&event.Section{Number: 1, Title: "one"}, say("first"), call(),
		&event.Section{Number: 2, Title: "two"}, say("second"),
		&event.Section{Number: 3, Title: "three"}, say("third"), call(),
		&event.Section{Number: 4, Title: "four"}, say("fourth"), &event.End{},
	})
	want := []string{"<p>first</p>", "<h3>2. two</h3><p>second</p><h3>3. three</h3><p>third</p>"}
	for i, s := range run.Steps {
		got := ""
		for _, html := range s.Before {
			got += string(html)
		}
		if got != want[i] {
			t.Errorf("step %d begins with %s, want %s", i+1, got, want[i])
		}
	}
	if got := fmt.Sprint(run.Steps[1].After); got != "[<h3>4. four</h3> <p>fourth</p>]" {
		t.Errorf("the last step ends with %s", got)
	}
	if run.Sections[1].First != 2 || run.Sections[2].First != 2 || run.Sections[3].First != 2 || len(run.Steps) != 2 {
		t.Errorf("sections %+v, %d steps", run.Sections, len(run.Steps))
	}
}

// TestOpening: a player does not say what is true on a terminal alone.
func TestOpening(t *testing.T) {
	all, files := built(t)
	opened := 0
	for _, r := range all {
		if r.Lesson.Opening == "" {
			continue
		}
		opened++
		if got := fmt.Sprint(runOf(r.Events).Steps[0].Before); !strings.Contains(got, "of the machine that it was recorded on.") {
			t.Errorf("%s begins with %s", r.ID, got)
		}
	}
	if opened == 0 {
		t.Error("no lesson has an opening")
	}
	for _, f := range files {
		if path.Base(f.Name) != "play.html" {
			continue
		}
		for _, words := range []string{"made for you now", "At any prompt", "type a letter"} {
			run, _, _ := bytes.Cut(f.Data, []byte(`"source":{`))
			if bytes.Contains(run, []byte(words)) {
				t.Errorf("%s says %q", f.Name, words)
			}
		}
	}
}

// TestCode: the instructions that are shown are those that were executed.
func TestCode(t *testing.T) {
	all, _ := built(t)
	checked := 0
	for _, r := range all {
		run := runOf(r.Events)
		shown := map[string]string{}
		for _, line := range codeOf(run)["hello64"] {
			shown[line.Addr] = line.Bytes
		}
		for _, e := range r.Events {
			if i, ok := e.(*event.Instruction); ok {
				checked++
				if got, want := shown[i.Addr.String()], fmt.Sprintf("% x", i.Bytes); got != want {
					t.Errorf("%s: at %v is %q, executed was %q", r.ID, i.Addr, got, want)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no instruction was executed")
	}
}

// TestColoured: colours change no character, and each line stands by itself.
func TestColoured(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>`)
	for name, code := range map[string]string{
		"go":   "x := `a\nb` // <c>\n/* d\ne */ return 0x1f",
		"nasm": "mov edi, 1 ; \"file\" <1>",
		"c":    "#include <a.h>\nint x = 'c';",
		"json": `{"a":1}`, "text": "<&>",
	} {
		lines := coloured(name, code)
		if got := tags.ReplaceAllString(strings.Join(lines, "\n"), ""); got != escape(code) {
			t.Errorf("%s: %q became %q", name, escape(code), got)
		}
		for _, line := range lines {
			if strings.Count(line, "<span") != strings.Count(line, "</span>") {
				t.Errorf("%s: %q is not closed", name, line)
			}
		}
	}
}
