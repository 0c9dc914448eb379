package replay

import (
	"fmt"
	"testing"

	"ptwalk/internal/cmdtest"
	"ptwalk/lessons"
)

func TestMain(m *testing.M) { cmdtest.Main(m, nil) }

// TestScripts runs the sessions of testdata/script.
func TestScripts(t *testing.T) { cmdtest.Scripts(t, fmt.Sprint("LESSONS=", len(lessons.All))) }
