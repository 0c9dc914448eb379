package asm

import (
	"errors"
	"os/exec"
	"syscall"
)

// Runs says whether this kernel knows how to run the target. It tries, and the
// target runs to its end: ask only of one that ends by itself. A kernel without IA32
// emulation answers execve of a 32-bit program with ENOEXEC, see execve(2), and that
// alone is a no: any other failure is for the one who starts the target.
func (t Target) Runs() bool {
	image, err := t.Open()
	if err != nil {
		return true
	}
	defer image.Close()
	return !errors.Is(exec.Command(image.Path()).Run(), syscall.ENOEXEC)
}
