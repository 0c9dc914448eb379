package cmdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Compile builds a C program of the folder src without a libc, and returns its path.
func Compile(t testing.TB, name string) string {
	t.Helper()
	Needs(t, "gcc")
	path := filepath.Join(t.TempDir(), name)
	Must(t, compile(name, path))
	return path
}

func compile(name, path string) error {
	module, err := os.Getwd()
	for ; err == nil; module = filepath.Dir(module) {
		if _, err := os.Stat(module + "/go.mod"); err == nil {
			break
		}
	}
	out, err := exec.Command("gcc", "-O1", "-static", "-nostdlib", "-fno-pie", "-no-pie", "-fno-stack-protector",
		"-fcf-protection=none", "-I"+module+"/asm/src", "-o", path, module+"/internal/cmdtest/src/"+name+".c").CombinedOutput()
	if err != nil {
		return fmt.Errorf("gcc %s: %w\n%s", name, err, out)
	}
	return nil
}
