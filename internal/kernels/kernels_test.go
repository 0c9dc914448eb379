package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ptwalk/internal/kernels/wire"
	"ptwalk/lessons"
)

// TestArchive reads an archive back as the kernel does.
func TestArchive(t *testing.T) {
	var b bytes.Buffer
	a := newArchive(&b)
	a.file("/lab/one", []byte("12345"))
	a.link("lab/bin/two", "../one")
	a.file("init", nil)
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for text := b.Bytes(); ; {
		field := func(n int) int {
			x, err := strconv.ParseUint(string(text[6+8*n:14+8*n]), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			return int(x)
		}
		up := func(n int) int { return (n + 3) &^ 3 }
		mode, size, name := field(1), field(6), string(text[110:110+field(11)-1])
		if name == "TRAILER!!!" {
			break
		}
		begin := up(110 + field(11))
		got = append(got, fmt.Sprintf("%o %s %s", mode, name, text[begin:begin+size]))
		text = text[up(begin+size):]
	}
	want := []string{"40755 lab ", "100755 lab/one 12345", "40755 lab/bin ", "120777 lab/bin/two ../one", "100755 init "}
	if !slices.Equal(got, want) {
		t.Errorf("the archive has\n%q, want\n%q", got, want)
	}
}

// TestRooms: who may trace whom under Yama.
func TestRooms(t *testing.T) {
	for _, c := range []struct {
		room
		child, other bool
	}{
		{room{0, "root"}, true, true}, {room{0, "nobody"}, true, true},
		{room{1, "root"}, true, true}, {room{1, "nobody"}, true, false},
		{room{2, "root"}, true, true}, {room{2, "nobody"}, false, false},
		{room{3, "root"}, false, false}, {room{3, "nobody"}, false, false},
	} {
		if c.child != c.room.child() || c.other != c.room.other() {
			t.Errorf("%+v: a child %v, another %v", c.room, c.room.child(), c.room.other())
		}
	}
}

// TestExperiments: ptrace_scope never falls, and each refusal is asked for ten
// times.
func TestExperiments(t *testing.T) {
	last, refused := 0, 0
	for _, e := range experiments() {
		if e.Yama < last {
			t.Errorf("%s with ptrace_scope %d behind %d", e.what, e.Yama, last)
		}
		last = e.Yama
		if e.Times == often && e.check(wire.Run{Status: 3, Output: "no [PT-YAMA-" + wire.Packed(strconv.Itoa(e.Yama)) + "]"}) == nil {
			refused++
		}
		if e.Times < 1 || e.Limit <= 0 || e.check == nil {
			t.Errorf("%+v is no experiment", e)
		}
	}
	if want := 1 + 3*(len(lessons.All)+2); refused != want { // one attach under 1; the lessons and both under the rest
		t.Errorf("%d experiments are refused with status 3, want %d", refused, want)
	}
}

// TestVerdict is what becomes of a run of tests.
func TestVerdict(t *testing.T) {
	defer func(was []exception) { emulator = was }(emulator)
	emulator = []exception{{"p TestOdd", nil, "a reason"}, {"p TestOld", []string{"5.10"}, "another"}}
	const pass, odd = "--- PASS: TestA (0.00s)\n", "--- FAIL: TestOdd (1.20s)\n"
	for _, c := range []struct {
		about    string
		run      wire.Run
		wrong    string
		needless int
	}{
		{"all pass", wire.Run{Output: pass + "PASS\n"}, "", 1},
		{"the emulator fails one", wire.Run{Status: 1, Output: pass + odd}, "", 0},
		{"so does something else", wire.Run{Status: 1, Output: pass + odd + "    --- FAIL: TestB/x (0.00s)\n"}, "failed: TestB/x", 0},
		{"one of another kernel", wire.Run{Status: 1, Output: odd + "--- FAIL: TestOld (0.00s)\n"}, "failed: TestOld", 0},
		{"a panic", wire.Run{Status: 2, Output: pass + odd}, "exit status 2", 0},
		{"no failure that shows", wire.Run{Status: 1, Output: pass}, "exit status 1 without", 1},
		{"nothing", wire.Run{Output: "PASS\n"}, "no test ran", 0},
		{"too late", wire.Run{Status: 137, Late: true, Output: pass + odd}, "no end within", 0},
		{"a process stays", wire.Run{Status: 1, Left: []string{"sleep"}, Output: pass + odd}, `left running: ["sleep"]`, 0},
		{"Yama moves", wire.Run{Status: 1, Yama: 1, Output: pass + odd}, "ptrace_scope is 1, not 0", 0},
	} {
		e := experiment{what: "tests of p", tests: "p", check: nothing}
		e.Times = 1
		v := newVerdict(kernel{Series: "6.1"}, []experiment{e})
		line, ok := v.take(c.run)
		if failed := strings.Contains(line, " FAIL "); !ok || failed != (c.wrong != "") || !strings.Contains(line, c.wrong) {
			t.Errorf("%s: %v %s\nwant %q", c.about, ok, line, c.wrong)
		}
		if n := len(v.needless()); n != c.needless {
			t.Errorf("%s: %d needless exceptions, want %d", c.about, n, c.needless)
		}
	}
}

// TestTenRuns: one that goes wrong is enough.
func TestTenRuns(t *testing.T) {
	e := experiment{what: "lesson", check: ends(3)}
	e.Times = often
	v := newVerdict(kernel{}, []experiment{e})
	for i := range often {
		run := wire.Run{Status: 3}
		if i == 4 {
			run.Status, run.Output = 1, "permission denied"
		}
		line, ok := v.take(run)
		if ok != (i == often-1) {
			t.Fatalf("run %d: %v %q", i, ok, line)
		}
		if ok && (v.failed != 1 || !strings.Contains(line, "in 1 of 10 runs") || !strings.Contains(line, "permission denied")) {
			t.Errorf("%d failed: %s", v.failed, line)
		}
	}
}

// TestTelling cuts out what a test that failed has printed.
func TestTelling(t *testing.T) {
	v := newVerdict(kernel{}, nil)
	v.output = "=== RUN   TestA\n    a.go:1: fine\n--- PASS: TestA (0.00s)\n" +
		"=== RUN   TestB\n    b.go:2: bad\n--- FAIL: TestB (0.00s)\n    --- FAIL: TestB/x (0.00s)\n=== RUN   TestC\n"
	want := "=== RUN   TestB\n    b.go:2: bad\n--- FAIL: TestB (0.00s)\n    --- FAIL: TestB/x (0.00s)\n"
	if got := v.telling(experiment{tests: "p"}); got != want {
		t.Errorf("telling: %q, want %q", got, want)
	}
}

// TestLinesOfTheGuest: a line that came across damaged ends the boot.
func TestLinesOfTheGuest(t *testing.T) {
	cases := []wire.Case{{Times: 2}, {Times: 1}}
	const hello, run0, run1, done = `{"Hello":{"Release":"6.1.0"}}`, `{"Run":{"Case":0,"Output":""}}`, `{"Run":{"Case":1,"Output":""}}`, `{"Done":true}`
	packed := func(line string) string {
		text, _ := json.Marshal(wire.Packed("text"))
		return strings.Replace(line, `""`, string(text), 1)
	}
	for _, c := range []struct {
		lines []string
		runs  int
		err   string
	}{
		{[]string{hello, run0, run0, run1, done}, 3, ""},
		{[]string{hello, run0, run0, run1}, 3, "the machine ended"},
		{[]string{hello, run0, `{"Fault":"no /dev/pts"}`}, 1, "no /dev/pts"},
		{[]string{hello, run0, `{"Run":{"Ca{"Done":true}`}, 1, "does not parse"},
		{nil, 0, "the machine ended"},
	} {
		text := packed(strings.Join(append(c.lines, ""), "\n"))
		for strings.Contains(text, `""`) {
			text = packed(text)
		}
		events := make(chan wire.Event)
		go read(context.Background(), bufio.NewReader(strings.NewReader(text)), events)
		runs := 0
		err := follow(events, cases, func(e wire.Event) {
			if e.Run != nil {
				runs++
			}
		})
		if runs != c.runs || (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: %d runs, %v; want %d, %q", c.lines, runs, err, c.runs, c.err)
		}
	}
}

// TestHang: a guest that falls silent is given up after the time of the run.
func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan wire.Event)
		began := time.Now()
		go func() { events <- wire.Event{Hello: &wire.Hello{}} }()
		err := follow(events, []wire.Case{{Times: 1, Limit: time.Minute}}, func(wire.Event) {})
		if took := time.Since(began); err == nil || took != time.Minute+slack {
			t.Errorf("given up after %v: %v", took, err)
		}
	})
}

