package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"ptwalk/internal/kernels/wire"
)

// tested are the packages whose tests run on each kernel.
var tested = []string{"tracer", "tracer/count", "tracer/doctor", "lessons"}

// compiled are the command lines by which tests compile programs, where they
// run, on which files, and what compiles the file here, if it is another command.
// There is no compiler in the guest. The C library of musl starts with 500
// instructions where the other one has 30,000, and tests step through them all.
var compiled = []struct{ dir, command, files, by string }{
	{"tracer", "gcc -O1 -static -no-pie -pthread", "testdata/*.c", ""},
	{"tracer/count", "gcc -O1 -static -pthread", "testdata/*.c", musl},
	{"lessons", "go build ptwalk/cmd/ptwalk", "", ""},
}

const musl = "musl-gcc -O1 -static -pthread -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu"

// builder makes the initial file system of the guest from the module's sources.
type builder struct {
	root string // of the module
	dir  string // for what is built
}

// initrd writes the file system with the cases and everything they need, and
// returns its path.
func (b builder) initrd(ctx context.Context, cases []wire.Case) (string, error) {
	if err := os.RemoveAll(b.dir); err != nil {
		return "", err
	}
	path := filepath.Join(b.dir, "initrd")
	if err := os.MkdirAll(b.dir, 0o777); err != nil {
		return "", err
	}
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	a := newArchive(w)
	for _, add := range []func(context.Context, *archive) error{b.programs, b.tests, b.builds, b.tree, b.shell} {
		if err := add(ctx, a); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(cases)
	if err != nil {
		return "", err
	}
	a.file(wire.Cases, list)
	a.file("etc/passwd", []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home/nobody:/bin/sh\n"))
	a.file("etc/group", []byte("root:x:0:\nnogroup:x:65534:\n"))
	if err := a.close(); err != nil {
		return "", err
	}
	return path, w.Flush()
}

// static is a Go command that makes a program without a libc.
func (b builder) static(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	_, err := output(cmd)
	return err
}

// programs are init, ptwalk and the probe. The compilers are init too.
func (b builder) programs(ctx context.Context, a *archive) error {
	for to, source := range map[string]string{
		"init": "./internal/kernels/guest", "lab/bin/ptwalk": "./cmd/ptwalk", "lab/bin/probe": "./internal/kernels/probe",
	} {
		built := filepath.Join(b.dir, filepath.Base(to))
		if err := b.static(ctx, "build", "-o", built, source); err != nil {
			return err
		}
		a.copy(to, built)
	}
	a.link("lab/bin/gcc", "/init")
	a.link("lab/bin/go", "/init")
	return nil
}

func (b builder) tests(ctx context.Context, a *archive) error {
	for _, dir := range tested {
		built := filepath.Join(b.dir, strings.ReplaceAll(dir, "/", "-")+".test")
		if err := b.static(ctx, "test", "-c", "-o", built, "./"+dir); err != nil {
			return err
		}
		a.copy(testProgram(dir), built)
	}
	return nil
}

// testProgram is where the compiled tests of a package are in the guest.
func testProgram(dir string) string { return wire.Tests + "/" + strings.ReplaceAll(dir, "/", "-") }

// builds are the programs that tests compile, built on this machine.
func (b builder) builds(ctx context.Context, a *archive) error {
	var list []wire.Build
	for _, c := range compiled {
		dir := filepath.Join(b.root, c.dir)
		files := []string{""}
		if c.files != "" {
			if files, _ = filepath.Glob(filepath.Join(dir, c.files)); len(files) == 0 {
				return fmt.Errorf("%s has no files %s", c.dir, c.files)
			}
		}
		for _, file := range files {
			build := wire.Build{Dir: c.dir, Argv: strings.Fields(c.command), Name: fmt.Sprint(len(list))}
			by := strings.Fields(cmp.Or(c.by, c.command))
			if file != "" {
				rel, err := filepath.Rel(dir, file)
				if err != nil {
					return err
				}
				build.Argv, by = append(build.Argv, rel), append(by, rel)
			}
			built := filepath.Join(b.dir, "built-"+build.Name)
			cmd := exec.CommandContext(ctx, by[0], slices.Insert(by[1:], len(by)-2, "-o", built)...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
			if _, err := output(cmd); err != nil {
				return err
			}
			list = append(list, build)
			a.copy(filepath.Join(wire.Built, build.Name), built)
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	a.file(filepath.Join(wire.Built, "list.json"), text)
	return nil
}

// tree are the module's files: tests read some of them.
func (b builder) tree(_ context.Context, a *archive) error {
	return filepath.WalkDir(b.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "build", "node_modules"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() && !strings.HasSuffix(d.Name(), ".test") {
			rel, _ := filepath.Rel(b.root, path)
			a.copy(filepath.Join(wire.Tree, rel), path)
		}
		return nil
	})
}

// shell is busybox under the names of all that it can.
func (b builder) shell(ctx context.Context, a *archive) error {
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		return fmt.Errorf("%w; on Debian: apt-get install busybox-static", err)
	}
	a.copy("bin/busybox", busybox)
	names, err := output(exec.CommandContext(ctx, busybox, "--list"))
	if err != nil {
		return err
	}
	for name := range strings.FieldsSeq(names) {
		if name != "busybox" {
			a.link("bin/"+name, "busybox")
		}
	}
	a.link("usr/bin", "../bin")
	return nil
}
