package try

import (
	"testing"

	"ptwalk/internal/cmdtest"
)

func TestMain(m *testing.M) { cmdtest.Main(m, nil) }

// TestScripts runs the sessions of testdata/script.
func TestScripts(t *testing.T) { cmdtest.Scripts(t) }
