package become

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Processes to attach to, which live until their standard input ends. They say
// "here" when they are what they are meant to be.

// stay only lives.
func stay(int) error {
	fmt.Println("here")
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
	return nil
}

// waitForInput waits for the end of standard input, and then goes on with the next
// change.
func waitForInput(int) error {
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// leave ends the first thread of this process; others stay.
func leave(int) error {
	go stay(0)
	_, _, err := syscall.Syscall(unix.SYS_EXIT, 0, 0, 0)
	return err
}

// churn starts threads that end at once, without an end.
func churn(int) error {
	go stay(0)
	for {
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // the thread ends with its goroutine
			unix.Nanosleep(&unix.Timespec{Nsec: 200_000}, nil)
			close(done)
		}()
		<-done
	}
}

// crowd starts n threads that wait.
func crowd(n int) error {
	for range n {
		ready := make(chan bool)
		go func() {
			runtime.LockOSThread()
			close(ready)
			unix.Pause()
		}()
		<-ready
	}
	return stay(0)
}

// again executes this program again and again, with threads beside it. How often
// can be read from its command line: again=N.
func again(n int) error {
	if n == 1 {
		fmt.Println("here")
	}
	for range 3 {
		go func() {
			for {
				unix.Nanosleep(&unix.Timespec{Nsec: 100_000}, nil)
			}
		}()
	}
	unix.Nanosleep(&unix.Timespec{Nsec: 500_000}, nil)
	return syscall.Exec("/proc/self/exe", []string{"become", fmt.Sprintf("again=%d", n+1)}, os.Environ())
}

// zombie leaves a child that has ended and that nobody has waited for, and exits with
// a status.
func zombie(status int) error {
	child := exec.Command("true")
	if err := child.Start(); err != nil {
		return err
	}
	err := unix.Waitid(unix.P_PID, child.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	if err == nil {
		os.Exit(status)
	}
	return err
}

// leaves starts n threads that wait, and then one that calls execve as soon as
// the first of them has a tracer. It then has a single thread.
func leaves(n int) error {
	if n == 0 {
		return stay(0)
	}
	tids := make(chan int)
	wait := func() {
		runtime.LockOSThread()
		tids <- unix.Gettid()
		unix.Pause()
	}
	go wait()
	first := <-tids
	for range n - 1 {
		go wait()
		<-tids
	}
	go func() {
		runtime.LockOSThread()
		tids <- unix.Gettid()
		for !traced(first) {
		}
		syscall.Exec("/proc/self/exe", []string{"become", "leaves=0"}, os.Environ())
	}()
	<-tids
	return stay(0)
}

func traced(tid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/status", tid))
	return err == nil && !strings.Contains(string(status), "\nTracerPid:\t0\n")
}
