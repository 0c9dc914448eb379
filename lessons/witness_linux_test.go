package lessons_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ptwalk/tracer/names"
)

// request is one ptrace(2) call, as the kernel and as a lesson tell it.
type request struct {
	Name   string
	TID    uint64
	Addr   uint64
	Data   uint64 // 0 where it is a pointer
	Result int64
}

// TestWitness compares what the lessons say with what the kernel saw: the
// tracepoints sys_enter_ptrace and sys_exit_ptrace record each request of the
// tracer and of its children, and the events of --json name the same ones, in
// the same order, with the same results.
func TestWitness(t *testing.T) {
	tracing := tracefs(t)
	program := filepath.Join(t.TempDir(), "ptwalk")
	if out, err := exec.Command("go", "build", "-o", program, "ptwalk/cmd/ptwalk").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	stdout := tracing.run(t, program, "all", "--json")
	said, children := saidCalls(t, stdout)
	saw := tracing.calls(t, children)
	total := 0
	for who, want := range said {
		got := saw[who]
		total += len(want)
		// TRACEME has no arguments, so a child's own pid stands in the event.
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("the requests of %s differ (-kernel +lessons):\n%s", who, clip(diff))
		}
	}
	for tid := range saw {
		if said[tid] == nil {
			t.Errorf("the kernel saw %d requests of %s, and the lessons name none: %v", len(saw[tid]), tid, saw[tid][0])
		}
	}
	t.Logf("%d requests of the tracer and of %d children agree", total, len(children))
	if total < 1000 {
		t.Errorf("only %d requests: too few to be all lessons", total)
	}
}

// saidCalls are the requests of the events, with folds expanded, by who made
// them: "tracer", or the child's tid.
func saidCalls(t *testing.T, stdout []byte) (said map[string][]request, children map[uint64]bool) {
	type event struct {
		Kind, Request, By, Addr, Data string
		TID                           int64 // -1: a wait for any
		Result                        int64
		N, Loop, Turn                 int
	}
	var all []event
	children = map[uint64]bool{}
	for line := range bytes.Lines(stdout) {
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			var other struct{ Kind string }
			if json.Unmarshal(line, &other); other.Kind == "call" || other.Kind == "" {
				t.Fatalf("%v: %s", err, line)
			}
			continue
		}
		if e.Kind == "call" {
			all = append(all, e)
		}
		if e.Kind == "call" && e.Request == "fork" {
			children[uint64(e.Result)] = true
		}
	}
	said = map[string][]request{}
	maker := uint64(0) // the child that was started last makes the calls of "child"
	for i := 0; i < len(all); i++ {
		turn := all[i : i+1]
		if all[i].Loop > 1 {
			turn = all[i : i+all[i].Loop]
		}
		for range all[i].N {
			for _, e := range turn {
				if e.Request == "fork" {
					maker = uint64(e.Result)
				}
				if !strings.HasPrefix(e.Request, "PTRACE_") {
					continue
				}
				r := request{Name: e.Request, TID: uint64(e.TID), Addr: number(t, e.Addr), Data: number(t, e.Data), Result: e.Result}
				who := "tracer"
				if e.By == "child" {
					who = fmt.Sprint(maker)
				}
				if r.Name == "PTRACE_TRACEME" {
					r.TID = 0
				}
				said[who] = append(said[who], r)
			}
		}
		i += len(turn) - 1
	}
	return said, children
}

