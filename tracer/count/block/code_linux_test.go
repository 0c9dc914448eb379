package block

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// compiled builds a C program once, for all tests.
var compiled = func() func(t *testing.T, source string) string {
	var mu sync.Mutex
	built := map[string]string{}
	return func(t *testing.T, source string) string {
		t.Helper()
		if _, err := exec.LookPath("gcc"); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal("gcc is not installed")
			}
			t.Skip("gcc is not installed")
		}
		mu.Lock()
		defer mu.Unlock()
		if built[source] == "" {
			path := filepath.Join(programs, filepath.Base(source)+".out")
			if out, err := exec.Command("gcc", "-O1", "-static", "-pthread", "-o", path, source).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			built[source] = path
		}
		return built[source]
	}
}()

// programs is a folder for what is compiled.
var programs string

func TestMain(m *testing.M) {
	programs, _ = os.MkdirTemp("", "block")
	status := m.Run()
	os.RemoveAll(programs)
	os.Exit(status)
}

// counts is what a program does by each engine: the same, and as natively.
func counts(t *testing.T, path, name string, follow bool) {
	t.Helper()
	native := exec.CommandContext(t.Context(), path, name)
	native.Run()
	want := native.ProcessState.Sys().(syscall.WaitStatus)
	step, blocks := both(t, count.Config{Follow: follow, Command: tracer.Command{Path: path, Argv: []string{"program", name}}})
	if got := syscall.WaitStatus(blocks.End.Status); got&0xff7f != want&0xff7f { // but for a core file
		t.Errorf("%s: wait status %#x by blocks, natively %#x", name, got, want)
	}
	if step.Instructions != blocks.Instructions || step.Stops != blocks.Stops {
		t.Errorf("%s, follow %v: %d instructions, %d stops by blocks, %d, %d by steps", name, follow,
			blocks.Instructions, blocks.Stops, step.Instructions, step.Stops)
		t.Log(difference(step, blocks))
	}
}

// difference is where two counts differ, function by function.
func difference(step, blocks count.Result) (text string) {
	n := map[string][2]uint64{}
	for i, res := range []count.Result{step, blocks} {
		for _, f := range res.ByFunction {
			pair := n[f.Function]
			pair[i] = f.Instructions
			n[f.Function] = pair
		}
	}
	for name, pair := range n {
		if pair[0] != pair[1] {
			text += fmt.Sprintf("%s: %d by steps, %d by blocks\n", name, pair[0], pair[1])
		}
	}
	return text
}

func TestCodeThatChanges(t *testing.T) {
	path := compiled(t, "testdata/code.c")
	for _, name := range []string{"writable", "flipped", "shared", "private", "replaced", "moved", "proc", "middle", "written", "heap", "grows down", "cut off", "orphan"} {
		t.Run(name, func(t *testing.T) { counts(t, path, name, false) })
	}
}

func TestRepeatsBranchesAndFaults(t *testing.T) {
	path := compiled(t, "testdata/code.c")
	for _, name := range []string{"repeats", "branches", "faults", "alarms", "back", "overlap", "hints", "only prefixes"} {
		t.Run(name, func(t *testing.T) { counts(t, path, name, false) })
	}
}

// byBlocks counts a program of code.c.
func byBlocks(t *testing.T, name string) (count.Result, error) {
	t.Helper()
	return by(t, Engine{}, name)
}

