//go:build !linux

package syscalls

func ignoreStops() {}
