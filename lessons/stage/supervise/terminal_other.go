//go:build !linux && !darwin

package supervise

import "golang.org/x/term"

// keyByKey makes the terminal hand over each key as it comes.
func keyByKey(fd int) { term.MakeRaw(fd) }
