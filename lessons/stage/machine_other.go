//go:build !linux

package stage

import (
	"os"
	"runtime"
	"syscall"
	"time"

	"ptwalk/tracer"
)

func drain(*os.File) string { return "" }

func noCore(int) {}

// KillNow does nothing: no child can have been started here.
func (c *Child) KillNow() {}

func threadID() int { return 0 }

func stopHere() {}

func orphaned(int) bool { return true }

type started struct{}

func (*started) add(tracer.TID)                     {}
func (*started) remove(tracer.TID)                  {}
func (*started) signal(syscall.Signal)              {}
func (*started) end(tracer.TID)                     {}
func (*started) kill()                              {}
func (*started) reap()                              {}
func (*started) saw(tracer.Signal)                  {}
func (*started) seen(tracer.Signal, time.Time) bool { return true }

func thisMachine() (kernel, machine string) { return runtime.GOOS, runtime.GOARCH }

func (s *Stage) OneCPU(_ *Child, do func()) { do() }
