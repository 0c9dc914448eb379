//go:build !linux

package attach

func threadID() int { return 0 }
