package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/exit"
)

// Progress is what a learner has done, by the names of the lessons.
type Progress map[string]*LessonProgress

// LessonProgress is what a learner has done of one lesson. Right tells, for each
// question that was answered, whether the last answer was right.
type LessonProgress struct {
	Finished bool            `json:"finished"`
	Right    map[string]bool `json:"right,omitempty"`
}

// Predictions counts the answered questions, and those that were right.
func (p *LessonProgress) Predictions() (right, answered int) {
	for _, ok := range p.Right {
		if ok {
			right++
		}
	}
	return right, len(p.Right)
}

// progressFile is in $XDG_STATE_HOME/ptwalk, or in ~/.local/state/ptwalk where
// that is not set. "" means that there is no home. It is the only file that
// ptwalk writes unasked.
func progressFile() string {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) { // the XDG specification wants a relative one ignored
		home, err := os.UserHomeDir()
		if err != nil || !filepath.IsAbs(home) {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "ptwalk", "progress.json")
}

// LoadProgress reads the progress. What cannot be read is no progress.
func LoadProgress() Progress {
	p := Progress{}
	text, err := os.ReadFile(progressFile())
	if err == nil && json.Unmarshal(text, &p) != nil {
		return Progress{}
	}
	for name, l := range p {
		if l == nil {
			delete(p, name)
		}
	}
	return p
}

// save writes the progress, whole or not at all. A home that cannot be written
// is no error: a lesson does not need it.
func (p Progress) save() {
	file := progressFile()
	text, err := json.Marshal(p)
	if file == "" || err != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	next, err := os.CreateTemp(filepath.Dir(file), "progress-*")
	if err != nil {
		return
	}
	_, err = next.Write(append(text, '\n'))
	if closed := next.Close(); err == nil && closed == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		os.Remove(next.Name())
	}
}

// ForgetProgress removes the file and its folder. It says whether there was one.
func ForgetProgress() (bool, error) {
	file := progressFile()
	err := os.Remove(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	os.Remove(filepath.Dir(file)) // it stays if somebody keeps a file there
	return err == nil, err
}

// progressSink notes answers and ends as they happen.
type progressSink struct {
	lesson string
	right  map[string]bool
	begun  bool // a section has begun
	late   bool // and was not the first
}

// Event saves when a lesson has reached its end, and the answers given until
// then when it ends early.
func (k *progressSink) Event(e event.Event) {
	switch e := e.(type) {
	case *event.Lesson:
		k.lesson, k.right, k.begun, k.late = e.Name, map[string]bool{}, false, false
	case *event.Section:
		k.late = k.late || !k.begun && e.Number > 1
		k.begun = true
	case *event.Predict:
		if e.Given != nil && e.Right >= 0 {
			k.right[e.Question] = *e.Given == e.Right
		}
	case *event.End:
		k.note(e.Exit == exit.Done && !k.late)
	}
}

func (k *progressSink) note(finished bool) {
	if !finished && len(k.right) == 0 {
		return
	}
	p := LoadProgress()
	l := p[k.lesson]
	if l == nil {
		l = &LessonProgress{}
		p[k.lesson] = l
	}
	l.Finished = l.Finished || finished
	if l.Right == nil {
		l.Right = map[string]bool{}
	}
	for question, ok := range k.right {
		l.Right[question] = ok
	}
	p.save()
}
