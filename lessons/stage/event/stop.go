package event

import (
	"encoding/json"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Stop is a state change that wait4 reported. Code is si_code, where it was
// asked for.
type Stop struct {
	Base  `json:"-"`
	Stop  tracer.Stop
	Code  *int
	Brief bool
}

// stopJSON is a stop as it is written. Signal and event say what the status says.
type stopJSON struct {
	TID    tracer.TID `json:"tid"`
	Status uint32     `json:"status"`
	Name   string     `json:"name"`
	Signal string     `json:"signal"`
	Event  string     `json:"event"`
	Code   *int       `json:"code"`
	Brief  bool       `json:"brief,omitempty"`
}

// MarshalJSON writes what a stopJSON holds.
func (e *Stop) MarshalJSON() ([]byte, error) {
	f := stopJSON{TID: e.Stop.TID, Status: uint32(e.Stop.Status), Name: e.Name(), Code: e.Code, Brief: e.Brief}
	if e.Stop.Event != 0 {
		f.Event = names.EventName(e.Stop.Event)
	}
	if e.Stop.Signal != 0 {
		f.Signal = e.Stop.Signal.String()
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads it. One status can be two kinds of stop; the name tells
// which.
func (e *Stop) UnmarshalJSON(text []byte) error {
	var f stopJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	s := tracer.DecodeStatus(tracer.Status(f.Status))
	s.TID = f.TID
	for _, kind := range []tracer.Kind{tracer.SignalDelivery, tracer.GroupStop, tracer.SyscallEnter, tracer.SyscallExit} {
		other := s
		if other.Kind = kind; other.Name() == f.Name {
			s = other
		}
	}
	*e = Stop{Stop: s, Code: f.Code, Brief: f.Brief}
	return nil
}

// Name is the manual's word for the stop. For the entry to a handler under a step
// ptrace(2) has one that needs the si_code: see [SigInfo.Stop].
func (e *Stop) Name() string {
	if e.Code != nil {
		if told := (&SigInfo{Signal: e.Stop.Signal, Code: *e.Code}).Stop(); told != "" {
			return told
		}
	}
	return e.Stop.Name()
}

// Said is the name, with the signal that it is a stop for. How a thread has ended
// is told by the bits of the status.
func (e *Stop) Said() string {
	if e.Stop.Ended() || e.Name() != e.Stop.Name() {
		return e.Name()
	}
	return e.Stop.Said()
}
