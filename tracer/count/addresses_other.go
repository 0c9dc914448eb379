//go:build !linux

package count

import "errors"

// FixAddresses is for Linux.
func FixAddresses() (undo func(), err error) { return func() {}, errors.ErrUnsupported }
