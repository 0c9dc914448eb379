package replay

import (
	"encoding/json"
	"syscall"

	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

func call(line []byte) (stage.Event, error) {
	var f struct {
		Request, By, Errno, C, Pointer, Path string
		TID                                  tracer.TID
		Addr, Data                           hexWord
		Value                                *hexWord
		Result                               int64
		N, Loop, Turn, Len                   int
		Brief                                bool
		Flag                                 uint64
		Argv                                 []string
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, err
	}
	c := tracer.Call{Name: clean(f.Request, false), Request: tracer.NotPtrace, By: tracer.By(clean(f.By, false)), TID: f.TID,
		Addr: uint64(f.Addr), Data: uint64(f.Data), Pointer: clean(f.Pointer, false), Result: f.Result,
		Path: clean(f.Path, false), Argv: f.Argv, Flag: f.Flag, Len: f.Len}
	for i, arg := range c.Argv {
		c.Argv[i] = clean(arg, false)
	}
	if r, ok := names.RequestByName(c.Name); ok && r.Name == c.Name {
		c.Request = tracer.Request(r.Number)
	}
	if e, ok := names.ErrnoByWord(f.Errno); ok && f.Errno != "" {
		c.Errno = syscall.Errno(e.Number)
	}
	if f.Value != nil {
		c.Value, c.HasValue = tracer.Word(*f.Value), true
	}
	event := &stage.CallEvent{Call: c, N: max(f.N, 1), Loop: max(f.Loop, 0), Turn: max(f.Turn, 0), Brief: f.Brief}
	if text := clean(f.C, false); text != c.C() {
		event.C = text
	}
	return event, nil
}

func stop(line []byte) (stage.Event, error) {
	var f struct {
		TID    tracer.TID
		Status uint32
		Name   string
		Code   *int
		Brief  bool
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, err
	}
	s := tracer.DecodeStatus(tracer.Status(f.Status))
	s.TID = f.TID
	// One status can be two kinds of stop; the name tells which.
	for _, kind := range []tracer.Kind{tracer.SignalDelivery, tracer.GroupStop, tracer.SyscallEnter, tracer.SyscallExit} {
		other := s
		if other.Kind = kind; other.Name() == f.Name {
			s = other
		}
	}
	return &stage.StopEvent{Stop: s, Code: f.Code, Brief: f.Brief}, nil
}
