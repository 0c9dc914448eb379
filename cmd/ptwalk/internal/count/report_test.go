package count

import (
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// sample is a result with more functions than a table shows, and with long names.
func sample() count.Result {
	f := func(object, function string, n uint64) count.FunctionCount {
		return count.FunctionCount{Object: object, Function: function, Instructions: n}
	}
	return count.Result{
		Argv: []string{"./sample"}, Instructions: 1_000_000, Stops: 1_000_003, Exits: 2, Engine: "step", Seconds: 1.5,
		Syscalls: map[string]uint64{"write": 2, "exit_group": 1},
		ByFunction: []count.FunctionCount{
			f("libstdc++.so.6.0.30-with-a-long-name", "std::map<int, std::string>::find(int const&)", 900_000),
			f("sample", count.NoSymbol, 90_000), f("[vdso]", "clock_gettime", 9_000), f(count.NoFile, count.NoSymbol, 1_000),
		},
		ByObject: []count.ObjectCount{{Object: "libstdc++.so.6.0.30-with-a-long-name", Instructions: 900_000}, {Object: "sample", Instructions: 100_000}},
		ByProcess: []count.ProcessCount{
			{Process: "my shell", FunctionCount: f("a;b", "operator new", 1)},
		},
		ByThread: []count.ThreadCount{{TID: 10, PID: 10, Name: "sample", Instructions: 400_000}, {TID: 11, PID: 10, Name: "worker", Instructions: 600_000}},
	}
}

const sampleText = `./sample: 1,000,000 instructions in 1.50 s
  1,000,003 stops: 999,998 after an instruction, 5 for execve and signals
  2 instructions have no stop after them: the exits
functions
  std::map<int, std::... libstdc++.so.6.0....       900,000  90.0%  ############
  (no symbol)            sample                      90,000   9.0%  #
  2 more                                             10,000   1.0%
objects
  libstdc++.so.6.0.30-with-a-long-name              900,000  90.0%  ############
  sample                                            100,000  10.0%  #
threads
  11 worker              process 10                 600,000  60.0%  ############
  10 sample                                         400,000  40.0%  ########
system calls
  write 2, exit_group 1
`

func TestCountReport(t *testing.T) {
	var b strings.Builder
	writeText(&b, sample(), layout{top: 2})
	if b.String() != sampleText {
		t.Errorf("the report is\n%s\nwant\n%s", b.String(), sampleText)
	}
	b.Reset()
	writeText(&b, sample(), layout{})
	if strings.Contains(b.String(), "functions") || strings.Contains(b.String(), "more") {
		t.Errorf("--top 0 shows a table:\n%s", b.String())
	}
}

const sampleSentences = `./sample: 1,000,000 instructions in 1.50 s
  1,000,003 stops: 999,998 after an instruction, 5 for execve and signals
  2 instructions have no stop after them: the exits
functions, by instructions:
  std::map<int, std::... in libstdc++.so.6.0....: 900,000, 90.0%
  (no symbol) in sample: 90,000, 9.0%
  2 more: 10,000, 1.0%
objects, by instructions:
  libstdc++.so.6.0.30-with-a-long-name: 900,000, 90.0%
  sample: 100,000, 10.0%
threads, by instructions:
  11 worker in process 10: 600,000, 60.0%
  10 sample: 400,000, 40.0%
system calls
  write 2, exit_group 1
`

func TestCountReportAccessible(t *testing.T) {
	var b strings.Builder
	writeText(&b, sample(), layout{top: 2, accessible: true})
	if b.String() != sampleSentences {
		t.Errorf("the report is\n%s\nwant\n%s", b.String(), sampleSentences)
	}
}

func TestFolded(t *testing.T) {
	var b strings.Builder
	writeFolded(&b, sample())
	if want := "my_shell;a:b;operator_new 1\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

// The functions of one object alone, with their shares of that.
func TestCountReportOfOneObject(t *testing.T) {
	var b strings.Builder
	writeText(&b, sample(), layout{top: 2, object: "[vdso]"})
	const want = "functions of [vdso]\n  clock_gettime                                       9,000 100.0%  ############\nobjects\n"
	if !strings.Contains(b.String(), want) {
		t.Errorf("the report is\n%s\nwant in it\n%s", b.String(), want)
	}
	b.Reset()
	writeText(&b, sample(), layout{top: 2, object: "libm.so.6"})
	if want := "functions of libm.so.6\n  none: nothing of it was executed\nobjects\n"; !strings.Contains(b.String(), want) {
		t.Errorf("the report is\n%s\nwant in it\n%s", b.String(), want)
	}
}

// What helps is said where it does, with the numbers of the run.
func TestCountNotes(t *testing.T) {
	goes := []count.FunctionCount{{Object: "p", Function: "runtime.sigtramp.abi0", Instructions: 1}}
	urgent := func(n uint64) map[tracer.Signal]uint64 { return map[tracer.Signal]uint64{tracer.SIGURG: n} }
	for _, c := range []struct {
		res  count.Result
		want string
	}{
		{count.Result{Signals: urgent(1234), ByFunction: goes}, "the runtime of Go has sent 1,234 SIGURG in this time"},
		{count.Result{Signals: urgent(1234)}, ""},
		{count.Result{Signals: urgent(9), ByFunction: goes}, ""},
		{count.Result{Moved: 0x401000}, "by an int3 of ours, at 0x401000"},
		{count.Result{Untraced: 1}, "1 more thread or process was made with CLONE_UNTRACED"},
		{count.Result{Untraced: 1200}, "1,200 more threads or processes were made with CLONE_UNTRACED"},
	} {
		var b strings.Builder
		writeNotes(&b, c.res)
		if !strings.Contains(b.String(), c.want) || c.want == "" && b.Len() > 0 {
			t.Errorf("%+v: %q, want %q", c.res, b.String(), c.want)
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > 81 {
				t.Errorf("a line of %d columns: %q", len(line)-1, line)
			}
		}
	}
}

// A number agrees with its verb.
func TestCountReportOfOneAndOfNone(t *testing.T) {
	for _, c := range []struct {
		stepped, exits uint64
		want           string
	}{
		{0, 1, "  none of them was stepped: all ran in blocks\n  1 instruction has no stop after it: the exit\n"},
		{1, 1, "  1 of them was stepped, the others ran in blocks\n  1 instruction has no stop after it: the exit\n"},
		{1200, 2, "  1,200 of them were stepped, the others ran in blocks\n  2 instructions have no stop after them: the exits\n"},
	} {
		var b strings.Builder
		writeText(&b, count.Result{Argv: []string{"p"}, Instructions: 5000, Engine: "block", Stepped: c.stepped, Exits: c.exits}, layout{})
		if !strings.Contains(b.String(), c.want) {
			t.Errorf("the report is\n%s\nwant\n%s", b.String(), c.want)
		}
	}
}

// The program may die of the signal that we got before we have to kill it.
func TestDiedOfOurSignal(t *testing.T) {
	for _, c := range []struct {
		asked, died tracer.Signal
		partial     bool
	}{{tracer.SIGINT, tracer.SIGINT, true}, {0, tracer.SIGINT, false}, {tracer.SIGINT, tracer.SIGSEGV, false}} {
		res := count.Result{End: tracer.Stop{Kind: tracer.Killed, Signal: c.died}}
		tellSignal(c.asked, &res)
		if res.Partial != c.partial || (partly(res) != "") != c.partial {
			t.Errorf("asked to end by %v, and it died of %v: partial %v, %q", c.asked, c.died, res.Partial, partly(res))
		}
	}
}
