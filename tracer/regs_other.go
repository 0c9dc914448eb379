//go:build !amd64

package tracer

import "syscall"

// A port writes these: see docs/porting.md.

// PC is not known here.
func (c *Tracee) PC() (Addr, error) { return 0, syscall.ENOSYS }

// SetPC is not known here.
func (c *Tracee) SetPC(Addr) error { return syscall.ENOSYS }
