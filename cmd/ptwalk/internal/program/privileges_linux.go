package program

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// WarnPrivileges says on standard error that a program will run without the
// privileges that its file gives. execve gives none to a process whose tracer
// lacks CAP_SYS_PTRACE. The manual: execve(2), and ptrace(2).
func WarnPrivileges(path string) {
	if kind := privileged(path); kind != "" && os.Geteuid() != 0 {
		fmt.Fprintf(os.Stderr, "ptwalk: warning: %q has %s. While it is traced by an ordinary user it runs without.\n", path, kind)
	}
}

// privileged is what a file gives to who executes it, or "".
func privileged(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	n, err := unix.Getxattr(path, "security.capability", nil)
	switch mode := info.Mode(); {
	case mode&os.ModeSetuid != 0:
		return "the set-user-ID bit"
	case mode&os.ModeSetgid != 0 && mode&0o010 != 0:
		return "the set-group-ID bit"
	case err == nil && n > 0:
		return "file capabilities"
	}
	return ""
}
