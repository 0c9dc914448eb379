package doctor

import "testing"

// TestJudgeKnowsTheMachine: what only the 32-bit parts of something ask for is no
// need where those parts are left out, and the other way round.
func TestJudgeKnowsTheMachine(t *testing.T) {
	required := []Requirement{{"two", []string{"getregs", "32-bit?", "syscall-info if 32-bit", "cont unless 32-bit"}}}
	refuses := func(name string) Check { return Check{Name: name, Result: Fail, Code: "PT-SECCOMP"} }
	no32 := Check{Name: "32-bit", Result: Fail, Code: "PT-32BIT"}
	killed32 := Check{Name: "32-bit", Result: Fail, Code: "PT-SECCOMP"} // starts, and is killed later
	for _, c := range []struct {
		checks []Check
		works  Works
		result Result // of the first check
	}{
		{[]Check{refuses("syscall-info")}, Not, Fail},
		{[]Check{refuses("syscall-info"), no32}, Partly, Note},
		{[]Check{refuses("syscall-info"), killed32}, Not, Fail},
		{[]Check{refuses("cont")}, Fully, Note},
		{[]Check{refuses("cont"), no32}, Not, Fail},
		{[]Check{refuses("getregs"), no32}, Not, Fail},
		{[]Check{no32}, Partly, Note},
	} {
		r := Report{Checks: c.checks}
		r.judge(required)
		if r.Requirements["two"] != c.works || r.Checks[0].Result != c.result || r.OK != (c.works != Not) {
			t.Errorf("%+v: %v, want %v", c.checks, r, c)
		}
	}
}
