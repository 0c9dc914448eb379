package tracer

import "syscall"

// fork starts the child by the runtime's fork and exec, which vforks: this
// thread sleeps until the child's execve has succeeded or failed. The runtime
// asks for PTRACE_TRACEME last, right before execve.
func (t *Tracer) fork(cmd Command, traceme bool) (TID, error) {
	files := make([]uintptr, len(cmd.Files))
	for i, f := range cmd.Files {
		files[i] = ^uintptr(0)
		if f != nil {
			files[i] = f.Fd()
		}
	}
	sys := &syscall.SysProcAttr{Ptrace: traceme, Setpgid: cmd.Group, Pdeathsig: syscall.SIGKILL}
	pid, err := syscall.ForkExec(cmd.Path, cmd.Argv, &syscall.ProcAttr{
		Dir: cmd.Dir, Env: cmd.Env, Files: files, Sys: sys,
	})
	return TID(pid), err
}
