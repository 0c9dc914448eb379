package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"ptwalk/asm"
)

// Starting a program.

// tools are the commands that start somebody's program.
var tools = []string{"ptwalk count", "ptwalk step --plain --limit 10"}

// cannot runs both tools on a program that cannot be run: the status, one clear
// sentence with a word in it, and nothing on standard output.
func cannot(t *testing.T, status int, word string, program ...string) {
	t.Helper()
	for _, tool := range tools {
		e := session(t, append(words(tool), program...))
		e.wants(t, status, word)
		e.oneSentence(t)
		if e.Stdout != "" {
			t.Errorf("%s %q writes to standard output: %s", tool, program, e.Stdout)
		}
	}
}

// file makes a file in a folder of the test.
func file(t *testing.T, name string, data []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, data, mode))
	must(t, os.Chmod(path, mode))
	return path
}

func TestA01NotFound(t *testing.T) {
	cannot(t, 127, `"/nonexistent/program" is not found`, "/nonexistent/program")
	cannot(t, 127, `"no-such-program" is not found in PATH`, "no-such-program")
	cannot(t, 127, "not found", "")
	for _, tool := range tools {
		session(t, []string{"sh", "-c", "p=$(command -v ptwalk); PATH= $p" + strings.TrimPrefix(tool, "ptwalk") + " ls"}).
			wants(t, 127, `"ls" is not found in PATH`)
	}
}

func TestA02CannotBeExecuted(t *testing.T) {
	cannot(t, 126, "is a directory", t.TempDir())
	cannot(t, 126, "no x in its mode", file(t, "script", []byte("#!/bin/sh\n"), 0o644))
	cannot(t, 126, "not a regular file", "/dev/null")
}

func TestA03NoFormatOfTheKernel(t *testing.T) {
	hello := asm.Hello64.Bytes()
	foreign := bytes.Clone(hello)
	foreign[18], foreign[19] = byte(elf.EM_AARCH64), 0 // e_machine
	for name, c := range map[string]struct {
		data []byte
		word string
	}{
		"noline":  {[]byte("echo hi\n"), "no #!"},
		"empty":   {nil, "empty file"},
		"cut":     {hello[:60], "damaged ELF file"},
		"foreign": {foreign, "another machine"},
		"noname":  {[]byte("#!\n"), "no interpreter"},
	} {
		t.Run(name, func(t *testing.T) { cannot(t, 126, c.word, file(t, name, c.data, 0o755)) })
	}
}

func TestA04InterpreterIsMissing(t *testing.T) {
	cannot(t, 126, `"/nonexistent/interp" in its first line, which is missing`,
		file(t, "script", []byte("#!/nonexistent/interp\n"), 0o755))
	sh, err := os.ReadFile("/bin/sh")
	must(t, err)
	loader := interpreter(t, sh)
	other := bytes.Replace(sh, []byte(loader), []byte("/no"+loader[3:]), 1)
	cannot(t, 126, "needs the dynamic loader", file(t, "sh", other, 0o755))
}

func interpreter(t *testing.T, image []byte) string {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(image))
	must(t, err)
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			name := make([]byte, p.Filesz-1)
			_, err := p.ReadAt(name, 0)
			must(t, err)
			return string(name)
		}
	}
	t.Skip("/bin/sh has no dynamic loader here")
	return ""
}

// A folder that is gone keeps no program from running, as it does not natively.
func TestA05WorkingDirectoryIsGone(t *testing.T) {
	needsPtrace(t)
	again := compile(t, "again")
	for _, tool := range append(tools, "ptwalk 1 --plain; exit 9; :") {
		dir := filepath.Join(t.TempDir(), "gone")
		must(t, os.Mkdir(dir, 0o755))
		e := session(t, []string{"sh", "-c", "cd " + dir + " && rmdir " + dir + " && { " + tool + " " + again + "; }"})
		if e.Status != 9 {
			t.Errorf("%s: status %d, want 9\n%s", tool, e.Status, e.Stderr)
		}
	}
	dir := filepath.Join(t.TempDir(), "gone")
	must(t, os.Mkdir(dir, 0o755))
	session(t, []string{"sh", "-c", "cd " + dir + " && rmdir " + dir + " && exec ptwalk count ./program"}).wants(t, 127, `"./program" is not found`)
}

