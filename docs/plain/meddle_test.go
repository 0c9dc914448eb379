//go:build linux && amd64

package plain_test

import (
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// meddle runs a tracer as a tracee of its own, and ends as it ends. Without a signal it
// makes every second wait4 of the tracer fail with EINTR, as a signal handler does.
// With one it sends that to the tracer's child in the middle of its PTRACE_TRACEME: the
// child's first stop is by that signal then, and not by execve.
func meddle(argv []string, first unix.Signal) {
	runtime.LockOSThread()
	tracer, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	fatal(err)
	var ws unix.WaitStatus
	_, err = unix.Wait4(tracer, &ws, unix.WALL, nil)
	fatal(err)
	options := unix.PTRACE_O_EXITKILL | unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE
	if first != 0 {
		options |= unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK
	}
	fatal(unix.PtraceSetOptions(tracer, options))
	fatal(unix.PtraceSyscall(tracer, 0))

	m := meddler{first: first, begun: map[int]bool{tracer: true}, refused: map[int]bool{}}
	for {
		tid, err := unix.Wait4(-1, &ws, unix.WALL, nil)
		fatal(err)
		switch {
		case ws.Stopped():
			if deliver, ours := m.stop(tid, ws); ours {
				unix.PtraceSyscall(tid, deliver) // ESRCH: it was killed, and a wait tells
			}
		case tid == tracer && !m.done:
			os.Exit(never)
		case tid == tracer:
			os.Exit(ws.ExitStatus())
		}
	}
}

type meddler struct {
	first   unix.Signal
	done    bool         // it has meddled
	begun   map[int]bool // threads whose first stop, by a SIGSTOP of the kernel, is over
	refused map[int]bool // threads in a wait4 that is not made
	waits   int
}

// stop looks at one stop of a thread. It says which signal to deliver, and whether the
// thread is still ours.
func (m *meddler) stop(tid int, ws unix.WaitStatus) (deliver int, ours bool) {
	switch {
	case ws.StopSignal() == unix.SIGTRAP|0x80:
		return 0, m.systemCall(tid)
	case uint32(ws)>>16 != 0: // a thread or a child was made
		return 0, true
	case !m.begun[tid]:
		m.begun[tid] = true
		return 0, true
	}
	return int(ws.StopSignal()), true
}

// systemCall looks at the begin or the end of a system call. ESRCH: another thread has
// ended the process meanwhile, and a wait tells.
func (m *meddler) systemCall(tid int) (ours bool) {
	var regs unix.PtraceRegsAmd64
	err := unix.PtraceGetRegsAmd64(tid, &regs)
	if err == unix.ESRCH {
		return true
	}
	fatal(err)
	set := func() {
		if err := unix.PtraceSetRegsAmd64(tid, &regs); err != unix.ESRCH {
			fatal(err)
		}
	}
	begins := regs.Rax == ^uint64(unix.ENOSYS)+1
	switch {
	case m.refused[tid]: // its end
		regs.Rax = ^uint64(unix.EINTR) + 1
		set()
		m.refused[tid] = false
	case begins && m.first == 0 && regs.Orig_rax == unix.SYS_WAIT4:
		if m.waits++; m.waits%2 == 1 {
			regs.Orig_rax = ^uint64(0) // no system call
			set()
			m.refused[tid], m.done = true, true
		}
	case begins && m.first != 0 && regs.Orig_rax == unix.SYS_PTRACE && regs.Rdi == unix.PTRACE_TRACEME:
		fatal(unix.Kill(tid, m.first))
		fatal(unix.PtraceDetach(tid)) // who has a tracer cannot get another
		m.done = true
		return false
	}
	return true
}
