// Package wire is what the host and the guest of the laboratory say to each
// other: a list of cases in the initrd, and a line of JSON for each event on the
// second serial port.
package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"time"
)

// Where the two meet inside the guest.
const (
	Cases = "/lab/cases.json" // []Case
	Port  = "/dev/ttyS1"      // lines of Event
	Tree  = "/lab/tree"       // the files of the module
	Tests = "/lab/tests"      // compiled tests, by the package's folder
	Built = "/lab/built"      // list.json, []Build, and the programs
	PID   = "{PID}"           // in Argv: the process that runs Beside
)

// Case is one program to run in the guest.
type Case struct {
	Yama   int      // ptrace_scope while it runs; none below the last one's
	User   string   // of /etc/passwd
	Dir    string   // the working directory
	Env    []string // besides the user's own
	Argv   []string
	Beside []string      // a program that runs meanwhile, as the same user; it prints when it is ready
	Times  int           // how many runs
	Limit  time.Duration // of each run
}

// Event is one line from the guest. One field is set.
type Event struct {
	Hello *Hello `json:",omitempty"`
	Run   *Run   `json:",omitempty"`
	Fault string `json:",omitempty"` // the guest itself cannot go on
	Done  bool   `json:",omitempty"` // all cases have run
}

// Hello is the first event.
type Hello struct{ Release string } // of uname(2)

// Run is what one run of a case came to.
type Run struct {
	Case    int // its place in the list
	Status  int // as a shell has it: 128 and the number of a signal
	Late    bool
	Seconds float64
	Left    []string // processes that were left running
	Yama    int      // ptrace_scope after the run; -1 without Yama
	Output  Packed
}

// Packed is text that crosses the wire compressed.
type Packed string

// MarshalJSON makes base64 of it.
func (p Packed) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, string(p))
	z.Close()
	return json.Marshal(b.Bytes())
}

// UnmarshalJSON fails on bytes that were lost or changed on the way.
func (p *Packed) UnmarshalJSON(line []byte) error {
	var packed []byte
	if err := json.Unmarshal(line, &packed); err != nil {
		return err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(z)
	*p = Packed(text)
	return err
}

// Build is a program that a test has compiled when it runs, and that the host
// compiles before.
type Build struct {
	Dir  string   // relative to the module
	Argv []string // the command line without -o and what follows it
	Name string   // of the program below [Built]
}