func TestA06ArgumentsAndPaths(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Symlink("circle", filepath.Join(dir, "circle")))
	cannot(t, 126, "too many levels", filepath.Join(dir, "circle"))
	cannot(t, 126, "name too long", "/"+strings.Repeat("n", 300))
	// An argument of nearly 128 KiB, which is as much as the kernel takes.
	again := compile(t, "again")
	for _, tool := range tools {
		exits(t, tool, 9, again, strings.Repeat("x", 131000))
	}
}

// Without descriptors nothing can be started. We say so, and do not hang.
func TestA07NoDescriptorIsLeft(t *testing.T) {
	needsPtrace(t)
	again := compile(t, "again")
	for _, args := range append(tools, "ptwalk 1 --plain; :", "ptwalk count; :", "ptwalk version; :") {
		status := 125
		if strings.HasSuffix(args, "; :") { // no program of somebody's
			status = 1
		}
		for _, n := range []int{8, 12, 19} {
			e := session(t, []string{"sh", "-c", fmt.Sprintf("ulimit -n %d; %s %s", n, strings.Replace(args, "; :", "; exit $?; :", 1), again)})
			e.wants(t, status, "ulimit -n")
			e.oneSentence(t)
		}
		e := session(t, []string{"sh", "-c", "ulimit -n 20; " + args + " " + again})
		if e.Status != 9 && e.Status != 0 {
			t.Errorf("%s with 20 descriptors: status %d\n%s", args, e.Status, e.Stderr)
		}
	}
}

// More processes at a time than descriptors: each is still known by its name.
func TestA07MoreProcessesThanDescriptors(t *testing.T) {
	needsPtrace(t)
	const crowd = `i=0; while [ $i -lt 40 ]; do sleep 300 & all="$all $!"; i=$((i+1)); done; kill $all; wait`
	e := session(t, []string{"sh", "-c", "ulimit -n 24; exec ptwalk count -f --json -- sh -c '" + crowd + "'"})
	r := sums(t, e.Stderr)
	if len(r.ByThread) != 41 {
		t.Errorf("%d threads, want 41", len(r.ByThread))
	}
	for _, th := range r.ByThread {
		if th.Name == "" {
			t.Errorf("thread %d has no name", th.TID)
		}
	}
}

// A filter refuses ptrace(2): the program is not called wrong, ptrace is.
func TestA08TraceMeIsRefused(t *testing.T) {
	for _, errno := range []string{"1", "38"} { // EPERM, ENOSYS
		for _, tool := range tools {
			e := session(t, append([]string{"noptrace", errno}, append(words(tool), "true")...))
			e.wants(t, 125, "[PT-SECCOMP]")
		}
		for _, lesson := range []string{"1", "3", "5"} {
			e := session(t, []string{"noptrace", errno, "ptwalk", lesson, "--plain"})
			e.wants(t, 3, "[PT-SECCOMP]")
		}
	}
}

func init() { programs["noptrace"] = noptrace }

// noptrace runs a command under a filter that answers ptrace(2) with an errno.
func noptrace() {
	var errno int
	fmt.Sscan(os.Args[1], &errno)
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_PTRACE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	install(filter)
	path, err := exec.LookPath(os.Args[2])
	if err != nil {
		panic(err)
	}
	panic(syscall.Exec(path, os.Args[2:], os.Environ()))
}

// Each execve of a tracee makes a stop, which must not become a signal.
func TestA09SeveralExecve(t *testing.T) {
	needsPtrace(t)
	again := compile(t, "again")
	for _, tool := range append(tools, "ptwalk step --plain --limit 1000000", "ptwalk count -f") {
		e := session(t, append(words(tool), again, "x", "x", "x", "x"))
		if e.Status != 9 {
			t.Errorf("%s: status %d, want 9\n%s", tool, e.Status, e.Stderr)
		}
	}
}

