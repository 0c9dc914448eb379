package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refuse is set for a ptwalk under a seccomp filter that refuses ptrace: 1 for
// every request, 2 for PTRACE_SINGLESTEP alone.
const refuse = "PTWALK_TEST_REFUSE"

// The test binary is ptwalk too, and so it is filtered before main.
func init() {
	switch os.Getenv(refuse) {
	case "1":
		refusePtrace(nil)
	case "2":
		step := uint32(unix.PTRACE_SINGLESTEP)
		refusePtrace(&step)
	}
}

// refusePtrace makes ptrace(2), or one request of it, fail with EPERM for all
// threads of this process and for all that they start.
func refusePtrace(request *uint32) {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	isNot := func(k uint32, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: skip}
	}
	filter := []unix.SockFilter{load(0), isNot(unix.SYS_PTRACE, 1)}
	if request != nil {
		filter = []unix.SockFilter{load(0), isNot(unix.SYS_PTRACE, 3), load(16), isNot(*request, 1)}
	}
	filter = append(filter,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	if request == nil {
		filter[1].Jf = 1
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		fmt.Fprintln(os.Stderr, "the test cannot set a seccomp filter:", errno)
		os.Exit(99)
	}
}

// hall is a terminal with a program on it, as in a lecture hall: what is typed,
// and what is shown.
type hall struct {
	t             *testing.T
	master, slave *os.File
	before        unix.Termios
	cmd           *exec.Cmd
	exited        chan error
	pieces        chan string
	fresh         string // shown, and not yet waited for
	all           strings.Builder
}

// patient is longer than anything takes on a machine under load.
const patient = 20 * time.Second

// enter starts a program on a terminal of 80 columns and 24 rows, in a session
// of its own.
func enter(t *testing.T, env []string, args ...string) *hall {
	t.Helper()
	h := &hall{t: t, exited: make(chan error, 1), pieces: make(chan string, 1000)}
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	h.must(err)
	h.master = os.NewFile(uintptr(fd), "ptmx")
	h.must(unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	h.must(err)
	h.slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	h.must(err)
	h.resize(80)
	h.before = h.settings()
	h.cmd = exec.Command(args[0], args[1:]...)
	h.cmd.Stdin, h.cmd.Stdout, h.cmd.Stderr = h.slave, h.slave, h.slave
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	h.cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir(), "TERM=xterm", "NO_COLOR=1", "PS1=$ ")
	h.cmd.Env = append(h.cmd.Env, env...)
	h.must(h.cmd.Start())
	go func() { h.exited <- h.cmd.Wait() }()
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := h.master.Read(buf)
			if n > 0 {
				h.pieces <- string(buf[:n])
			}
			if err != nil {
				close(h.pieces)
				return
			}
		}
	}()
	t.Cleanup(func() {
		h.cmd.Process.Kill()
		h.slave.Close()
		h.master.Close()
	})
	return h
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v\nshown:\n%s", err, h.all.String())
	}
}

func (h *hall) resize(columns int) {
	h.must(unix.IoctlSetWinsize(int(h.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}))
}

func (h *hall) settings() unix.Termios {
	s, err := unix.IoctlGetTermios(int(h.slave.Fd()), unix.TCGETS)
	h.must(err)
	return *s
}

// sees waits until all of texts were shown since the last call, in this order,
// and returns what was shown up to there.
func (h *hall) sees(texts ...string) string {
	h.t.Helper()
	over := time.After(patient)
	seen := ""
	for _, text := range texts {
		for {
			if i := strings.Index(h.fresh, text); i >= 0 {
				end := i + len(text)
				seen, h.fresh = seen+h.fresh[:end], h.fresh[end:]
				break
			}
			select {
			case piece, open := <-h.pieces:
				if !open {
					h.t.Fatalf("%q is not shown, and the program has ended; shown:\n%s", text, h.all.String())
				}
				piece = strings.ReplaceAll(piece, "\r", "")
				h.fresh += piece
				h.all.WriteString(piece)
			case <-over:
				h.t.Fatalf("%q is not shown; shown:\n%s", text, h.all.String())
			}
		}
	}
	return seen
}

// rest is what was shown and not waited for.
func (h *hall) rest() string {
	for {
		select {
		case piece, open := <-h.pieces:
			if open {
				h.fresh += piece
				continue
			}
		default:
		}
		return h.fresh
	}
}

// press types keys and waits for what they show.
func (h *hall) press(keys string, texts ...string) string {
	h.t.Helper()
	_, err := h.master.WriteString(keys)
	h.must(err)
	return h.sees(texts...)
}

// ends checks how the program ends: its exit status, a terminal as it was, and no
// process of its session left.
func (h *hall) ends(status int) {
	h.t.Helper()
	select {
	case err := <-h.exited:
		got := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			got = exit.ExitCode()
			if w := exit.Sys().(syscall.WaitStatus); w.Signaled() {
				got = 128 + int(w.Signal())
			}
		}
		if got != status {
			h.t.Errorf("exit status %d, want %d; shown:\n%s", got, status, h.all.String())
		}
	case <-time.After(patient):
		h.t.Fatalf("it has not ended; shown:\n%s", h.all.String())
	}
	if now := h.settings(); now != h.before {
		h.t.Errorf("the terminal's settings were\n%+v and are\n%+v", h.before, now)
	}
	h.nobody()
}

// nobody waits until no process of the session is left but zombies, which
// somebody else has to reap.
func (h *hall) nobody() {
	h.t.Helper()
	for begin := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		left := h.session()
		if len(left) == 0 {
			return
		}
		if time.Since(begin) > patient {
			h.t.Fatalf("left in the session: %v", left)
		}
	}
}

// stopped waits until a program of the session is stopped.
func (h *hall) stopped(name string) {
	h.t.Helper()
	await(h.t, name+" is stopped", func() bool {
		for _, pid := range h.session() {
			text, _ := os.ReadFile("/proc/" + pid + "/stat")
			if strings.Contains(string(text), "("+name+") T ") {
				return true
			}
		}
		return false
	})
}

func (h *hall) session() (pids []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, _ := os.ReadFile(name)
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 3 && fields[3] == strconv.Itoa(h.cmd.Process.Pid) && fields[0] != "Z" {
			pids = append(pids, filepath.Base(filepath.Dir(name)))
		}
	}
	return pids
}
