package program

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"ptwalk/tracer/doctor"
)

// badLibrary is ELIBBAD, which only some systems have.
const badLibrary = syscall.Errno(80)

// StartProblem says why a program that LookPath has found did not start. The
// error can be that of fork, of PTRACE_TRACEME or of execve; the file tells them
// apart.
func StartProblem(path string, err error) *Problem {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return &Problem{err.Error(), ExitFailed}
	}
	switch errno {
	case syscall.ENOEXEC, syscall.ENOENT, syscall.EPERM, syscall.ENOSYS, badLibrary, syscall.EINVAL:
		if text := whyNot(path); text != "" {
			return &Problem{fmt.Sprintf("%q %s", path, text), ExitCannot}
		}
	}
	switch errno {
	case syscall.EPERM, syscall.ENOSYS:
		return &Problem{doctor.Self(errno).String(), ExitFailed}
	case syscall.ENOENT:
		if p := checkFile(path); p != nil {
			return p
		}
	case syscall.ENOEXEC:
		return &Problem{fmt.Sprintf("%q is not a program that this kernel can run", path), ExitCannot}
	case syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE:
		return &Problem{fmt.Sprintf("no new process for %q: %v", path, errno), ExitFailed}
	}
	return &Problem{fmt.Sprintf("%q cannot be run: %v", path, errno), ExitCannot}
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
		if p.Exit == ExitNotFound {
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