// An ordinary user's set-user-ID program runs without its privileges while it is
// traced, and root's runs with them.
func TestA10SetUserID(t *testing.T) {
	needsRoot(t)
	forAll(t, "be")
	program := compile(t, "copy")
	open(t, program, os.ModeSetuid|0o755)
	user := "be gid=65534 uid=65534 -- "
	run := func(command string) ending {
		e := session(t, words(command+" "+program+" /proc/self/status"), func(c *exec.Cmd) { c.Dir = "/" })
		if e.Status != 0 {
			t.Errorf("%s: status %d\n%s", command, e.Status, e.Stderr)
		}
		return e
	}
	ordinary, asRoot := "Uid:\t65534\t65534\t65534", "Uid:\t0\t0\t0"
	if e := run(strings.TrimSuffix(user, " ")); strings.Contains(e.Stdout, ordinary) {
		t.Skip("the folder for temporary files is mounted with nosuid")
	}
	for _, tool := range []string{"ptwalk count -o /dev/null", "ptwalk step --limit 1"} {
		e := run(user + tool)
		if !strings.Contains(e.Stdout, ordinary) || !strings.Contains(e.Stderr, "has the set-user-ID bit") {
			t.Errorf("%s: want a warning and the ids of the user\n%s\n%s", tool, e.Stderr, e.Stdout)
		}
		e = run(tool)
		if !strings.Contains(e.Stdout, asRoot) || strings.Contains(e.Stderr, "warning") {
			t.Errorf("%s as root: want no warning\n%s\n%s", tool, e.Stderr, e.Stdout)
		}
	}
}

// open lets another user come to the folder of a test's file, and gives it a mode.
func open(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	must(t, os.Chmod(path, mode))
	must(t, os.Chmod(filepath.Dir(path), 0o755))
	must(t, os.Chmod(filepath.Dir(filepath.Dir(path)), 0o755))
}

// asNobody runs something as an ordinary user.
func asNobody(t *testing.T, args ...string) ending {
	t.Helper()
	return session(t, append(words("be "+nobody+" -- "), args...), func(c *exec.Cmd) { c.Dir = "/" })
}

// A program that its user may not read is stepped without a word of its code, the
// reason stands above the rows, and it is not counted.
func TestA11NotReadable(t *testing.T) {
	needsRoot(t)
	forAll(t, "be")
	path := file(t, "hello64", asm.Hello64.Bytes(), 0o711)
	open(t, path, 0o711)
	for _, engine := range []string{"block", "step"} {
		e := asNobody(t, "ptwalk", "count", "--engine="+engine, path)
		if e.Status != 125 || e.Stdout != "" || !strings.Contains(e.Stderr, "its file may not be read") || !strings.Contains(e.Stderr, "[PT-NODUMP]") {
			t.Errorf("count: status %d, want 125\n%s\n%s", e.Status, e.Stderr, e.Stdout)
		}
	}
	e := asNobody(t, "ptwalk", "step", "--plain", path)
	if e.Status != 1 || e.Stderr != "" || !strings.Contains(e.Stdout, "Hello") || strings.Count(e.Stdout, "[PT-NODUMP]") != 1 {
		t.Errorf("step: status %d, want 1\n%s\n%s", e.Status, e.Stderr, e.Stdout)
	}
}

// A program that makes itself not dumpable is counted as long as that can be done
// without a trace.
func TestA11ClosesItself(t *testing.T) {
	needsRoot(t)
	forAll(t, "be")
	path := compile(t, "closes")
	open(t, path, 0o755)
	for _, engine := range []string{"block", "step"} {
		count := []string{"ptwalk", "count", "--engine=" + engine, "-o", "/dev/null", path}
		asNobody(t, count...).wants(t, 30, "")
		e := asNobody(t, append(count, "flags")...)
		if e.Status != 125 || !strings.Contains(e.Stderr, "it has called prctl(PR_SET_DUMPABLE)") {
			t.Errorf("--engine=%s: status %d, want 125\n%s", engine, e.Status, e.Stderr)
		}
		session(t, append(count, "flags")).wants(t, 30, "") // root is not refused
	}
}

