package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// head is what the JSON of every event begins with.
type head struct {
	V    *int    `json:"v"`
	Kind *string `json:"kind"`
	T    int64   `json:"t"`
	At   string  `json:"at"`
}

// Encode is the event as one JSON object: what all have, then its own fields.
func Encode(e Event) ([]byte, error) {
	b, v, kind := e.base(), Schema, e.Kind()
	line, err := json.Marshal(head{&v, &kind, b.T.Microseconds(), b.At})
	if err != nil {
		return nil, err
	}
	own, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	line[len(line)-1] = ','
	return append(line, own[1:]...), nil
}

// ErrNotJSON is the error of a line that is no JSON object, as the last one of
// a file that was cut off.
var ErrNotJSON = errors.New("is not a JSON object, and so no event")

// Decode reads one line. A line is somebody's: whatever it holds, the answer is
// an event without control characters, or an error that says what is wrong with
// the line. The event is nil for a kind that is not known.
func Decode(line []byte) (e Event, kind string, err error) {
	var h head
	if err := json.Unmarshal(line, &h); err != nil {
		if !bytes.HasPrefix(line, []byte("{")) || !json.Valid(line) {
			return nil, "", ErrNotJSON
		}
		return nil, "", fmt.Errorf("is no event: %s", Clean(reason(err)))
	}
	switch {
	case h.V == nil || h.Kind == nil:
		return nil, "", errors.New("is no event: it has no v or no kind")
	case *h.V > Schema:
		return nil, "", fmt.Errorf("has schema version %d, and this ptwalk reads version %d and older ones: use a newer ptwalk", *h.V, Schema)
	case *h.V < 1:
		return nil, "", fmt.Errorf("has schema version %d, which there never was; this ptwalk reads version %d", *h.V, Schema)
	}
	kind = Clean(*h.Kind)
	empty := kinds[kind]
	if empty == nil {
		return nil, kind, nil
	}
	e = empty()
	if err := json.Unmarshal(line, e); err != nil {
		return nil, "", fmt.Errorf("has a %s event that cannot be read: %s", kind, Clean(reason(err)))
	}
	cleanAll(e)
	*e.base() = Base{T: time.Duration(h.T) * time.Microsecond, At: Clean(h.At)}
	return e, kind, nil
}

// reason is an error of package json in plain words.
func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("the field %q is a %s", strings.ToLower(wrong.Field), wrong.Value)
	}
	return err.Error()
}
