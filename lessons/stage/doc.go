// Package stage is what a lesson works with. A run becomes events, and events
// become text.
//
// A [Lesson] is a slice of sections. A [Section] is a plain function that gets
// a [Stage], starts its own tracee and asks the kernel about it. Each request
// is reported as an event as it happens: the lesson types neither the C line nor
// the result that a learner sees.
//
// The rooms below, and who stands on whom: cli runs lessons as the flags ask;
// present leads a person through them, and query asks the kernel for that person;
// supervise ends a run, and exit says how; render prints events, and event has
// them. stage itself stands on event, supervise and exit, and knows no printer.
package stage