// A 32-bit program is shown with the registers that it has.
func TestA12I386(t *testing.T) {
	needsPtrace(t)
	needsIA32(t)
	path := file(t, "hello32", asm.Hello32.Bytes(), 0o755)
	e := session(t, []string{"ptwalk", "step", "--plain", path})
	e.wants(t, 1, "")
	if !strings.Contains(e.Stdout, "eax") || strings.Contains(e.Stdout, "rax") {
		t.Errorf("want eax and no rax:\n%s", e.Stdout)
	}
	e = session(t, []string{"ptwalk", "count", "--json", path})
	if e.Status != 1 || !strings.Contains(e.Stderr, `"instructions":7`) {
		t.Errorf("status %d, want 1 and 7 instructions\n%s", e.Status, e.Stderr)
	}
}

// hello is a program of each kind that needs no library here.
func TestA13KindsOfPrograms(t *testing.T) {
	needsPtrace(t)
	needs(t, "gcc")
	source := file(t, "eight.c", []byte("int main(void) { return 8; }\n"), 0o644)
	for kind, flags := range map[string]string{
		"static": "-static -no-pie", "static-pie": "-static-pie", "dynamic": "-no-pie", "pie": "-pie -fPIE",
	} {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "eight")
			if out, err := exec.Command("gcc", append(words(flags), "-o", path, source)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			exitsAsNatively(t, 8, path)
			if kind == "static" {
				exits(t, "ptwalk count", 8, path)
			}
		})
	}
	t.Run("script", func(t *testing.T) { exitsAsNatively(t, 8, file(t, "eight", []byte("#!/bin/sh\nexit 8\n"), 0o755)) })
	t.Run("no name", func(t *testing.T) {
		e := session(t, []string{"sh", "-c", "exec 9<" + file(t, "one", asm.Hello64.Bytes(), 0o755) + "; exec ptwalk count /proc/self/fd/9"})
		if e.Status != 1 {
			t.Errorf("status %d, want 1\n%s", e.Status, e.Stderr)
		}
	})
	t.Run("deleted", func(t *testing.T) {
		path := file(t, "gone", asm.Ticker.Bytes(), 0o755)
		k := startProgram(t, path)
		must(t, os.Remove(path))
		e := session(t, []string{"ptwalk", "attach", k.String()})
		e.wants(t, 0, "")
		if !strings.Contains(e.Stdout, "gone") {
			t.Errorf("the name is missing:\n%s", e.Stdout)
		}
		k.unharmed()
	})
}

// exitsAsNatively steps a little, which is soon done.
func exitsAsNatively(t *testing.T, status int, program ...string) {
	t.Helper()
	exits(t, "ptwalk step --limit 100", status, program...)
}

func exits(t *testing.T, tool string, status int, program ...string) {
	t.Helper()
	if e := session(t, append(words(tool), program...)); e.Status != status {
		t.Errorf("%s %q: status %d, want %d\n%s", tool, program, e.Status, status, e.Stderr)
	}
}

// inherited are the files of /proc that tell what a program got from its parent.
const inherited = " /proc/self/status /proc/self/limits /proc/self/personality /proc/self/cgroup" +
	" /proc/self/fdinfo/3 /proc/self/fdinfo/4 /proc/self/fdinfo/5 /proc/self/fdinfo/6 /proc/self/fdinfo/7 /proc/self/fdinfo/8"

