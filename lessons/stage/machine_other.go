//go:build !linux

package stage

import (
	"os"
	"runtime"
)

func drain(*os.File) string { return "" }

func noCore(int) {}

// KillNow does nothing: no child can have been started here.
func (c *Child) KillNow() {}

func thisMachine() (kernel, machine string) { return runtime.GOOS, runtime.GOARCH }

func (s *Stage) OneCPU(_ *Child, do func()) { do() }
