//go:build !linux

package asm

import (
	"fmt"
	"runtime"
)

// open fails: the programs are Linux programs.
func open(string, []byte) (*Image, error) {
	return nil, fmt.Errorf("it is a Linux program, and this is %s", runtime.GOOS)
}

func openMemfd(name string, data []byte) (*Image, error) { return open(name, data) }

func openFileIn(_, name string, data []byte) (*Image, error) { return open(name, data) }
