package states_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/event/states"
	"ptwalk/tracer"
)

const child, thread = 4211, 4212

// made is a call by the tracer on the child that has succeeded.
func made(name string, change func(*tracer.Call)) event.Event {
	c := tracer.Call{Name: name, Request: tracer.NotPtrace, By: tracer.ByTracer, TID: child}
	if change != nil {
		change(&c)
	}
	return &event.Call{Call: c, N: 1}
}

func on(tid tracer.TID) func(*tracer.Call)     { return func(c *tracer.Call) { c.TID = tid } }
func byChild(c *tracer.Call)                   { c.By = tracer.ByChild }
func failed(c *tracer.Call)                    { c.Errno, c.Result = syscall.EIO, -5 }
func sends(s tracer.Signal) func(*tracer.Call) { return func(c *tracer.Call) { c.Flag = uint64(s) } }

// waited is a wait4 that has brought a status, and the stop behind it.
func waited(tid tracer.TID, status tracer.Status, kind tracer.Kind) []event.Event {
	s := tracer.DecodeStatus(status)
	s.TID = tid
	if kind != tracer.Unknown {
		s.Kind = kind
	}
	call := tracer.Call{Name: "wait4", Request: tracer.NotPtrace, By: tracer.ByTracer, TID: tid, Result: int64(tid), HasValue: true, Value: tracer.Word(status)}
	return []event.Event{&event.Call{Call: call, N: 1}, &event.Stop{Stop: s}}
}

// spelled is the state of each thread: "4211 stopped tracee: group-stop by SIGSTOP".
func spelled(all []states.State) string {
	var lines []string
	for _, s := range all {
		who := "process"
		if s.Traced {
			who = "tracee"
		}
		lines = append(lines, fmt.Sprintf("%v %s %s: %s", s.TID, s.Is, who, s.Why))
	}
	return strings.Join(lines, "\n")
}

