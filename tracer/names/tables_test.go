package names_test

import (
	"fmt"
	"strings"
	"testing"

	"ptwalk/tracer/names"
)

// sentence checks the promises that the package makes about every sentence.
func sentence(t *testing.T, of, text string) {
	t.Helper()
	switch {
	case text == "":
		t.Errorf("%s has no sentence", of)
	case !strings.HasSuffix(text, "."):
		t.Errorf("%s: no full stop: %q", of, text)
	case len(text) > 200:
		t.Errorf("%s: %d characters, more than 200: %q", of, len(text), text)
	case strings.Contains(strings.ReplaceAll(text, "#!", ""), "!"):
		t.Errorf("%s: an exclamation mark: %q", of, text)
	}
	ascii(t, of, text)
}

// ascii checks that text can be printed on any screen, in one line.
func ascii(t *testing.T, of, text string) {
	t.Helper()
	for _, r := range text {
		if r < ' ' || r > '~' {
			t.Errorf("%s: %q is not printable ASCII", of, r)
		}
	}
}

// order checks that keys grow, which makes them unique too.
type order struct {
	last int64
	any  bool
}

func (o *order) next(t *testing.T, of string, key int64) {
	t.Helper()
	if o.any && key <= o.last {
		t.Errorf("%s: %d comes after %d", of, key, o.last)
	}
	o.last, o.any = key, true
}

// unique checks that a name is used once in its table.
type unique map[string]bool

func (u unique) add(t *testing.T, name string) {
	t.Helper()
	if name == "" || u[name] {
		t.Errorf("the name %q is empty or used twice", name)
	}
	u[name] = true
}

func TestRequests(t *testing.T) {
	var numbers order
	seen := unique{}
	for _, r := range names.Requests {
		numbers.next(t, r.Name, int64(r.Number))
		seen.add(t, r.Name)
		sentence(t, r.Name, r.Sentence)
		ascii(t, r.Name, r.Addr+r.Data+r.State)
		if r.State == "" {
			t.Errorf("%s: no state", r.Name)
		}
		if got := names.RequestName(r.Number); got != r.Name {
			t.Errorf("RequestName(%#x) = %s, want %s", r.Number, got, r.Name)
		}
		short := strings.ToLower(strings.TrimPrefix(r.Name, "PTRACE_"))
		for _, spelling := range []string{r.Name, short, strings.ToUpper(short)} {
			if got, ok := names.RequestByName(spelling); !ok || got != r {
				t.Errorf("RequestByName(%q) = %v, %v", spelling, got, ok)
			}
		}
	}
	if got := names.RequestName(0x99); got != "PTRACE_0x99" {
		t.Errorf("an unknown request is %q", got)
	}
	if r, ok := names.RequestByName("PTRACE_PEEKUSR"); !ok || r.Number != 3 {
		t.Errorf("the kernel's spelling PEEKUSR finds %v, %v", r, ok)
	}
	if r, ok := names.RequestByName("wait4"); ok {
		t.Errorf("wait4 is not a request, but finds %v", r)
	}
}

func TestOptions(t *testing.T) {
	var bits order
	seen := unique{}
	for _, o := range names.Options {
		bits.next(t, o.Name, int64(o.Bit))
		seen.add(t, o.Name)
		sentence(t, o.Name, o.Sentence)
		if got := names.OptionString(o.Bit); got != o.Name {
			t.Errorf("OptionString(%#x) = %s, want %s", o.Bit, got, o.Name)
		}
	}
	for bits, want := range map[uint64]string{
		0:                 "0",
		1 | 1<<20:         "PTRACE_O_TRACESYSGOOD|PTRACE_O_EXITKILL",
		1<<4 | 1<<28:      "PTRACE_O_TRACEEXEC|0x10000000",
		1<<8 | uint64(15): "PTRACE_O_TRACESYSGOOD|PTRACE_O_TRACEFORK|PTRACE_O_TRACEVFORK|PTRACE_O_TRACECLONE|0x100",
	} {
		if got := names.OptionString(bits); got != want {
			t.Errorf("OptionString(%#x) = %s, want %s", bits, got, want)
		}
	}
}

func TestEvents(t *testing.T) {
	var numbers order
	seen := unique{}
	for _, e := range names.Events {
		numbers.next(t, e.Name, int64(e.Number))
		seen.add(t, e.Name)
		sentence(t, e.Name, e.Sentence)
		if e.Message == "" {
			t.Errorf("%s: no message", e.Name)
		}
		ascii(t, e.Name, e.Message)
		if got := names.EventName(e.Number); got != e.Name {
			t.Errorf("EventName(%d) = %s, want %s", e.Number, got, e.Name)
		}
	}
	if got := names.EventName(128); got != "PTRACE_EVENT_STOP" {
		t.Errorf("event 128 is %s", got)
	}
	if got := names.EventName(99); got != "PTRACE_EVENT_99" {
		t.Errorf("an unknown event is %q", got)
	}
}

