package site

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

func playerOf(r Recording, title string) player {
	run := runOf(r.Events)
	data := playerData{run, codeOf(run), map[string][]string{}}
	for _, f := range sourceFiles(r.Lesson) {
		for _, line := range f.Lines {
			data.Source[f.Name] = append(data.Source[f.Name], string(line))
		}
	}
	return player{title, data}
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
