package program

import (
	"strings"
	"testing"

	"ptwalk/internal/cmdtest"
)

// A SIGTRAP of the program's own ends it, or reaches its handler, as it does natively:
// before a limit of steps, at it, after it, and counted.
func TestD03OwnTrapsEndAsNatively(t *testing.T) {
	cmdtest.Needs(t, "ptrace")
	traps := cmdtest.Compile(t, "traps")
	for letter, what := range map[string]string{
		"f": "popf sets the trap flag", "r": "a handler's return sets it", "k": "kill", "t": "tgkill",
		"q": "sigqueue with the si_code of a step", "i": "int3", "d": "icebp",
	} {
		for _, handler := range []string{"", "handler"} {
			program := strings.Fields(traps + " " + letter + " " + handler)
			native := cmdtest.Run(t, program)
			if native.Status != 133 && native.Status < 41 {
				t.Fatalf("%s: natively status %d", what, native.Status)
			}
			for _, tool := range []string{
				"ptwalk step --plain --limit 1", "ptwalk step --plain --limit 20", "ptwalk step --plain --limit 0",
				"ptwalk count", "ptwalk count --engine=step",
			} {
				e := cmdtest.Run(t, append(strings.Fields(tool), program...), cmdtest.Quiet)
				if e.Status != native.Status {
					t.Errorf("%s %s: %s: status %d, natively %d\n%s", what, handler, tool, e.Status, native.Status, e.Stderr)
				}
			}
		}
	}
}