func TestSignals(t *testing.T) {
	if len(names.Signals) != 31 {
		t.Fatalf("%d signals, want 31", len(names.Signals))
	}
	actions := map[string]bool{"terminate": true, "core": true, "stop": true, "ignore": true, "continue": true}
	seen := unique{}
	for i, s := range names.Signals {
		if s.Number != i+1 {
			t.Errorf("%s has number %d at place %d", s.Name, s.Number, i+1)
		}
		seen.add(t, s.Name)
		sentence(t, s.Name, s.Sentence)
		if !actions[s.Default] {
			t.Errorf("%s: %q is not a default action", s.Name, s.Default)
		}
	}
	for n, want := range map[int]string{
		-1: "signal -1", 0: "signal 0", 5: "SIGTRAP", 31: "SIGSYS",
		32: "SIGRTMIN", 34: "SIGRTMIN+2", 35: "SIGRTMIN+3", 63: "SIGRTMIN+31", 64: "SIGRTMAX",
		65: "signal 65", 99: "signal 99",
	} {
		if got := names.SignalName(n); got != want {
			t.Errorf("SignalName(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestSICodes(t *testing.T) {
	var keys order
	for _, c := range names.SICodes {
		of := fmt.Sprintf("%s of signal %d", c.Name, c.Signal)
		keys.next(t, of, int64(c.Signal)<<32+int64(c.Code))
		sentence(t, of, c.Sentence)
		ascii(t, of, c.Name)
		if got := names.SICodeName(c.Signal, c.Code); got != c.Name {
			t.Errorf("SICodeName(%d, %d) = %s, want %s", c.Signal, c.Code, got, c.Name)
		}
	}
	for _, c := range []struct {
		sig, code int
		want      string
	}{
		{5, 2, "TRAP_TRACE"}, {11, 2, "SEGV_ACCERR"}, // one number, two meanings
		{10, 0, "SI_USER"}, {10, -6, "SI_TKILL"}, {10, 128, "SI_KERNEL"}, // any signal
		{5, 0x405, "SIGTRAP|PTRACE_EVENT_EXEC<<8"},
		{10, 77, "si_code 77"},
	} {
		if got := names.SICodeName(c.sig, c.code); got != c.want {
			t.Errorf("SICodeName(%d, %d) = %s, want %s", c.sig, c.code, got, c.want)
		}
	}
	any, _ := names.FindSICode(10, 0)
	trap, _ := names.FindSICode(5, 0)
	if any.Signal != 0 || trap.Signal != 5 || any.Sentence == trap.Sentence {
		t.Errorf("SI_USER of SIGTRAP is not told from that of SIGUSR1: %v, %v", trap, any)
	}
}

// An event stop's si_code is its event and its signal: the two tables agree.
func TestEventCodes(t *testing.T) {
	for _, e := range names.Events {
		want := "SIGTRAP|" + e.Name + "<<8"
		if got := names.SICodeName(5, e.Number<<8|5); got != want {
			t.Errorf("the si_code of %s is named %s", e.Name, got)
		}
	}
}

func TestErrnos(t *testing.T) {
	var numbers order
	seen := unique{}
	for _, e := range names.Errnos {
		numbers.next(t, e.Name, int64(e.Number))
		seen.add(t, e.Name)
		ascii(t, e.Name, e.Text)
		if e.Sentence != "" {
			sentence(t, e.Name, e.Sentence)
		}
		if names.ErrnoName(e.Number) != e.Name || names.ErrnoText(e.Number) != e.Text {
			t.Errorf("%s does not find itself", e.Name)
		}
	}
	for _, n := range []int{1, 2, 3, 4, 5, 8, 10, 11, 13, 14, 16, 22, 38, 512, 513, 514, 516} {
		i := 0
		for i < len(names.Errnos)-1 && names.Errnos[i].Number != n {
			i++
		}
		sentence(t, names.ErrnoName(n), names.Errnos[i].Sentence)
	}
	if name, text := names.ErrnoName(999), names.ErrnoText(999); name != "errno 999" || text != "Unknown error 999" {
		t.Errorf("an unknown errno is %q, %q", name, text)
	}
}

// 515, ENOIOCTLCMD, stands among the restart codes and is none: an ioctl that a
// driver does not know is not made again.
func TestRestarts(t *testing.T) {
	for _, e := range names.Errnos {
		if got, want := names.Restarts(e.Number), strings.HasPrefix(e.Name, "ERESTART") && e.Number > 500; got != want {
			t.Errorf("%d, %s: Restarts says %v", e.Number, e.Name, got)
		}
	}
	for _, n := range []int{-512, 0, 511, 517} {
		if names.Restarts(n) {
			t.Errorf("%d restarts a call", n)
		}
	}
}

func TestErrnoFor(t *testing.T) {
	type key struct {
		request string
		errno   int
	}
	seen := map[key]bool{}
	last := uint64(0)
	for _, r := range names.Refusals {
		of := fmt.Sprintf("%s of %s", names.ErrnoName(r.Errno), r.Request)
		sentence(t, of, r.Sentence)
		if seen[key{r.Request, r.Errno}] {
			t.Errorf("%s is there twice", of)
		}
		seen[key{r.Request, r.Errno}] = true
		if strings.HasPrefix(r.Request, "PTRACE_") {
			request, ok := names.RequestByName(r.Request)
			if !ok || request.Number < last {
				t.Errorf("%s is not a request, or comes too late", r.Request)
			}
			last = request.Number
		}
		if got := names.ErrnoFor(r.Request, r.Errno); got != r.Sentence {
			t.Errorf("ErrnoFor(%s, %d) = %q", r.Request, r.Errno, got)
		}
	}
	if names.ErrnoFor("attach", 1) != names.ErrnoFor("PTRACE_ATTACH", 1) {
		t.Error("attach and PTRACE_ATTACH give different sentences")
	}
	for _, r := range names.Requests { // these five errnos can meet any request
		for _, errno := range []int{1, 3, 5, 14, 38} {
			of := fmt.Sprintf("ErrnoFor(%s, %s)", r.Name, names.ErrnoName(errno))
			if r.Name == "PTRACE_TRACEME" && errno != 1 && errno != 38 {
				continue
			}
			sentence(t, of, names.ErrnoFor(r.Name, errno))
		}
	}
	for _, c := range []key{{"PTRACE_TRACEME", 3}, {"PTRACE_CONT", 133}, {"wait4", 5}, {"", 1}} {
		if got := names.ErrnoFor(c.request, c.errno); got != "" {
			t.Errorf("ErrnoFor(%q, %d) = %q, want nothing", c.request, c.errno, got)
		}
	}
}

func TestStops(t *testing.T) {
	seen := unique{}
	for _, s := range names.Stops {
		seen.add(t, s.Name)
		sentence(t, s.Name, s.Sentence)
		ascii(t, s.Name, s.Status+s.Next)
		if s.Status == "" || s.Next == "" {
			t.Errorf("%s: no status, or nothing to do next", s.Name)
		}
		if got, ok := names.StopByName(s.Name); !ok || got != s {
			t.Errorf("StopByName(%q) = %v, %v", s.Name, got, ok)
		}
	}
	for _, e := range names.Events {
		stop, ok := names.StopByName(e.Name + " stop")
		if !ok {
			t.Errorf("there is no stop for %s", e.Name)
		}
		if want := fmt.Sprintf("0x%x", e.Number<<16|0x057f); stop.Status != want {
			t.Errorf("the status of the %s is %s, want %s", stop.Name, stop.Status, want)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"step", "count", "attach", "explain"}
	for word, want := range map[string]string{
		"stpe": "step", "step": "step", "setp": "step", "stepp": "step", "ste": "step", "cuont": "count", "explian": "explain",
		"atach": "attach", "foo": "", "": "", "xx": "", "pets": "",
	} {
		if got := names.Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestAliases(t *testing.T) {
	for word, want := range map[string]string{
		"SIGIOT": "SIGABRT", "sigcld": "SIGCHLD", "SIGPOLL": "SIGIO", "SIGUNUSED": "SIGSYS",
	} {
		if s, ok := names.SignalByWord(word); !ok || s.Name != want {
			t.Errorf("SignalByWord(%q) = %v, %v, want %s", word, s, ok, want)
		}
	}
	for word, want := range map[string]string{"EWOULDBLOCK": "EAGAIN", "edeadlock": "EDEADLK", "ENOTSUP": "EOPNOTSUPP"} {
		if e, ok := names.ErrnoByWord(word); !ok || e.Name != want {
			t.Errorf("ErrnoByWord(%q) = %v, %v, want %s", word, e, ok, want)
		}
	}
	if name, ok := names.Alias("EAGAIN"); ok {
		t.Errorf("EAGAIN is another name of %s", name)
	}
}

func TestRequestByWord(t *testing.T) {
	for word, want := range map[string]string{"16": "PTRACE_ATTACH", "0x4206": "PTRACE_SEIZE", "0": "PTRACE_TRACEME", "seize": "PTRACE_SEIZE"} {
		if r, ok := names.RequestByWord(word); !ok || r.Name != want {
			t.Errorf("RequestByWord(%q) = %v, %v, want %s", word, r, ok, want)
		}
	}
	if r, ok := names.RequestByWord("-1"); ok {
		t.Errorf("-1 is the request %v", r)
	}
}
