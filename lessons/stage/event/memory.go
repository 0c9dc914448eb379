package event

import (
	"encoding/hex"
	"encoding/json"
	"fmt"

	"ptwalk/tracer"
)

// Memory is memory that was read.
type Memory struct {
	Base  `json:"-"`
	TID   tracer.TID  `json:"tid"`
	Addr  tracer.Addr `json:"addr"`
	Bytes Bytes       `json:"bytes"`
	Brief bool        `json:"brief,omitempty"` // it is told by a row or a table
}

// MarshalJSON writes the bytes as text too.
func (e *Memory) MarshalJSON() ([]byte, error) {
	type fields Memory
	return json.Marshal(struct {
		*fields
		Text string `json:"text"`
	}{(*fields)(e), Printable(e.Bytes)})
}

// Bytes are written as "cd80".
type Bytes []byte

// MarshalText writes two hexadecimal digits for each byte.
func (b Bytes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, b), nil }

// UnmarshalText reads them.
func (b *Bytes) UnmarshalText(text []byte) error {
	if len(text)%2 != 0 {
		return fmt.Errorf("%q is half a byte too short", text)
	}
	p, err := hex.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("%q are no hexadecimal bytes", text)
	}
	*b = p
	return nil
}

// Printable is memory as text: a dot for what cannot be shown.
func Printable(p []byte) string {
	text := make([]byte, len(p))
	for i, b := range p {
		text[i] = '.'
		if ' ' <= b && b <= '~' {
			text[i] = b
		}
	}
	return string(text)
}
