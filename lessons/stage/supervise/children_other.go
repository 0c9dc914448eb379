//go:build !linux

package supervise

import (
	"syscall"
	"time"

	"ptwalk/tracer"
)

func stopHere() {}

func orphaned(int) bool { return true }

type children struct{}

func (*children) track(tracer.TID)                   {}
func (*children) untrack(tracer.TID)                 {}
func (*children) signal(syscall.Signal)              {}
func (*children) end(tracer.TID)                     {}
func (*children) kill()                              {}
func (*children) reap()                              {}
func (*children) saw(tracer.Signal)                  {}
func (*children) seen(tracer.Signal, time.Time) bool { return true }