func number(t *testing.T, hex string) uint64 {
	if hex == "" {
		return 0
	}
	n, err := strconv.ParseUint(hex, 0, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// tracer is an instance of tracefs that records ptrace(2).
type instance struct{ dir string }

// tracefs makes an instance that records the ptrace calls of one process and of
// all that it starts. It needs root and a kernel with tracepoints.
func tracefs(t *testing.T) instance {
	root := "/sys/kernel/tracing"
	if _, err := os.Stat(root + "/events"); err != nil {
		root = t.TempDir()
		if err := syscall.Mount("tracefs", root, "tracefs", 0, ""); err != nil {
			noWitness(t, "cannot mount tracefs: %v", err)
		}
		t.Cleanup(func() { syscall.Unmount(root, 0) })
	}
	if _, err := os.Stat(root + "/events/syscalls/sys_enter_ptrace"); err != nil {
		noWitness(t, "this kernel has no tracepoint for ptrace: %v", err)
	}
	in := instance{filepath.Join(root, "instances", fmt.Sprintf("ptwalk-%d", os.Getpid()))}
	if err := os.Mkdir(in.dir, 0o700); err != nil {
		noWitness(t, "cannot make an instance in tracefs: %v", err)
	}
	t.Cleanup(func() { os.Remove(in.dir) })
	// The names of threads are kept in a list that is short by default: where one is
	// lost, "<...>" stands for it.
	os.WriteFile(filepath.Join(root, "saved_cmdlines_size"), []byte("8192"), 0)
	// The counter gives each event the next number, so that their order is exact.
	in.set(t, "trace_clock", "counter")
	in.set(t, "buffer_size_kb", "32768")
	in.set(t, "options/event-fork", "1")
	in.set(t, "set_event_pid", strconv.Itoa(os.Getpid())) // an empty list would mean every process
	in.set(t, "events/syscalls/sys_enter_ptrace/enable", "1")
	in.set(t, "events/syscalls/sys_exit_ptrace/enable", "1")
	return in
}

func noWitness(t *testing.T, format string, args ...any) {
	if os.Getenv("CI") != "" && os.Getuid() == 0 {
		t.Fatalf(format, args...)
	}
	t.Skipf("NO WITNESS: "+format, args...)
}

func (in instance) set(t *testing.T, file, value string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(in.dir, file), []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a program whose first thread is recorded from its first instruction.
func (in instance) run(t *testing.T, args ...string) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	script := `echo $$ >> "$0" && exec "$@"`
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, filepath.Join(in.dir, "set_event_pid")}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	return out
}

// calls reads the record: who made which requests. A task that has made a
// TRACEME, or that somebody else started, is a child; the others are threads of
// the tracer. The kernel remembers the names of some hundred tasks alone: one
// without a name is a child if the lessons say so.
func (in instance) calls(t *testing.T, children map[uint64]bool) map[string][]request {
	text, err := os.ReadFile(filepath.Join(in.dir, "trace"))
	if err != nil {
		t.Fatal(err)
	}
	if lost := bytes.Contains(text, []byte("LOST")); lost {
		t.Fatal("the kernel's record is not complete: events were lost")
	}
	saw := map[string][]request{}
	open := map[uint64]request{}
	for line := range strings.Lines(string(text)) {
		tid, comm, call, ok := traceLine(line)
		if !ok {
			continue
		}
		if result, isExit := strings.CutPrefix(call, "sys_ptrace -> "); isExit {
			n, err := strconv.ParseUint(strings.TrimSpace(result), 0, 64)
			if err != nil {
				t.Fatal(err)
			}
			r := open[tid]
			r.Result = int64(n)
			who := "tracer"
			if r.Name == "PTRACE_TRACEME" || comm != "ptwalk" && comm != "<...>" || comm == "<...>" && children[tid] {
				who = fmt.Sprint(tid)
			}
			saw[who] = append(saw[who], r)
			continue
		}
		var nr, pid, addr, data uint64
		// All four are hexadecimal. Older kernels write no 0x.
		if _, err := fmt.Sscanf(strings.ReplaceAll(call, "0x", ""), "sys_ptrace(request: %x, pid: %x, addr: %x, data: %x)", &nr, &pid, &addr, &data); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		r := request{Name: names.RequestName(nr), TID: pid, Addr: addr, Data: data}
		if pointerData[r.Name] {
			r.Data = 0
		}
		if pointerAddr(r) {
			r.Addr = 0
		}
		open[tid] = r
	}
	return saw
}

// pointerData are the requests whose data is an address of the tracer's own.
var pointerData = map[string]bool{
	"PTRACE_PEEKUSER": true, "PTRACE_PEEKDATA": true, "PTRACE_GETREGS": true, "PTRACE_GETSIGINFO": true,
	"PTRACE_GETEVENTMSG": true, "PTRACE_GET_SYSCALL_INFO": true, "PTRACE_GETREGSET": true, "PTRACE_PEEKTEXT": true,
	"PTRACE_SETREGS": true, "PTRACE_SETREGSET": true, "PTRACE_GETFPREGS": true, "PTRACE_SETFPREGS": true,
	"PTRACE_GETFPXREGS": true, "PTRACE_SETFPXREGS": true, "PTRACE_GET_THREAD_AREA": true, "PTRACE_SET_THREAD_AREA": true,
	"PTRACE_SETSIGINFO": true, "PTRACE_PEEKSIGINFO": true, "PTRACE_GETSIGMASK": true, "PTRACE_SETSIGMASK": true,
	"PTRACE_SECCOMP_GET_FILTER": true, "PTRACE_SECCOMP_GET_METADATA": true, "PTRACE_GET_RSEQ_CONFIGURATION": true,
	"PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG": true, "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG": true, "PTRACE_SET_SYSCALL_INFO": true,
}

// pointerAddr says the same of addr: of the structure for PEEKSIGINFO, and of the word
// that ARCH_GET_FS and ARCH_GET_GS store.
func pointerAddr(r request) bool {
	return r.Name == "PTRACE_PEEKSIGINFO" || r.Name == "PTRACE_ARCH_PRCTL" && (r.Data == 0x1003 || r.Data == 0x1004)
}

// traceLine takes a line apart: "  ptwalk-4211  [001] .....  17: sys_ptrace(...)".
func traceLine(line string) (tid uint64, comm, call string, ok bool) {
	head, call, ok := strings.Cut(line, ": sys_ptrace")
	if !ok || strings.HasPrefix(line, "#") {
		return 0, "", "", false
	}
	task, _, ok := strings.Cut(head, " [")
	dash := strings.LastIndex(task, "-")
	if !ok || dash < 0 {
		return 0, "", "", false
	}
	tid, err := strconv.ParseUint(strings.TrimSpace(task[dash+1:]), 10, 64)
	return tid, strings.TrimSpace(task[:dash]), "sys_ptrace" + call, err == nil
}

func clip(s string) string {
	if len(s) > 4000 {
		return s[:4000] + "\n..."
	}
	return s
}