// TestDebian reads what apt says.
func TestDebian(t *testing.T) {
	for depends, want := range map[string]string{
		"linux-image-6.1.0-50-cloud-amd64 (= 6.1.176-1)": "linux-image-6.1.0-50-cloud-amd64",
		"linux-base-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-image-7.3.4+deb13-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-modules-cloud-amd64": "linux-image-7.3.4+deb13-cloud-amd64",
	} {
		fields := control("Package: linux-image-cloud-amd64\nVersion: 1\nDepends: " + depends + "\nDescription: x\n Depends: y\n")
		if got := imageForm.FindAllString(fields["Depends"], -1); !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %q, want %q", depends, got, want)
		}
	}
	for version, want := range map[string]string{"6.1.176-1": "6.1", "7.3.4-1~bpo13+1": "7.3", "5.10.223-1": "5.10"} {
		if got := series(version); got != want {
			t.Errorf("series(%q) = %q, want %q", version, got, want)
		}
	}
}

// TestStale: when the pages have to be woven anew.
func TestStale(t *testing.T) {
	old := shown{Suite: "bullseye", Series: "5.10", Version: "5.10.1-1", Probe: []request{{"A", "EIO"}}}
	new := shown{Suite: "trixie-backports", Series: "7.3", Version: "7.3.4-1", Probe: []request{{"A", "ok"}}}
	changed := func(s shown, change func(*shown)) shown { change(&s); return s }
	for _, c := range []struct {
		about        string
		now          []shown
		wrong, notes int
	}{
		{"the same", []shown{old, new}, 0, 0},
		{"a newer version of the series", []shown{changed(old, func(s *shown) { s.Version = "5.10.2-1" }), new}, 0, 0},
		{"another series of backports", []shown{old, changed(new, func(s *shown) { s.Series = "7.4" })}, 0, 1},
		{"a release is not there", []shown{new}, 1, 0},
		{"a release is new", []shown{old, new, changed(old, func(s *shown) { s.Series = "6.1" })}, 1, 0},
		{"another answer", []shown{changed(old, func(s *shown) { s.Probe = []request{{"A", "ok"}} }), new}, 1, 0},
	} {
		wrong, notes := stale([]shown{old, new}, c.now)
		if len(wrong) != c.wrong || len(notes) != c.notes {
			t.Errorf("%s: %q, %q", c.about, wrong, notes)
		}
	}
}

