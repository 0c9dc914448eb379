//go:build !(linux && amd64)

package cli

import (
	"fmt"
	"runtime"

	"ptwalk/lessons/stage/exit"
)

// Supported says why no program can be traced by this build.
func Supported() error {
	return &exit.Failure{Exit: exit.Refused, Err: fmt.Errorf("ptwalk traces programs for Linux on x86-64, and this is a build for\n%s on %s. [PT-KERNEL]",
		runtime.GOOS, runtime.GOARCH)}
}
