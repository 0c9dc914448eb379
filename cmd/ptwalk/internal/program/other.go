//go:build !linux

package program

import "os"

// Elsewhere nothing is ever started, as stage.Here says.

func TooFewFiles(int) *Problem { return nil }
func ReleaseFiles(...*os.File) {}
func InheritIgnoredSignals()   {}
func WarnPrivileges(string)    {}
func mayExecute(string) bool   { return false }