// TestShow reads the probe's lines.
func TestShow(t *testing.T) {
	v := newVerdict(kernel{Series: "6.1"}, nil)
	v.probed["root"] = "PTRACE_LISTEN, not seized     EIO\nkcmp KCMP_VM    ok\n"
	v.probed["nobody"] = "PTRACE_LISTEN, not seized     EPERM\nkcmp KCMP_VM    ok\n"
	want := []request{{"PTRACE_LISTEN, not seized", "EIO"}, {"kcmp KCMP_VM", "ok"}}
	if got := v.show().Probe; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if table := answers([]*verdict{v}); !strings.Contains(table, "EIO, EPERM") || strings.Contains(table, "ok, ok") {
		t.Error(table)
	}
}

// TestExceptionsHaveReasons, and name tests of packages that run.
func TestExceptionsHaveReasons(t *testing.T) {
	if len(emulator) == 0 {
		t.Fatal("there is no exception: this list is of no use any more")
	}
	for _, x := range emulator {
		dir, test, _ := strings.Cut(x.test, " ")
		if !slices.Contains(tested, dir) || !strings.HasPrefix(test, "Test") || x.why == "" {
			t.Errorf("%+v", x)
		}
	}
}

// TestComplaints: a kernel that stumbles fails the boot, though all cases ran.
func TestComplaints(t *testing.T) {
	for text, want := range map[string]string{
		"[    1.0] Run /init as init process\r\n[    2.0] m[7]: segfault at 0\r\n":            "",
		"[    2.0] fine\r\n[   14.1] BUG: unable to handle page fault\r\n[   14.2] PGD 0\r\n": "PGD 0",
		"[    3.0] WARNING: CPU: 0 PID: 1 at kernel/ptrace.c\r\n":                             "kernel/ptrace.c",
	} {
		file := filepath.Join(t.TempDir(), "console")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := complaints(file); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
