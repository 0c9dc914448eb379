package attach

import (
	"testing"

	"ptwalk/internal/cmdtest"
)

func TestMain(m *testing.M) { cmdtest.Main(m, map[string]func(){"holdexec": holdExec, "reuse": reuse}) }

// TestScripts runs the sessions of testdata/script.
func TestScripts(t *testing.T) { cmdtest.Scripts(t) }
