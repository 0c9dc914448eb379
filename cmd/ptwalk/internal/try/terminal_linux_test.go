package try

import (
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/internal/ptytest"
	"ptwalk/tracer/names"
)

// A person at a terminal: Tab completes, the arrow keys find earlier lines, and what
// cannot be understood is told and ends nothing.
func TestTerminal(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	h := ptytest.Start(t, nil, "ptwalk", "try")
	h.Sees("signal-delivery-stop by SIGTRAP", "(ptwalk) ")
	h.Press("PEEKU\t8*OR\t\r", "PEEKUSER 8*ORIG_RAX \n", "8*ORIG_RAX, NULL)", "= 59", "(ptwalk) ")
	h.Press("peekd\tmes\t\r", "peekdata message \n", "0x402000, NULL)", "(ptwalk) ")
	h.Press("\x1b[A\x1b[A\r", "PEEKUSER 8*ORIG_RAX \n", "= 59", "(ptwalk) ")
	h.Press("setoptions traceexe\t|exitk\t\r", "PTRACE_O_TRACEEXEC|", "PTRACE_O_EXITKILL)", "(ptwalk) ")
	h.Press("PEKUSER 0\r", "Is PEEKUSER meant?", "(ptwalk) ")
	h.Press("get\t", "get_thread_area", "getregs", "(ptwalk) get")
	h.Press("\x15explain EIO\r", "EIO", "(ptwalk) ")
	h.Press("help\r", "PEEKUSER", "help REQUEST says", "(ptwalk) ")
	h.Press("cont\r", "Hello", "[exited 1]", "(ptwalk) ")
	h.Press("start\r", "signal-delivery-stop by SIGTRAP", "(ptwalk) ")
	h.Press("\x04")
	h.Ends(0)
	h.Unchanged()
	h.Nobody()
}

// While the program runs the terminal is its own: it reads there, and Ctrl-C is a
// signal to it, which it stops for.
func TestTerminalIsTheProgramsWhileItRuns(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	h := ptytest.Start(t, nil, "ptwalk", "try", "sh", "-c", "read line; echo read $line; read line")
	h.Sees("(ptwalk) ")
	h.Press("cont\r", "PTRACE_CONT")
	h.Press("this\n", "read this\n")
	h.Press("\x03", "signal-delivery-stop by SIGINT", "(ptwalk) ")
	h.Press("cont SIGINT\r", "signal-delivery-stop by SIGINT", "(ptwalk) ") // it sends it to itself
	h.Press("cont SIGINT\r", "[killed by SIGINT]", "(ptwalk) ")
	h.Press("quit\r")
	h.Ends(0)
	h.Unchanged()
}

// Ctrl-C drops the line that is being typed. At the empty prompt it ends the session,
// and the program with it.
func TestInterrupted(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	h := ptytest.Start(t, nil, "ptwalk", "try")
	h.Sees("(ptwalk) ")
	h.Press("peek", "peek")
	h.Press("\x03", "^C\n(ptwalk) ")
	h.Press("peekuser 8*ORIG_RAX\r", "= 59", "(ptwalk) ")
	h.Press("\x03")
	h.Ends(130)
	h.Unchanged()
	h.Nobody()
}

// Every request that has a name can be typed.
func TestEveryRequest(t *testing.T) {
	for _, r := range names.Requests {
		if name := strings.TrimPrefix(r.Name, "PTRACE_"); requests[name].do == nil {
			t.Errorf("%s cannot be made", r.Name)
		}
	}
	if len(requests) != len(names.Requests) {
		t.Errorf("%d requests can be made, and there are %d", len(requests), len(names.Requests))
	}
}