// TestStates: what each event makes of a thread, told from a volunteer's first
// call to its end, and so for each kind of life.
func TestStates(t *testing.T) {
	type row struct {
		events []event.Event
		want   string
	}
	one := func(e event.Event) []event.Event { return []event.Event{e} }
	for _, life := range []struct {
		name string
		rows []row
	}{
		{"a volunteer", []row{
			{one(made("fork", nil)), "4211 running process: fork"},
			{one(made("PTRACE_TRACEME", byChild)), "4211 running tracee: PTRACE_TRACEME"},
			{one(made("execve", byChild)), "4211 running tracee: execve"},
			{waited(child, 0x57f, 0), "4211 stopped tracee: signal-delivery-stop by SIGTRAP"},
			{one(made("PTRACE_GETREGS", nil)), "4211 stopped tracee: signal-delivery-stop by SIGTRAP"},
			{one(made("PTRACE_SYSCALL", nil)), "4211 running tracee: PTRACE_SYSCALL"},
			{waited(child, 0x857f, tracer.SyscallEnter), "4211 stopped tracee: syscall-enter-stop"},
			{one(made("PTRACE_CONT", failed)), "4211 stopped tracee: syscall-enter-stop"},
			{one(made("PTRACE_CONT", nil)), "4211 running tracee: PTRACE_CONT"},
			{one(made("waitid", nil)), "4211 zombie tracee: it has ended, and nobody has reaped it"},
			{waited(child, 0x100, 0), "4211 gone process: exited with 1, and reaped"},
			{one(made("PTRACE_TRACEME", byChild)), "4211 gone process: exited with 1, and reaped"},
		}},
		{"a process that runs already", []row{
			{one(made("fork", nil)), "4211 running process: fork"},
			{one(made("PTRACE_ATTACH", failed)), "4211 running process: fork"},
			{one(made("PTRACE_ATTACH", nil)), "4211 running tracee: PTRACE_ATTACH"},
			{waited(child, 0x137f, tracer.SignalDelivery), "4211 stopped tracee: signal-delivery-stop by SIGSTOP"},
			{one(made("PTRACE_DETACH", nil)), "4211 running process: let go by PTRACE_DETACH"},
			{one(made("kill", sends(tracer.SIGKILL))), "4211 running process: SIGKILL: it runs to its end"},
			{waited(child, 0x9, 0), "4211 gone process: killed by SIGKILL, and reaped"},
		}},
		{"a stopped process stays stopped", []row{
			{one(made("fork", nil)), "4211 running process: fork"},
			{one(made("kill", sends(tracer.SIGSTOP))), "4211 stopped process: SIGSTOP"},
			{one(made("PTRACE_SEIZE", nil)), "4211 stopped tracee: SIGSTOP"},
			{one(made("PTRACE_INTERRUPT", nil)), "4211 stopped tracee: SIGSTOP"},
			{waited(child, 0x80137f, tracer.GroupStop), "4211 stopped tracee: group-stop by SIGSTOP"},
			{one(made("PTRACE_LISTEN", nil)), "4211 stopped tracee: group-stop by SIGSTOP"},
			{one(made("PTRACE_DETACH", nil)), "4211 stopped process: let go by PTRACE_DETACH"},
			{one(made("kill", sends(tracer.SIGCONT))), "4211 running process: SIGCONT"},
		}},
		{"a thread that nobody waits for", []row{
			{one(made("fork", nil)), "4211 running process: fork"},
			{one(made("PTRACE_SEIZE", on(thread))), "4211 running process: fork\n4212 running tracee: PTRACE_SEIZE"},
			{one(made("PTRACE_DETACH", on(thread))), "4211 running process: fork\n4212 running process: let go by PTRACE_DETACH"},
			{waited(child, 0x9, 0), "4211 gone process: killed by SIGKILL, and reaped\n4212 gone process: ended with its process"},
			{one(&event.Section{Number: 2}), ""},
		}},
		{"a child of the tracee", []row{
			{one(made("fork", nil)), "4211 running process: fork"},
			{waited(child, 0x1057f, 0), "4211 stopped tracee: PTRACE_EVENT_FORK stop"},
			{one(made("PTRACE_GETEVENTMSG", func(c *tracer.Call) { c.HasValue, c.Value = true, thread })),
				"4211 stopped tracee: PTRACE_EVENT_FORK stop\n4212 running tracee: announced by PTRACE_EVENT_FORK stop"},
			{waited(thread, 0x137f, tracer.SignalDelivery),
				"4211 stopped tracee: PTRACE_EVENT_FORK stop\n4212 stopped tracee: signal-delivery-stop by SIGSTOP"},
		}},
	} {
		t.Run(life.name, func(t *testing.T) {
			var f states.Follower
			for i, row := range life.rows {
				before := spelled(f.All())
				var changed []states.State
				for _, e := range row.events {
					changed = append(changed, f.Event(e)...)
				}
				if got := spelled(f.All()); got != row.want {
					t.Errorf("event %d: it is\n%s\nwant\n%s", i+1, got, row.want)
				}
				if (before == row.want || row.want == "") != (len(changed) == 0) {
					t.Errorf("event %d: %q became %q, and the changes are %q", i+1, before, row.want, spelled(changed))
				}
			}
		})
	}
}

// TestOfTheLessons: in each recorded section every stop shows a stopped thread,
// and at its end all is gone.
func TestOfTheLessons(t *testing.T) {
	for _, l := range lessons.All {
		name := lessons.ID(l)
		rec, err := replay.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		var f states.Follower
		section := 0
		over := func() {
			for _, s := range f.All() {
				if s.Is != states.Gone {
					t.Errorf("%s: section %d ends, and %s", name, section, spelled([]states.State{s}))
				}
			}
		}
		for _, e := range rec.Events {
			if s, ok := e.(*event.Section); ok {
				over()
				section = s.Number
			}
			f.Event(e)
			s, ok := e.(*event.Stop)
			if !ok {
				continue
			}
			want := states.Stopped
			if s.Stop.Ended() {
				want = states.Gone
			}
			for _, is := range f.All() {
				if is.TID == s.Stop.TID && is.Is != want {
					t.Errorf("%s, section %d: %s, and it is %s", name, section, s.Said(), is.Is)
				}
			}
		}
		over()
	}
}
