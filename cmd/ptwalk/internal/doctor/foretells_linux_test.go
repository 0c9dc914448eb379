package doctor

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ptwalk/internal/become"
	"ptwalk/internal/cmdtest"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

// A lesson that is refused says what the doctor says of it, and then how it can
// be shown.
func TestLessonsUnderATracerSayWhatTheDoctorSays(t *testing.T) {
	cmdtest.Needs(t, "ptrace", "strace")
	strace := strings.Fields("strace -f -qq -o /dev/null -e signal=none -e trace=none")
	pids := regexp.MustCompile(`\([0-9]+\)`)
	for _, n := range []int{1, 5} {
		r := diagnosed(t, 3, strace...)
		c := checkOf(t, r, map[int]string{1: "traceme", 5: "attach"}[n])
		e := cmdtest.Run(t, append(slices.Clone(strace), "ptwalk", number(n), "--plain"))
		e.Wants(t, 3, "[PT-TRACED]")
		want := fmt.Sprintf("ptwalk: %s %s [%s]\nWithout ptrace it can still be shown: ptwalk replay %d\n", c.Why, c.Fix, c.Code, n)
		got := strings.ReplaceAll(e.Stderr, "\n", " ")
		if want = strings.ReplaceAll(want, "\n", " "); pids.ReplaceAllString(got, "") != pids.ReplaceAllString(want, "") {
			t.Errorf("lesson %d says\n%s\nand the doctor\n%s", n, got, want)
		}
		if c.Fix != "Run ptwalk without it." || !strings.HasSuffix(e.Stderr, fmt.Sprintf("[PT-TRACED]\nWithout ptrace it can still be shown: ptwalk replay %d\n", n)) {
			t.Errorf("%q\n%s", c.Fix, e.Stderr)
		}
	}
}

// What the doctor foretells of a lesson comes to pass, whichever of the lesson's
// requests is refused.
func TestDoctorForetellsTheLessons(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	refusals := map[string][]int{"eperm=" + number(unix.SYS_PROCESS_VM_READV): {2, 3, 4, 5}, "kill=" + number(unix.SYS_PTRACE): {1, 5}, "no32=1": {2}}
	for n := range 5 {
		e := cmdtest.Run(t, []string{"ptwalk", "replay", number(n + 1), "--json"})
		made := map[string]bool{}
		for _, found := range regexp.MustCompile(`"request":"(PTRACE_\w+)"`).FindAllStringSubmatch(e.Stdout, -1) {
			made[found[1]] = true
		}
		for name := range made {
			request, ok := names.RequestByName(name)
			if !ok {
				t.Fatalf("lesson %d makes a request %s", n+1, name)
			}
			who := "request=" + number(int(request.Number))
			refusals[who] = append(refusals[who], n+1)
		}
	}
	// The recording of lesson 2 is of a kernel that runs 32-bit programs.
	cont := "request=" + number(unix.PTRACE_CONT)
	refusals[cont] = append(refusals[cont], 2)
	var quick []string
	if _, err := os.Stat("/bin/true"); err == nil && become.Capable() {
		quick = []string{"short"}
	}
	for who, lessons := range refusals {
		as := append(append([]string{"become"}, append(quick, strings.Fields(who)...)...), "--", "ptwalk")
		t.Run(who, func(t *testing.T) { foretells(t, as, lessons) })
	}
}

// foretells compares what the doctor says of some lessons with how they end. as
// is ptwalk with something refused.
func foretells(t *testing.T, as []string, lessons []int) {
	t.Parallel()
	var r doctor.Report
	cmdtest.Must(t, json.Unmarshal([]byte(cmdtest.Run(t, append(slices.Clone(as), "doctor", "--json")).Stdout), &r))
	for _, n := range lessons {
		e := cmdtest.Run(t, append(slices.Clone(as), number(n), "--plain"))
		want := 0
		if r.Requirements[number(n)] == doctor.Not {
			want = 3
		}
		if e.Status != want {
			t.Errorf("the doctor says %q of lesson %d, which ends with status %d\n%s", r.Requirements[number(n)], n, e.Status, e.Stderr)
		}
		if e.Status == 3 && !strings.Contains(e.Stderr, fmt.Sprintf("[PT-SECCOMP]\nWithout ptrace it can still be shown: ptwalk replay %d\n", n)) {
			t.Errorf("lesson %d:\n%s", n, e.Stderr)
		}
	}
}
