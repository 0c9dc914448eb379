package count

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/procfs"
)

// Without Follow the child runs untraced. A trap that it inherits would kill it,
// and the parent would exit with 5, the number of SIGTRAP.
func TestG10ChildRunsUntraced(t *testing.T) {
	for name, nr := range map[string]uint32{"fork": 57, "vfork": 58} {
		t.Run(name, func(t *testing.T) {
			res := runConfig(t, Config{Command: command(program(t, parent(nr)...))})
			wantExit(t, res, 9)
			if len(res.ByThread) != 1 {
				t.Errorf("threads %v, want one", res.ByThread)
			}
		})
	}
}

// With Follow its three instructions and the two after the fork count as well.
func TestG10FollowCountsTheChild(t *testing.T) {
	for name, nr := range map[string]uint32{"fork": 57, "vfork": 58} {
		t.Run(name, func(t *testing.T) {
			path := program(t, parent(nr)...)
			alone := runConfig(t, Config{Command: command(path)})
			both := runConfig(t, Config{Command: command(path), Follow: true})
			wantExit(t, both, 9)
			if want := alone.Instructions + 5; both.Instructions != want {
				t.Errorf("%d instructions, want %d", both.Instructions, want)
			}
			if len(both.ByThread) != 2 || both.ByThread[1].Instructions != 5 {
				t.Errorf("by thread %v, want two, the child with 5", both.ByThread)
			}
		})
	}
}

// Five instructions take the program to another one of three.
func TestG11CountGoesOnAfterExecve(t *testing.T) {
	path := program(t, execve(program(t, exit(5)))...)
	res := runConfig(t, Config{Command: command(path), Histogram: true})
	wantExit(t, res, 5)
	if res.Instructions != 5+3 || res.Exits != 1 {
		t.Errorf("%d instructions with %d exits, want 8 with 1", res.Instructions, res.Exits)
	}
	if len(res.ByObject) != 1 || res.ByObject[0].Object != "program" {
		t.Errorf("by object %v, want all in program", res.ByObject)
	}
}

// tickers has four threads. Without Follow the first one counts, and the three
// others must not keep the run from ending. With it all of them are met, if there is
// time for it.
func TestThreads(t *testing.T) {
	for _, follow := range []bool{false, true} {
		t.Run(fmt.Sprintf("follow %v", follow), func(t *testing.T) {
			want := map[bool]int{false: 1, true: 4}[follow]
			threads := 0
			for limit := uint64(5000); threads < want && limit < 1e7; limit *= 10 {
				res := bundled(t, asm.Tickers, func(cfg *Config) { cfg.Follow, cfg.Limit = follow, limit })
				if res.Instructions != limit || res.Why != Limit {
					t.Errorf("%d instructions (%q), want %d because of the limit", res.Instructions, res.Why, limit)
				}
				threads = len(res.ByThread)
			}
			if threads != want {
				t.Errorf("%d threads, want %d", threads, want)
			}
		})
	}
}

// stopped reads one line of the program, so that it is known to run, stops it
// and sees that it stands still until SIGCONT.
func TestStopAndContinue(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	// loop: write(1, entry, 1); jmp loop
	path := program(t, mov(rdi, 1), mov(rsi, entry), mov(rdx, 1), mov(rax, 1), syscall64, []byte{0xeb, 0xe8})
	signals := make(chan os.Signal, 2)
	results := make(chan Result, 1)
	go func() {
		cfg := Config{Command: command(path), Timeout: deadline, Signals: signals, Grace: deadline}
		cfg.Command.Files = []*os.File{nil, write, nil}
		res, _ := Run(cfg)
		write.Close()
		results <- res
	}()
	in := bufio.NewReader(read)
	if _, err := in.ReadByte(); err != nil {
		t.Fatal(err)
	}
	pid := childNamed(t, "program")
	syscall.Kill(pid, syscall.SIGSTOP)
	// In group-stop the program writes nothing: what is in the pipe comes to an end.
	quiet := 0
	for end := time.Now().Add(deadline); quiet < 3; {
		if time.Now().After(end) {
			t.Fatal("the program does not stop")
		}
		read.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		if n, _ := in.Read(make([]byte, 4096)); n > 0 {
			quiet = 0
		} else {
			quiet++
		}
	}
	syscall.Kill(pid, syscall.SIGCONT)
	read.SetReadDeadline(time.Now().Add(deadline))
	if _, err := in.ReadByte(); err != nil {
		t.Errorf("after SIGCONT: %v", err)
	}
	signals <- syscall.SIGTERM
	go func() { // keep the pipe from filling up
		read.SetReadDeadline(time.Time{})
		in.WriteTo(discard{})
	}()
	if res := <-results; res.End.Signal != tracer.Signal(syscall.SIGTERM) || res.Partial {
		t.Errorf("it %s by %v, partial %v; want killed by SIGTERM", res.End.Name(), res.End.Signal, res.Partial)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// childNamed finds a child of ours by its name.
func childNamed(t *testing.T, name string) int {
	t.Helper()
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for pid := range strings.FieldsSeq(string(text)) {
			var n tracer.TID
			fmt.Sscan(pid, &n)
			if procfs.Comm(n) == name {
				return int(n)
			}
		}
	}
	t.Fatalf("no child is called %s", name)
	return 0
}

// Nothing may stay behind: no child, and no descriptor.
func TestNothingStaysBehind(t *testing.T) {
	before := descriptors(t)
	path := program(t, parent(57)...)
	for range 20 {
		runConfig(t, Config{Command: command(path), Follow: true})
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors, want %d as before", after, before)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// gdb steps the same program to its end, and counts its steps.
func TestG15EqualsStepiOfGdb(t *testing.T) {
	gdb, err := exec.LookPath("gdb")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("gdb is not installed")
		}
		t.Skip("gdb is not installed")
	}
	path := program(t, mov(1, 100), []byte{0xff, 0xc9, 0x75, 0xfc}, exit(0))
	res := runConfig(t, Config{Command: command(path)})
	script := filepath.Join(t.TempDir(), "script")
	os.WriteFile(script, []byte(`set confirm off
set pagination off
set debuginfod enabled off
starti
set $n = 0
python
while gdb.selected_inferior().pid != 0:
    gdb.execute("stepi", to_string=True)
    gdb.execute("set $n = $n + 1")
end
printf "STEPS %d\n", $n
`), 0o600)
	out, err := exec.CommandContext(t.Context(), gdb, "-nx", "-batch", "-x", script, path).CombinedOutput()
	found := regexp.MustCompile(`STEPS (\d+)`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("gdb: %v\n%s", err, bytes.TrimSpace(out))
	}
	if want := fmt.Sprint(res.Instructions); string(found[1]) != want {
		t.Errorf("gdb has stepped %s times, we count %s", found[1], want)
	}
}
