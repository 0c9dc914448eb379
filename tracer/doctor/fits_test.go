package doctor

import (
	"strings"
	"syscall"
	"testing"
)

// TestCommonRefusalsLeaveALine: below the refusal of a lesson stands how it can be
// shown. What is refused most often has room above that line in two, fix and all.
func TestCommonRefusalsLeaveALine(t *testing.T) {
	for about, change := range map[string]func(*selfFacts){
		"strace":         func(o *selfFacts) { o.Tracer = task{4194304, "strace"} },
		"a filter":       func(o *selfFacts) { o.Status.Seccomp, o.Probe, o.Container = 2, syscall.EPERM, "docker" },
		"it kills":       func(o *selfFacts) { o.Status.Seccomp, o.Kills, o.Container = 2, true, "docker" },
		"Yama 2":         func(o *selfFacts) { o.Yama = 2 },
		"Yama 3":         func(o *selfFacts) { o.Yama = 3 },
		"WSL 1":          func(o *selfFacts) { o.WSL, o.Probe = 1, syscall.ENOSYS },
		"SELinux":        func(o *selfFacts) { o.LSMs, o.DenyPtrace = []string{"selinux"}, true },
		"some container": func(o *selfFacts) { o.Status.Seccomp, o.Probe = 2, syscall.EPERM },
	} {
		d := in(change).refuses("PTRACE_TRACEME", syscall.EPERM)
		text := strings.Join(strings.Fields(d.String()), " ")
		if strings.Count(d.String(), "\n") > 1 || !strings.HasSuffix(text, strings.TrimSpace(d.Fix+" ["+d.Code+"]")) {
			t.Errorf("%s: %s", about, d)
		}
	}
}
