package stage

// Held keeps events back until Release. Nothing is written to a terminal or a
// pipe while a process that we did not start is stopped: a slow reader must not
// hold it.
type Held struct {
	To     Sink
	events []Event
}

// Event keeps e.
func (h *Held) Event(e Event) { h.events = append(h.events, e) }

// Release passes on what was kept.
func (h *Held) Release() {
	for _, e := range h.events {
		h.To.Event(e)
	}
	h.events = nil
}

// Err returns the first error of the sink behind.
func (h *Held) Err() error {
	if w, ok := h.To.(interface{ Err() error }); ok {
		return w.Err()
	}
	return nil
}
