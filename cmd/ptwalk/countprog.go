package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"ptwalk/lessons/stage/cli"
	"ptwalk/tracer/doctor"
)

// problem is why a program is not run: one sentence, and the exit status.
type problem struct {
	Text string
	Exit int
}

// defaultPath is where execvp(3) looks if PATH is not set.
const defaultPath = "/bin:/usr/bin"

// lookProgram finds the file to execute as a shell does. A name with a slash is
// a path; any other is looked for in PATH, where an empty element means the
// working directory, and a folder that we may not search holds nothing for us.
// The problem has status 127 if there is no such file, and 126 if it cannot be
// executed.
func lookProgram(name string) (path string, p *problem) {
	if err := cli.Supported(); err != nil {
		return "", &problem{err.Error(), exitOurs}
	}
	if strings.Contains(name, "/") {
		return name, checkFile(name)
	}
	dirs, set := os.LookupEnv("PATH")
	if !set {
		dirs = defaultPath
	}
	var refused *problem
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
	return "", &problem{fmt.Sprintf("%q is not found in PATH", name) + asPID(name), exitNotFound}
}

// checkFile says what is wrong with a file that is to be executed, as far as its
// name and mode tell.
func checkFile(path string) *problem {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return &problem{fmt.Sprintf("%q is not found", path), exitNotFound}
	case err != nil:
		return &problem{fmt.Sprintf("%q cannot be run: %v", path, errnoOf(err)), exitCannot}
	case info.IsDir():
		return &problem{fmt.Sprintf("%q is a directory", path), exitCannot}
	case !info.Mode().IsRegular():
		return &problem{fmt.Sprintf("%q is not a regular file", path), exitCannot}
	case info.Mode()&0o111 == 0:
		return &problem{fmt.Sprintf("%q is not executable: no x in its mode", path), exitCannot}
	case !mayExecute(path):
		return &problem{fmt.Sprintf("%q may not be executed: by its mode, its directory or a noexec mount", path), exitCannot}
	}
	return nil
}

func errnoOf(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}

// badLibrary is ELIBBAD, which only some systems have.
const badLibrary = syscall.Errno(80)

// startProblem says why a program that lookProgram has found did not start. The
// error can be that of fork, of PTRACE_TRACEME or of execve; the file tells them
// apart.
func startProblem(path string, err error) *problem {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return &problem{err.Error(), exitOurs}
	}
	switch errno {
	case syscall.ENOEXEC, syscall.ENOENT, syscall.EPERM, syscall.ENOSYS, badLibrary, syscall.EINVAL:
		if text := whyNot(path); text != "" {
			return &problem{fmt.Sprintf("%q %s", path, text), exitCannot}
		}
	}
	switch errno {
	case syscall.EPERM, syscall.ENOSYS:
		return &problem{doctor.Self(errno).String(), exitOurs}
	case syscall.ENOENT:
		if p := checkFile(path); p != nil {
			return p
		}
	case syscall.ENOEXEC:
		return &problem{fmt.Sprintf("%q is not a program that this kernel can run", path), exitCannot}
	case syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE:
		return &problem{fmt.Sprintf("no new process for %q: %v", path, errno), exitOurs}
	}
	return &problem{fmt.Sprintf("%q cannot be run: %v", path, errno), exitCannot}
}

// maxLine is how much of a #! line the kernel reads: BINPRM_BUF_SIZE.
const maxLine = 256

// whyNot reads the beginning of a file and says why execve refuses it, or ""
// where nothing is found.
func whyNot(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, maxLine)
	n, _ := io.ReadFull(f, head)
	head = head[:n]
	switch {
	case n == 0:
		return "is an empty file"
	case bytes.HasPrefix(head, []byte("#!")):
		return whyNotScript(head[2:])
	case !bytes.HasPrefix(head, []byte(elf.ELFMAG)):
		return "is neither an ELF file nor a script: its first line has no #!"
	}
	return whyNotELF(f)
}

func whyNotScript(line []byte) string {
	line, _, _ = bytes.Cut(line, []byte("\n"))
	words := strings.Fields(string(line))
	if len(words) == 0 {
		return "names no interpreter behind #!"
	}
	if p := checkFile(words[0]); p != nil {
		if p.Exit == exitNotFound {
			return fmt.Sprintf("names the interpreter %q in its first line, which is missing", words[0])
		}
		return fmt.Sprintf("names the interpreter %q in its first line, which cannot be run", words[0])
	}
	return ""
}

func whyNotELF(r io.ReaderAt) string {
	f, err := elf.NewFile(r)
	if err != nil {
		return "is a damaged ELF file"
	}
	switch {
	case f.Machine != elf.EM_X86_64 && f.Machine != elf.EM_386:
		machine := strings.ToLower(strings.TrimPrefix(f.Machine.String(), "EM_"))
		return fmt.Sprintf("is a program for another machine: %s", machine)
	case f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN:
		return "is an ELF file and no program"
	}
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		name, err := io.ReadAll(io.LimitReader(p.Open(), 4096))
		interp := string(bytes.TrimRight(name, "\x00"))
		if err == nil && checkFile(interp) != nil {
			return fmt.Sprintf("needs the dynamic loader %q, which is missing", interp)
		}
	}
	return ""
}
