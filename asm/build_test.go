package asm

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The committed programs are what the sources build, from any directory: the
// check runs in a copy of this one. Under CI the tools must be there.
func TestBuildRepeats(t *testing.T) {
	needTools(t)
	clone := filepath.Join(t.TempDir(), "another clone")
	if err := os.CopyFS(clone, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	out, err := check(t, clone)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		skip(t, "other versions of the tools build other code:\n%s", out)
	}
	if err != nil {
		t.Errorf("build.sh --check: %v\n%s", err, out)
	}
}

// A check that cannot fail proves nothing: one changed byte must be found.
func TestBuildCheckFindsAChange(t *testing.T) {
	needTools(t)
	clone := t.TempDir()
	if err := os.CopyFS(clone, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	program := Exits7.Bytes()
	i := int(symbol(t, Exits7, "_start").Value-0x400000) + 1 // xor ebp, ebp
	program[i] ^= 0x01
	if err := os.WriteFile(filepath.Join(clone, "bin", Exits7.Name), program, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := check(t, clone)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3 {
		t.Errorf("build.sh --check did not notice a changed byte: %v\n%s", err, out)
	}
}

// check runs build.sh --check in a clone and returns what it says.
func check(t *testing.T, clone string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return exec.CommandContext(ctx, "sh", filepath.Join(clone, "build.sh"), "--check").CombinedOutput()
}

func needTools(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"sh", "nasm", "gcc", "ld", "objcopy", "objdump", "musl-gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			skip(t, "%s is not installed", tool)
		}
	}
}

// skip skips the test with its reason, and fails it under CI, where nothing may
// be missing.
func skip(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
