//go:build !linux

package tracer

import "syscall"

// ptrace(2) as this package means it is Linux's. Elsewhere every request
// answers ENOSYS, so that recordings can still be shown.

type buffer struct{}

func bufferOf[T any](*T) buffer         { return buffer{} }
func bufferOfAll[T any]([]T) buffer     { return buffer{} }
func withAddr[T any](buffer, *T) buffer { return buffer{} }

// As on Linux, for the spelling of recorded calls.
const (
	oRDWR    = 0x2
	oCloExec = 0x80000
)

func (t *Tracer) ptrace(c *Call, _ buffer) error {
	return t.make(c, func() (uintptr, syscall.Errno) { return 0, syscall.ENOSYS })
}

func (t *Tracer) peek(c *Call) (Word, error)               { return 0, t.ptrace(c, buffer{}) }
func (t *Tracer) peekAt(c *Call) (Word, error)             { return 0, t.ptrace(c, buffer{}) }
func (t *Tracer) regset(c *Call, _ []byte) (int, error)    { return 0, t.ptrace(c, buffer{}) }
func (t *Tracer) kill(c *Call) error                       { return t.ptrace(c, buffer{}) }
func (t *Tracer) processVM(c *Call, _ []byte) (int, error) { return 0, t.ptrace(c, buffer{}) }
func (t *Tracer) openMem(c *Call) (int, error)             { return 0, t.ptrace(c, buffer{}) }
func (t *Tracer) closeMem(c *Call, _ int) error            { return t.ptrace(c, buffer{}) }
func (t *Tracer) wait4(c *Call) (TID, Status, error)       { return 0, 0, t.ptrace(c, buffer{}) }
func (t *Tracer) transfer(c *Call, _ int, _ []byte) (int, error) {
	return 0, t.ptrace(c, buffer{})
}
func (t *Tracer) awaitEnd(c *Call) error          { return t.ptrace(c, buffer{}) }
func (t *Tracer) fork(Command, bool) (TID, error) { return 0, syscall.ENOSYS }
func (t *Tracer) awaitAny(c *Call) error          { return t.ptrace(c, buffer{}) }

// Reap reaps nothing here.
func Reap(TID) bool { return false }
