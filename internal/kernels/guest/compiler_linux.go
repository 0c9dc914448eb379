package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"ptwalk/internal/kernels/wire"
)

// compiler stands where tests call gcc, or go: it copies the program that the
// host has built of the same command line. A line that is not known fails, so
// that no test goes by unseen.
func compiler(name string, args []string) int {
	if err := copyBuilt(name, args); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	return 0
}

func copyBuilt(name string, args []string) error {
	line := append([]string{name}, args...)
	out := slices.Index(line, "-o")
	if out < 0 || out+1 == len(line) {
		return fmt.Errorf("no -o in %q", line)
	}
	to := line[out+1]
	line = slices.Delete(slices.Clone(line), out, out+2)
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(wire.Built, "list.json"))
	if err != nil {
		return err
	}
	var all []wire.Build
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(b wire.Build) bool {
		return filepath.Join(wire.Tree, b.Dir) == dir && slices.Equal(b.Argv, line)
	})
	if i < 0 {
		return fmt.Errorf("the laboratory has not built %q in %s: see builds in internal/kernels", line, dir)
	}
	from, err := os.Open(filepath.Join(wire.Built, all[i].Name))
	if err != nil {
		return err
	}
	defer from.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, from); err != nil {
		return err
	}
	return file.Close()
}
