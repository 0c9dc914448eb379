package event

import (
	"encoding/json"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// SigInfo is the siginfo of a stop, as PTRACE_GETSIGINFO has read it. PID and UID
// are the sender's, where Code is 0 or less; Addr is si_addr, where the kernel made
// the signal of an instruction or of a trap.
type SigInfo struct {
	Base   `json:"-"`
	TID    tracer.TID
	Signal tracer.Signal
	Code   int
	PID    tracer.TID
	UID    uint32
	Addr   tracer.Addr
	Brief  bool
}

// NewSigInfo is what a siginfo says.
func NewSigInfo(tid tracer.TID, info tracer.SigInfo) *SigInfo {
	e := &SigInfo{TID: tid, Signal: tracer.Signal(info.Signo), Code: int(info.Code)}
	switch {
	case info.Code <= 0:
		e.PID, e.UID = info.PID(), info.UID()
	case e.Stop() == "": // ptrace_notify writes the tracee's own pid where si_addr would be
		e.Addr = info.Address()
	}
	return e
}

// Stop is the manual's word for the stop, where the siginfo tells more than the wait
// status has told: the entry to a handler under a step is no signal-delivery-stop.
// Else it is "".
func (e *SigInfo) Stop() string {
	if e.Signal == tracer.SIGTRAP && e.Code == tracer.TrapHandler {
		return "PTRACE_SINGLESTEP stop"
	}
	return ""
}

// Sent says whether a process has sent the signal, and not the kernel.
func (e *SigInfo) Sent() bool { return e.Code <= 0 }

// sigInfoJSON is a siginfo as it is written: pid and uid, or addr.
type sigInfoJSON struct {
	TID    tracer.TID   `json:"tid"`
	Signal string       `json:"signal"`
	Code   int          `json:"code"`
	Name   string       `json:"name"` // of the si_code
	PID    *tracer.TID  `json:"pid,omitempty"`
	UID    *uint32      `json:"uid,omitempty"`
	Addr   *tracer.Addr `json:"addr,omitempty"`
	Stop   string       `json:"stop,omitempty"`
	Brief  bool         `json:"brief,omitempty"`
}

// MarshalJSON writes what a sigInfoJSON holds.
func (e *SigInfo) MarshalJSON() ([]byte, error) {
	f := sigInfoJSON{TID: e.TID, Signal: e.Signal.String(), Code: e.Code,
		Name: names.SICodeName(int(e.Signal), e.Code), Stop: e.Stop(), Brief: e.Brief}
	if e.Sent() {
		f.PID, f.UID = &e.PID, &e.UID
	} else {
		f.Addr = &e.Addr
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads it.
func (e *SigInfo) UnmarshalJSON(text []byte) error {
	var f sigInfoJSON
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*e = SigInfo{TID: f.TID, Code: f.Code, Brief: f.Brief}
	if s, ok := names.SignalByWord(f.Signal); ok {
		e.Signal = tracer.Signal(s.Number)
	}
	if f.PID != nil {
		e.PID = *f.PID
	}
	if f.UID != nil {
		e.UID = *f.UID
	}
	if f.Addr != nil {
		e.Addr = *f.Addr
	}
	return nil
}
