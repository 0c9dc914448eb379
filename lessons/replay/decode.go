package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
)

// decode reads one line. The event is nil for a kind that is not known.
func decode(line []byte) (event stage.Event, kind string, err error) {
	var head struct {
		V    *int
		Kind *string
		T    int64
		At   string
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, "", badJSON(line, err)
	}
	switch {
	case head.V == nil || head.Kind == nil:
		return nil, "", errors.New("is no event: it has no v or no kind")
	case *head.V > stage.Schema:
		return nil, "", fmt.Errorf("has schema version %d, and this ptwalk reads version %d and older ones: use a newer ptwalk", *head.V, stage.Schema)
	case *head.V < 1:
		return nil, "", fmt.Errorf("has schema version %d, which there never was; this ptwalk reads version %d", *head.V, stage.Schema)
	}
	kind = clean(*head.Kind, false)
	read := kinds[kind]
	if read == nil {
		return nil, kind, nil
	}
	if event, err = read(line); err != nil {
		return nil, "", fmt.Errorf("has a %s event that cannot be read: %s", kind, clean(reason(err), false))
	}
	*stage.BaseOf(event) = stage.Base{T: time.Duration(head.T) * time.Microsecond, At: clean(head.At, false)}
	return event, kind, nil
}

var errNotJSON = errors.New("is not a JSON object, and so no event")

func badJSON(line []byte, err error) error {
	if !bytes.HasPrefix(line, []byte("{")) || !json.Valid(line) {
		return errNotJSON
	}
	return fmt.Errorf("is no event: %s", clean(reason(err), false))
}

// reason is an error of package json in plain words.
func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("the field %q is a %s", strings.ToLower(wrong.Field), wrong.Value)
	}
	return err.Error()
}

// kinds read the events of a kind.
var kinds = map[string]func(line []byte) (stage.Event, error){
	"lesson":      lesson,
	"section":     section,
	"say":         say,
	"note":        note,
	"predict":     predict,
	"call":        call,
	"stop":        stop,
	"regs":        regs,
	"instruction": instruction,
	"memory":      memory,
	"output":      output,
	"count":       count,
	"table":       table,
	"end":         end,
}

func lesson(line []byte) (stage.Event, error) {
	var f struct {
		Number                                int
		Name, Title, Kernel, Machine, Version string
		PID                                   tracer.TID
	}
	err := json.Unmarshal(line, &f)
	return &stage.LessonEvent{Number: f.Number, Name: clean(f.Name, false), Title: clean(f.Title, false),
		Kernel: clean(f.Kernel, false), Machine: clean(f.Machine, false), Version: clean(f.Version, false), PID: f.PID, Replay: true}, err
}

func section(line []byte) (stage.Event, error) {
	var f struct {
		Number int
		Title  string
	}
	err := json.Unmarshal(line, &f)
	return &stage.SectionEvent{Number: f.Number, Title: clean(f.Title, false)}, err
}

func say(line []byte) (stage.Event, error) {
	var f struct{ Text string }
	err := json.Unmarshal(line, &f)
	return &stage.SayEvent{Text: clean(f.Text, true)}, err
}

func predict(line []byte) (stage.Event, error) {
	var f struct {
		Question string
		Answers  []stage.Answer
		Right    int
		Given    *int
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, err
	}
	if len(f.Answers) > 26 {
		return nil, errors.New("it has more answers than there are letters")
	}
	if f.Right < -1 || f.Right >= len(f.Answers) || f.Given != nil && (*f.Given < 0 || *f.Given >= len(f.Answers)) {
		return nil, errors.New("right or given names no answer")
	}
	for i, a := range f.Answers {
		f.Answers[i] = stage.Answer{Text: clean(a.Text, false), Why: clean(a.Why, false)}
	}
	return &stage.PredictEvent{Question: clean(f.Question, false), Answers: f.Answers, Right: f.Right, Given: f.Given}, nil
}

func regs(line []byte) (stage.Event, error) {
	var f struct {
		TID           tracer.TID
		Arch          string
		Regs          map[string]hexWord
		Changed, Show []string
		Brief         bool
	}
	err := json.Unmarshal(line, &f)
	e := &stage.RegsEvent{TID: f.TID, Changed: f.Changed, Show: f.Show, Brief: f.Brief}
	for name, value := range f.Regs {
		e.Regs.Set(name, tracer.Word(value))
	}
	return e, err
}

func instruction(line []byte) (stage.Event, error) {
	var f struct {
		TID                  tracer.TID
		Addr                 hexWord
		Bytes                hexBytes
		Text, Meaning, Label string
	}
	err := json.Unmarshal(line, &f)
	return &stage.InstructionEvent{TID: f.TID, Addr: tracer.Addr(f.Addr), Bytes: f.Bytes,
		Text: clean(f.Text, false), Meaning: clean(f.Meaning, false), Label: clean(f.Label, false)}, err
}

func memory(line []byte) (stage.Event, error) {
	var f struct {
		TID   tracer.TID
		Addr  hexWord
		Bytes hexBytes
	}
	err := json.Unmarshal(line, &f)
	return &stage.MemoryEvent{TID: f.TID, Addr: tracer.Addr(f.Addr), Bytes: f.Bytes}, err
}

func output(line []byte) (stage.Event, error) {
	var f struct{ Stream, Text string }
	err := json.Unmarshal(line, &f)
	return &stage.OutputEvent{Stream: clean(f.Stream, false), Text: f.Text}, err // the printers clean it
}

func count(line []byte) (stage.Event, error) {
	var f struct {
		Program             []string
		Instructions, Stops uint64
		Engine              string
		Seconds             float64
		Exit                int
		Varies              bool
	}
	err := json.Unmarshal(line, &f)
	for i, arg := range f.Program {
		f.Program[i] = clean(arg, false)
	}
	return &stage.CountEvent{Program: f.Program, Instructions: f.Instructions, Stops: f.Stops,
		Engine: clean(f.Engine, false), Seconds: f.Seconds, Exit: f.Exit, Varies: f.Varies}, err
}

func end(line []byte) (stage.Event, error) {
	var f struct{ Exit int }
	err := json.Unmarshal(line, &f)
	return &stage.EndEvent{Exit: f.Exit}, err
}

// hexWord is a number that is written as "0x401000".
type hexWord uint64

func (h *hexWord) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	digits, ok := strings.CutPrefix(s, "0x")
	n, err := strconv.ParseUint(digits, 16, 64)
	if !ok || err != nil {
		return fmt.Errorf("%q is no hexadecimal number", s)
	}
	*h = hexWord(n)
	return nil
}

// hexBytes are bytes that are written as "cd80".
type hexBytes []byte

func (h *hexBytes) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if len(s)%2 != 0 {
		return fmt.Errorf("%q is half a byte too short", s)
	}
	for i := 0; i < len(s); i += 2 {
		n, err := strconv.ParseUint(s[i:i+2], 16, 8)
		if err != nil {
			return fmt.Errorf("%q are no hexadecimal bytes", s)
		}
		*h = append(*h, byte(n))
	}
	return nil
}
