package tracer

import (
	"fmt"
	"strconv"
	"strings"
)

// Addresses and words are written to files, JSON among them, in hexadecimal:
// "0x401000". Many readers of JSON have no integers of 64 bits.

// MarshalText is the address in hexadecimal.
func (a Addr) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText has written.
func (a *Addr) UnmarshalText(text []byte) error { return unmarshalHex((*uint64)(a), text) }

// MarshalText is the word in hexadecimal.
func (w Word) MarshalText() ([]byte, error) { return []byte(w.Hex()), nil }

// UnmarshalText reads what MarshalText has written.
func (w *Word) UnmarshalText(text []byte) error { return unmarshalHex((*uint64)(w), text) }

func unmarshalHex(n *uint64, text []byte) (err error) {
	digits, ok := strings.CutPrefix(string(text), "0x")
	if *n, err = strconv.ParseUint(digits, 16, 64); !ok || err != nil {
		return fmt.Errorf("%q is no hexadecimal number", text)
	}
	return nil
}
