package main

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"ptwalk/asm"
)

// target is a process that ptwalk did not start, with counters in its memory
// that have to go on rising.
type target struct {
	t        *testing.T
	pid      int
	process  *os.Process
	mem      *os.File
	counters []int64 // their addresses
	reaped   bool
}

// startTicker starts a ticker, and returns when it has counted.
func startTicker(t *testing.T) *target { t.Helper(); return startTarget(t, asm.Ticker, "counter", 1) }

// startTickers starts the ticker with four threads.
func startTickers(t *testing.T) *target {
	t.Helper()
	return startTarget(t, asm.Tickers, "counters", 4)
}

func startTarget(t *testing.T, a asm.Target, symbol string, n int) *target {
	t.Helper()
	image, err := a.Open()
	must(t, err)
	defer image.Close()
	file, err := a.ELF()
	must(t, err)
	k := launchTarget(t, image.Path(), a.Name)
	at := addressOf(t, file, symbol)
	for i := range n {
		k.counters = append(k.counters, at+int64(8*i))
	}
	k.ticks()
	return k
}

func addressOf(t *testing.T, file *elf.File, symbol string) int64 {
	t.Helper()
	symbols, err := file.Symbols()
	must(t, err)
	for _, s := range symbols {
		if s.Name == symbol {
			return int64(s.Value)
		}
	}
	t.Fatalf("there is no symbol %s", symbol)
	return 0
}

// startProgram starts a program that compile has built and that counts in the
// symbol counter.
func startProgram(t *testing.T, path string, args ...string) *target {
	t.Helper()
	file, err := elf.Open(path)
	must(t, err)
	defer file.Close()
	k := launchTarget(t, path, append([]string{filepath.Base(path)}, args...)...)
	k.counters = []int64{addressOf(t, file, "counter")}
	k.ticks()
	return k
}

// launchTarget starts a program in a process group of its own, with its standard
// input, output and error at /dev/null. It is killed at the end of the test.
func launchTarget(t *testing.T, path string, argv ...string) *target {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	must(t, err)
	defer null.Close()
	return launchWith(t, null, path, argv...)
}

// launchWith is launchTarget with another standard input.
func launchWith(t *testing.T, stdin *os.File, path string, argv ...string) *target {
	t.Helper()
	process, err := os.StartProcess(path, argv, &os.ProcAttr{
		Files: []*os.File{stdin, nil, nil}, Sys: &syscall.SysProcAttr{Setpgid: true}})
	must(t, err)
	k := &target{t: t, pid: process.Pid, process: process}
	t.Cleanup(func() {
		if !k.reaped {
			process.Kill()
			process.Wait()
		}
		if k.mem != nil {
			k.mem.Close()
		}
	})
	k.mem, err = os.Open(fmt.Sprintf("/proc/%d/mem", k.pid))
	must(t, err)
	return k
}

// word reads 8 bytes of the target's memory; false if they are not there.
func (k *target) word(at int64) (uint64, bool) {
	var b [8]byte
	_, err := k.mem.ReadAt(b[:], at)
	return binary.LittleEndian.Uint64(b[:]), err == nil
}

// ticks waits until each counter has risen twice: it may have done so once
// before a stop that it does not leave.
//
// While execve loads a program, its .bss shows the bytes of the file that follow
// .data in the page, until the kernel has cleared them. A counter that falls is counted from there.
func (k *target) ticks() {
	k.t.Helper()
	for _, at := range k.counters {
		first, known := k.word(at)
		await(k.t, fmt.Sprintf("the counter of %s rises", describe(k.pid)), func() bool {
			now, ok := k.word(at)
			if ok && (!known || now < first) {
				first, known = now, true
			}
			return ok && now >= first+2
		})
	}
}

// unharmed: nobody traces it, it runs, and SIGTERM is what it ends by.
func (k *target) unharmed() {
	k.t.Helper()
	k.runs()
	k.endsBy(syscall.SIGTERM)
}

// runs: nobody traces it, and it counts.
func (k *target) runs() {
	k.t.Helper()
	if tracer := statusOf(k.pid, "TracerPid"); tracer != "0" {
		k.t.Errorf("process %s has the tracer %q", describe(k.pid), tracer)
	}
	k.ticks()
}

// endsBy sends a signal and checks that this is its end.
func (k *target) endsBy(sig syscall.Signal) {
	k.t.Helper()
	must(k.t, k.process.Signal(sig))
	state, err := k.process.Wait()
	must(k.t, err)
	k.reaped = true
	if ws := state.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != sig {
		k.t.Errorf("%s was sent, and its end was: %v", sig, state)
	}
}

func (k *target) String() string { return fmt.Sprint(k.pid) }

// compile builds a C program of testdata/src without a libc.
func compile(t *testing.T, name string) string {
	t.Helper()
	needs(t, "gcc")
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("gcc", "-O1", "-static", "-nostdlib", "-fno-pie", "-no-pie", "-fno-stack-protector",
		"-fcf-protection=none", "-I../../asm/src", "-o", path, "testdata/src/"+name+".c").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}
