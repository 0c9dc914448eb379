package event

import (
	"encoding/json"
	"strings"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Call is one request to the kernel, or N equal ones of a loop. Loop is how many
// calls the loop makes in one turn, and Turn which of them this is, from 1; both
// are 0 outside a loop. Brief calls are told by the table or the row that they
// were made for. C is the C line with its result where the call does not spell
// it itself, as in a recording of another version, or for a call of the tracee: its
// arguments are Args.
type Call struct {
	Base       `json:"-"`
	Call       tracer.Call
	N          int
	Loop, Turn int
	Brief      bool
	C          string
	Args       []Arg
}

// Arg is an argument of a system call: the word, nil where it is not known, and how it
// is spelled.
type Arg struct {
	Value *tracer.Word `json:"value,omitempty"`
	Text  string       `json:"text"`
}

// callJSON is a call as it is written.
type callJSON struct {
	Request string       `json:"request"`
	By      tracer.By    `json:"by"`
	TID     tracer.TID   `json:"tid"`
	Addr    tracer.Addr  `json:"addr"`
	Data    tracer.Word  `json:"data"`
	Result  int64        `json:"result"`
	Value   *tracer.Word `json:"value,omitempty"`
	Errno   string       `json:"errno"`
	C       string       `json:"c"`
	N       int          `json:"n"`
	Loop    int          `json:"loop,omitempty"`
	Turn    int          `json:"turn,omitempty"`
	Brief   bool         `json:"brief,omitempty"`
	Pointer string       `json:"pointer,omitempty"`
	AddrPtr string       `json:"addrpointer,omitempty"`
	Flag    uint64       `json:"flag,omitempty"`
	Len     int          `json:"len,omitempty"`
	Path    string       `json:"path,omitempty"`
	Argv    []string     `json:"argv,omitempty"`
	Args    []Arg        `json:"args,omitempty"`
}

// MarshalJSON writes what a callJSON holds.
func (e *Call) MarshalJSON() ([]byte, error) {
	c := &e.Call
	f := callJSON{Request: c.Name, By: c.By, TID: c.TID, Addr: tracer.Addr(c.Addr), Data: tracer.Word(c.Data),
		Result: c.Result, C: e.C, N: e.N, Loop: e.Loop, Turn: e.Turn, Brief: e.Brief,
		Pointer: c.Pointer, AddrPtr: c.AddrPointer, Flag: c.Flag, Len: c.Len, Path: c.Path, Argv: c.Argv, Args: e.Args}
	if c.HasValue {
		f.Value = &c.Value
	}
	if c.Errno != 0 {
		f.Errno = names.ErrnoName(int(c.Errno))
	}
	if f.C == "" {
		f.C = c.C()
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads it.
func (e *Call) UnmarshalJSON(text []byte) error {
	var f callJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	cleanAll(&f)
	*e = Call{N: max(f.N, 1), Loop: max(f.Loop, 0), Turn: max(f.Turn, 0), Brief: f.Brief, Args: f.Args,
		Call: tracer.Call{Name: f.Request, Request: tracer.NotPtrace, By: f.By, TID: f.TID,
			Addr: uint64(f.Addr), Data: uint64(f.Data), Pointer: f.Pointer, AddrPointer: f.AddrPtr, Result: f.Result,
			Path: f.Path, Argv: f.Argv, Flag: f.Flag, Len: f.Len}}
	c := &e.Call
	if r, ok := names.RequestByName(c.Name); ok && r.Name == c.Name {
		c.Request = tracer.Request(r.Number)
	}
	if errno, ok := names.ErrnoByWord(f.Errno); ok && f.Errno != "" {
		c.Errno = syscall.Errno(errno.Number)
	}
	if f.Value != nil {
		c.Value, c.HasValue = *f.Value, true
	}
	if f.C != c.C() {
		e.C = f.C
	}
	return nil
}

// Spelled is the C line of the call and its result, by sp.
func (e *Call) Spelled(sp Speller) (expression, outcome string) {
	if i := strings.LastIndex(e.C, " = "); i >= 0 {
		return e.C[:i], e.C[i+3:]
	}
	return e.Call.Expression(sp), e.Call.Outcome(sp)
}
