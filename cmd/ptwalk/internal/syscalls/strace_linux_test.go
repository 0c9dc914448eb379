package syscalls

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ptwalk/internal/cmdtest"
)

// Held against strace: the same calls of each thread, in the same order, with the same
// arguments and the same results.
func TestAsStrace(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "strace")
	dir := t.TempDir()
	makefile := "all: a b\na:\n\techo a\nb:\n\tsh -c 'exit 1' || true\n"
	cmdtest.Must(t, os.WriteFile(filepath.Join(dir, "Makefile"), []byte(makefile), 0o644))
	cmdtest.Must(t, os.WriteFile(filepath.Join(dir, "a \"b\"\n"), nil, 0o600))
	for _, c := range []struct {
		needs string
		argv  []string
	}{
		{"ls", []string{"/bin/ls", "-l", dir}},
		{"sh", []string{"sh", "-c", "ls / | cat; exit 3"}},
		{"sh", []string{"sh", "-c", "kill -TERM $$"}},
		{"python3", []string{"python3", "-c", "import os; f = os.open('" + dir + "', os.O_RDWR | os.O_TMPFILE, 0o600); os.write(f, b'\\0001\\377'); os.listdir('/'); os.umask(0o27)"}},
		{"make", []string{"make", "-C", dir}},
	} {
		t.Run(strings.Join(c.argv[:2], " "), func(t *testing.T) {
			cmdtest.Needs(t, c.needs)
			if c.needs == "python3" { // it may be a script that looks for the real one
				out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
				cmdtest.Must(t, err)
				c.argv[0] = strings.TrimSpace(string(out))
			}
			// The order of what several processes do at a time is the scheduler's, and when a
			// signal arrives too. So two runs may differ, and are made again.
			by, diff := filepath.Join(t.TempDir(), "by"), "never run"
			for try := 0; try < 8 && diff != ""; try++ {
				want := lookAt(t, by, append([]string{"strace", "-f", "-a", "1", "-o", by}, c.argv...))
				got := lookAt(t, by, append([]string{"ptwalk", "syscalls", "-f", "-o", by, "--"}, c.argv...))
				diff = cmp.Diff(want, got)
			}
			if diff != "" {
				t.Errorf("-strace +ptwalk:\n%s", diff)
			}
		})
	}
}

// seen is what a run has shown: each thread's lines, by age.
type seen struct {
	Status  int
	Threads [][]string
}

var (
	unfinished = regexp.MustCompile(`(.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^<\.\.\. (\w+) resumed>(.*)$`)
)

// lookAt runs a command that writes lines to a file, and puts together what was
// unfinished.
func lookAt(t *testing.T, file string, argv []string) (s seen) {
	t.Helper()
	e := cmdtest.Start(t, argv, cmdtest.Quiet).End()
	s.Status = e.Status
	text, err := os.ReadFile(file)
	cmdtest.Must(t, err)
	byThread, open := map[int][]string{}, map[int]string{}
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		rest = strings.TrimLeft(rest, " ")
		tid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatalf("no tid: %q", line)
		}
		if m := unfinished.FindStringSubmatch(rest); m != nil {
			open[tid] = m[1]
			continue
		}
		if m := resumed.FindStringSubmatch(rest); m != nil {
			rest = open[tid] + m[2]
		}
		byThread[tid] = append(byThread[tid], rest)
	}
	var tids []int
	for tid := range byThread {
		tids = append(tids, tid)
	}
	slices.Sort(tids)
	for _, tid := range tids {
		lines := byThread[tid]
		for i := range lines {
			lines[i] = alike(lines[i], tids)
		}
		s.Threads = append(s.Threads, lines)
	}
	return s
}

// differing is what differs from run to run: addresses, times, chance, and where the
// environment stood.
var differing = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`(0x[0-9a-f]+ /\* \d+ vars \*/|\[/\* \d+ vars \*/\])`), "ENVIRONMENT"},
	{regexp.MustCompile(`0x[0-9a-f]{6,}`), "ADDRESS"},
	{regexp.MustCompile(`si_[us]time=\d+`), "TIME"},
	{regexp.MustCompile(`(getrandom\()"[^"]*"`), "${1}RANDOM"},
	{regexp.MustCompile(`(sysinfo|getrusage|times|clock_gettime|gettimeofday)\(.*\)`), "$1"},
	{regexp.MustCompile(`(getppid\(\) = )\d+`), "${1}PARENT"},
}

func alike(line string, tids []int) string {
	for _, d := range differing {
		line = d.is.ReplaceAllString(line, d.as)
	}
	return regexp.MustCompile(`\b\d{2,}\b`).ReplaceAllStringFunc(line, func(number string) string {
		n, _ := strconv.Atoi(number)
		if i := slices.Index(tids, n); i >= 0 {
			return fmt.Sprintf("thread %d", i)
		}
		return number
	})
}
