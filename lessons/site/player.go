package site

import (
	"fmt"
	"html/template"
	"strings"
)

// player is the body of a player's page: the data that its scripts read.
type player struct {
	Title string
	Data  playerData
}

type playerData struct {
	Run
	Code   map[string][]Instruction `json:"code"`
	Source map[string][]string      `json:"source"` // lines of HTML, by file
}

// playerScripts are plain scripts, not modules: a browser loads no module from
// a file.
var playerScripts = []string{"run.js", "make.js", "loops.js", "ask.js", "lanes.js", "source.js", "panels.js", "player.js", "keys.js"}

// playerOf is the page of a player. The chapter shows some sections of the run.
func playerOf(r Recording, title string, shown map[int]bool) (leaf, error) {
	run := runOf(r.Events)
	run.Lesson = r.ID
	place := ""
	for i, s := range run.Sections {
		if shown[s.Number] {
			place = fmt.Sprintf("#run-%d", s.Number)
		}
		run.Sections[i].Told = "index.html" + place
	}
	files := sourceFiles(r.Lesson)
	folds, err := foldsOf(files)
	if err != nil {
		return leaf{}, err
	}
	for i := range run.Steps {
		for j := range run.Steps[i].Ask {
			q := &run.Steps[i].Ask[j]
			q.Fold = folds[q.at]
		}
	}
	data := playerData{run, codeOf(run), map[string][]string{}}
	for _, f := range files {
		for _, line := range f.Lines {
			data.Source[f.Name] = append(data.Source[f.Name], string(line))
		}
	}
	p := player{title, data}
	return leaf{name: r.ID + "/play.html", title: "Player: " + title, short: fmt.Sprintf("player %d, %s", r.Lesson.Number, r.Lesson.Name), template: "play.html",
		styles: playerStyles, scripts: playerScripts, row: "play", lesson: r.ID, recorded: recordedOn(r.Events), body: p, entries: p.entries(r.ID)}, nil
}

// entries is what a search finds of the run: its sections.
func (p player) entries(id string) (out []entry) {
	for i, s := range p.Data.Sections {
		var words strings.Builder
		first := ""
		for _, step := range p.StepsOf(i) {
			words.WriteString(step.Call + " " + step.Result + " ")
			for _, html := range [][]template.HTML{step.Before, step.After, step.Then} {
				for _, h := range html {
					text := bare(string(h))
					words.WriteString(text + " ")
					if first == "" {
						first = text
					}
				}
			}
		}
		out = append(out, entry{fmt.Sprintf("%s/play.html#step-%d", id, s.First), s.Title, "Run " + p.Title, first, words.String()})
	}
	return out
}

// numbered is a step with its number in the run, from 1.
type numbered struct {
	N int
	Step
}

// StepsOf is the steps of a section, by its index.
func (p player) StepsOf(section int) (out []numbered) {
	for i, s := range p.Data.Steps {
		if s.Section == section {
			out = append(out, numbered{i + 1, s})
		}
	}
	return out
}