// ownLines of /proc/PID/status are another's in each process, or tell of the
// tracer or of the program's own use.
var ownLines = regexp.MustCompile(`(?m)^(Pid|Tgid|Ngid|PPid|TracerPid|NStgid|NSpid|Vm\w+|Rss\w+|HugetlbPages|State|\w*ctxt_switches|Cpus_allowed\w*|SigQ|ino):.*\n`)

func TestA14Inherited(t *testing.T) {
	needsPtrace(t)
	program := compile(t, "copy") + inherited
	for _, setting := range []string{"", "trap '' HUP INT; umask 027; ulimit -s 4096; cd /;"} {
		native := session(t, []string{"sh", "-c", setting + "exec " + program})
		want := ownLines.ReplaceAllString(native.Stdout, "")
		for _, tool := range []string{"ptwalk count -o /dev/null", "ptwalk count -f -o /dev/null", "ptwalk step --limit 1"} {
			traced := session(t, []string{"sh", "-c", setting + "exec " + tool + " " + program})
			got := ownLines.ReplaceAllString(traced.Stdout, "")
			got, _, _ = strings.Cut(got, "\nThese were the first") // step's own line
			if native.Status != traced.Status || !strings.Contains(got, want) {
				t.Errorf("%s %s: status %d, want %d (-native +traced):\n%s", setting, tool, traced.Status, native.Status, cmp.Diff(want, got))
			}
		}
	}
}

// A program that is installed has its symbols; that of a test has none.
func TestA14IgnoredSignals(t *testing.T) {
	needsPtrace(t)
	built := filepath.Join(t.TempDir(), "ptwalk")
	if out, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program := compile(t, "ignored")
	for _, setting := range []string{"", "trap '' PIPE;", "trap '' QUIT TERM USR1 ALRM TSTP 35;"} {
		native := session(t, []string{"sh", "-c", setting + "exec " + program})
		for _, tool := range []string{" count -o /dev/null ", " count --engine=step -o /dev/null ", " step --limit 1 "} {
			traced := session(t, []string{"sh", "-c", setting + "exec " + built + tool + program})
			if !strings.Contains(traced.Stdout, native.Stdout) {
				t.Errorf("%s%s:\n%s\nnatively\n%s", setting, tool, traced.Stdout, native.Stdout)
			}
		}
	}
}

// The Go runtime opens /dev/null in the place of what is closed. No file of ours
// takes that place.
func TestA15DescriptorsAreClosed(t *testing.T) {
	needsPtrace(t)
	k := startTicker(t)
	again := compile(t, "again") + " x"
	for _, args := range []string{
		"ptwalk", "ptwalk 1 --plain", "ptwalk 5 --json", "ptwalk attach " + k.String(),
		"ptwalk count " + again + " || test $? = 9 #", "ptwalk step true", "ptwalk doctor", "ptwalk explain 0x57f",
	} {
		if e := session(t, []string{"sh", "-c", "exec <&- >&- 2>&-; " + args}); e.Status != 0 {
			t.Errorf("%s with closed descriptors: status %d", args, e.Status)
		}
		// Standard error alone is left open, and nothing but a report goes there.
		e := session(t, []string{"sh", "-c", "exec <&- >&-; " + args})
		if e.Status != 0 || (e.Stderr != "" && !strings.Contains(args, "count")) {
			t.Errorf("%s: status %d\n%s", args, e.Status, e.Stderr)
		}
	}
	k.unharmed()
}

// We hold no end of the program's pipes: when it closes its own, they are closed.
func TestA16PipesOfTheProgram(t *testing.T) {
	needsPtrace(t)
	closer := compile(t, "closer")
	for _, tool := range tools {
		// The writer has SIGPIPE although the reader lives on.
		e := session(t, []string{"sh", "-c", "{ yes; echo done >$TMPDIR/done; } | " + tool + " " + closer + " $TMPDIR/done; status=$?; rm $TMPDIR/done; exit $status"})
		if e.Status != 0 {
			t.Errorf("%s holds the standard input of its program: status %d\n%s", tool, e.Status, e.Stderr)
		}
	}
}
