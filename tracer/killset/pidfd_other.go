//go:build !linux

package killset

import "ptwalk/tracer"

// Elsewhere nothing is ever started: see the package tracer.
type pidfd struct{}

func openPidfd(tracer.TID, int) pidfd { return pidfd{} }
func (pidfd) send(tracer.Signal)      {}
func (pidfd) close()                  {}
func reaped(tracer.TID) bool          { return true }

func adoptOrphans(bool) bool { return false }
func childrenOf(int) []int   { return nil }
