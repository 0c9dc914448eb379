// Package cmdtest runs ptwalk for tests, as a person would: by its name, in a
// session of its own, under a supervisor that becomes the parent of whatever is left
// behind and tells what that is. Beside ptwalk it has the programs become, pty and
// supervise, processes to attach to, and small C programs to trace.
package cmdtest

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ptwalk/internal/become"
	"ptwalk/internal/ptytest"
)

// Main is the TestMain of a package whose tests run ptwalk. It builds ptwalk, and
// lets the test binary be the other programs: those of this package, and more.
func Main(m *testing.M, more map[string]func()) {
	programs := map[string]func(){"supervise": supervise, "become": become.Main, "pty": ptytest.Main}
	maps.Copy(programs, more)
	testscript.Main(building{m}, programs)
}

// building are tests that are run when ptwalk has been built.
type building struct{ tests *testing.M }

// Run builds ptwalk where testscript.Main has put the other programs, and lets
// every user come to all of them.
func (b building) Run() int {
	dir := filepath.SplitList(os.Getenv("PATH"))[0]
	build := exec.Command("go", "build", "-buildvcs=false", "-o", dir, "ptwalk/cmd/ptwalk")
	build.Stderr = os.Stderr
	err := build.Run()
	for _, name := range []string{filepath.Dir(dir), dir} {
		if err == nil {
			err = os.Chmod(name, 0o755)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ptwalk cannot be built for the tests:", err)
		return 1
	}
	return b.tests.Run()
}
