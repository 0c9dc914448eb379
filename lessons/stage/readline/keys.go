// Package readline reads what a person types at a terminal that hands over key by
// key: keys from bytes, and lines from keys, with a history, cursor keys and Tab.
//
// A line is drawn with printing characters and backspaces alone. So it works on a
// dumb terminal too, and a screen reader says what was typed and nothing else.
package readline

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Key is a key: a character, a control character, or one of those below.
type Key rune

// Keys that terminals send as one byte.
const (
	CtrlA     Key = 0x01
	CtrlC     Key = 0x03
	CtrlD     Key = 0x04
	CtrlE     Key = 0x05
	CtrlK     Key = 0x0b
	CtrlU     Key = 0x15
	CtrlW     Key = 0x17
	Tab       Key = '\t'
	Enter     Key = '\r'
	Escape    Key = 0x1b
	Backspace Key = 0x7f
)

// Keys that they send as an escape and more.
const (
	Up Key = -1 - iota
	Down
	Right
	Left
	Home
	End
	PageUp
	PageDown
	Delete
	Other // a sequence that is none of these
)

// Printable says whether the key is a character to be shown.
func (k Key) Printable() bool {
	return k >= ' ' && k != Backspace && (k < 0x80 || k >= 0xa0) && k != utf8.RuneError
}

// Keys takes the bytes of a terminal apart. A key may be split over several reads.
type Keys struct{ rest []byte }

// Feed takes what was read, and returns the keys that are whole.
func (p *Keys) Feed(read []byte) (keys []Key) {
	p.rest = append(p.rest, read...)
	for len(p.rest) > 0 {
		k, n := first(p.rest)
		if n == 0 {
			return keys
		}
		keys, p.rest = append(keys, k), p.rest[n:]
	}
	return keys
}

// Pending says whether the begin of a key was read and its end was not.
func (p *Keys) Pending() bool { return len(p.rest) > 0 }

// Rest gives up what is pending, when nothing has followed for a while: an escape
// was the key Escape.
func (p *Keys) Rest() (keys []Key) {
	if p.Pending() {
		keys = []Key{Other}
		if p.rest[0] == byte(Escape) {
			keys[0] = Escape
		}
	}
	p.rest = nil
	return keys
}

// first is the key that b begins with, and its length; 0 if more has to be read.
func first(b []byte) (Key, int) {
	switch {
	case b[0] == byte(Escape):
		return sequence(b)
	case b[0] == '\n':
		return Enter, 1
	case b[0] == '\b':
		return Backspace, 1
	case !utf8.FullRune(b):
		return 0, 0
	}
	r, n := utf8.DecodeRune(b)
	return Key(r), n
}

// longest is more than any sequence has.
const longest = 32

// sequence is a key that begins with an escape: ESC [ parameters and a letter or ~,
// ESC O and a letter, or the key Escape.
func sequence(b []byte) (Key, int) {
	if len(b) == 1 {
		return 0, 0
	}
	switch b[1] {
	case 'O':
		if len(b) == 2 {
			return 0, 0
		}
		return letterKey(b[2]), 3
	case '[':
		if bytes.HasPrefix(b, []byte("\x1b[[")) { // the function keys of the Linux console
			if len(b) == 3 {
				return 0, 0
			}
			return Other, 4
		}
		for i := 2; i < len(b); i++ {
			switch {
			case b[i] < ' ' || b[i] > '~', i == longest:
				return Other, i // it is broken off
			case b[i] >= '@':
				return parameterKey(b[2:i], b[i]), i + 1
			}
		}
		return 0, 0
	}
	return Escape, 1
}

// parameterKey is a key by its number, or by its letter; what follows a semicolon
// says which of Shift, Alt and Control are held.
func parameterKey(parameters []byte, end byte) Key {
	if end != '~' {
		return letterKey(end)
	}
	number, _, _ := bytes.Cut(parameters, []byte(";"))
	n, _ := strconv.Atoi(string(number))
	switch n {
	case 1, 7:
		return Home
	case 3:
		return Delete
	case 4, 8:
		return End
	case 5:
		return PageUp
	case 6:
		return PageDown
	}
	return Other
}

func letterKey(letter byte) Key {
	switch letter {
	case 'A':
		return Up
	case 'B':
		return Down
	case 'C':
		return Right
	case 'D':
		return Left
	case 'F':
		return End
	case 'H':
		return Home
	}
	return Other
}
