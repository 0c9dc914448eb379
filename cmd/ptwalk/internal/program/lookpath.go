package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/cli"
)

// defaultPath is where execvp(3) looks if PATH is not set.
const defaultPath = "/bin:/usr/bin"

// LookPath finds the file to execute as a shell does. A name with a slash is
// a path; any other is looked for in PATH, where an empty element means the
// working directory, and a folder that we may not search holds nothing for us.
// The problem has status 127 if there is no such file, and 126 if it cannot be
// executed.
func LookPath(name string) (path string, p *Problem) {
	if err := cli.Supported(); err != nil {
		return "", &Problem{err.Error(), ExitFailed}
	}
	if strings.Contains(name, "/") {
		return name, checkFile(name)
	}
	dirs, set := os.LookupEnv("PATH")
	if !set {
		dirs = defaultPath
	}
	var refused *Problem
	for _, dir := range filepath.SplitList(dirs) {
		if name == "" {
			break
		}
		file := strings.TrimSuffix(dir, "/") + "/" + name
		if dir == "" {
			file = "./" + name
		}
		p := checkFile(file)
		if p == nil {
			return file, nil
		}
		if _, err := os.Stat(file); err == nil && refused == nil {
			refused = p // it is there, and cannot be run
		}
	}
	if refused != nil {
		return "", refused
	}
	return "", &Problem{fmt.Sprintf("%q is not found in PATH", name) + asPID(name), ExitNotFound}
}

// checkFile says what is wrong with a file that is to be executed, as far as its
// name and mode tell.
func checkFile(path string) *Problem {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return &Problem{fmt.Sprintf("%q is not found", path), ExitNotFound}
	case err != nil:
		return &Problem{fmt.Sprintf("%q cannot be run: %v", path, base.Errno(err)), ExitCannot}
	case info.IsDir():
		return &Problem{fmt.Sprintf("%q is a directory", path), ExitCannot}
	case !info.Mode().IsRegular():
		return &Problem{fmt.Sprintf("%q is not a regular file", path), ExitCannot}
	case info.Mode()&0o111 == 0:
		return &Problem{fmt.Sprintf("%q is not executable: no x in its mode", path), ExitCannot}
	case !mayExecute(path):
		return &Problem{fmt.Sprintf("%q may not be executed: by its mode, its directory or a noexec mount", path), ExitCannot}
	}
	return nil
}