func bySteps(t *testing.T, name string) count.Result {
	t.Helper()
	res, err := by(t, nil, name)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func by(t *testing.T, engine count.Engine, name string) (count.Result, error) {
	t.Helper()
	path := compiled(t, "testdata/code.c")
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	return count.Run(count.Config{Engine: engine, Timeout: deadline, Command: tracer.Command{
		Path: path, Argv: []string{"code", name}, Files: []*os.File{null, null, null}}})
}

// A program that copies its own code back takes our int3 along, and dies of it. The
// result says that it was ours, and where; by steps the program ends as natively.
func TestCodeThatIsCarriedAwayAndBack(t *testing.T) {
	res, err := byBlocks(t, "carried")
	if err != nil || res.End.Kind != tracer.Killed || res.End.Signal != tracer.SIGTRAP || res.Moved == 0 {
		t.Errorf("it %s, with an int3 of ours at %v, error %v; want killed by one", res.End.Name(), res.Moved, err)
	}
	if res = bySteps(t, "carried"); res.End.ExitCode != 10 || res.Moved != 0 {
		t.Errorf("by steps it %s with %d, moved %v; want 10", res.End.Name(), res.End.ExitCode, res.Moved)
	}
}

// A loop that has no end of its own gets its signal, and counts on meanwhile.
func TestLoopWithoutAnEnd(t *testing.T) {
	res, err := byBlocks(t, "stands")
	if err != nil || res.End.ExitCode != 21 {
		t.Errorf("exit status %d, error %v; want 21 of the signal's handler", res.End.ExitCode, err)
	}
}

// A stop in a restartable sequence goes on in the handler of its abort, and that
// counts. Where the scheduler interrupts one between two stops, the count ends with
// an error; then it is counted once more.
func TestRestartableSequence(t *testing.T) {
	var res count.Result
	var err error
	for begin := time.Now(); time.Since(begin) < deadline; {
		res, err = byBlocks(t, "sequence")
		if err == nil || !strings.Contains(err.Error(), "left the straight code") {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if aborts := res.End.ExitCode; res.Instructions < uint64(aborts)*2000 {
		t.Errorf("%d instructions, and %d aborts of 2,000 each", res.Instructions, aborts)
	} else {
		t.Logf("%d instructions, %d aborts", res.Instructions, aborts)
	}
}

func TestForksShareNoBreakpoint(t *testing.T) {
	path := compiled(t, "testdata/code.c")
	for _, follow := range []bool{false, true} {
		counts(t, path, "forks", follow)
	}
}

// The programs that test what stepping hides, by blocks.
func TestEndsAsNatively(t *testing.T) {
	path := compiled(t, "../testdata/natively.c")
	for _, name := range []string{"ud2", "hlt", "cli", "divide", "sysenter", "clone", "clone3", "vfork", "handlers",
		"errno", "trap", "kill", "trace", "strict", "flag", "vsyscall", "disposition", "affinity"} {
		counts(t, path, name, false)
	}
	for _, name := range []string{"clone", "clone3", "vfork", "affinity"} {
		counts(t, path, name, true)
	}
	path = compiled(t, "../testdata/moments.c")
	for _, name := range []string{"mask", "blocked", "waits", "returned", "iretq", "branch", "popf", "popf ID", "popf faults",
		"edge", "prefixes", "dispatch", "vforked", "closes", "held", "umip", "checked"} {
		counts(t, path, name, false)
	}
}

// A program that stores its flags, once its memory is closed to an ordinary user.
func TestFlagsInClosedMemory(t *testing.T) {
	path := compiled(t, "../testdata/moments.c")
	if os.Getuid() == 0 {
		counts(t, path, "closes, flags", false)
		return
	}
	for _, engine := range []count.Engine{nil, Engine{}} {
		res, err := count.Run(count.Config{Engine: engine, Timeout: deadline,
			Command: tracer.Command{Path: path, Argv: []string{"moments", "closes, flags"}}})
		if err == nil || !strings.Contains(err.Error(), "[PT-NODUMP]") {
			t.Errorf("by %T: it %s, error %v; want [PT-NODUMP]", engine, res.End.Name(), err)
		}
	}
}

// Signals that come at any moment of a repeated instruction.
func TestSignalsAroundARepeat(t *testing.T) {
	path := compiled(t, "testdata/code.c")
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	res, err := count.Run(count.Config{Engine: Engine{}, Timeout: deadline, Command: tracer.Command{
		Path: path, Argv: []string{"code", "timers"}, Files: []*os.File{null, null, null}}})
	if err != nil || res.End.ExitCode != 22 {
		t.Errorf("exit status %d, error %v; want 22", res.End.ExitCode, err)
	}
}
