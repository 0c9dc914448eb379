package program

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// InheritIgnoredSignals ignores again what was ignored when we were started, so that a
// program that we start inherits it.
func InheritIgnoredSignals() {
	for _, sig := range append(stillIgnored(), onceIgnored()...) {
		switch sig {
		case syscall.SIGCHLD, syscall.SIGURG, syscall.SIGPROF: // we and the runtime live on them
		case syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL, syscall.SIGTRAP:
		default:
			signal.Ignore(sig)
		}
	}
}

// stillIgnored are the signals that the kernel ignores for us: the Go runtime has
// no handlers for SIGTSTP and its kind, and leaves SIGHUP and SIGINT alone.
func stillIgnored() (all []syscall.Signal) {
	status, _ := os.ReadFile("/proc/self/status")
	_, set, _ := strings.Cut(string(status), "\nSigIgn:\t")
	set, _, _ = strings.Cut(set, "\n")
	bits, _ := strconv.ParseUint(set, 16, 64)
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		if bits>>(sig-1)&1 != 0 {
			all = append(all, sig)
		}
	}
	return all
}

// onceIgnored are those in whose place the runtime has put its handlers. What it
// found there is in a variable of its own, which can be read where the symbols
// were left in the file. go run removes them, and the go command has not kept
// those signals either.
func onceIgnored() (all []syscall.Signal) {
	const self, sigIgn = "/proc/self/", 1 // SIG_IGN of <asm-generic/signal-defs.h>
	file, err := elf.Open(self + "exe")
	if err != nil || file.Type != elf.ET_EXEC {
		return nil
	}
	defer file.Close()
	names, _ := file.Symbols()
	for _, sym := range names {
		if sym.Name != "runtime.fwdSig" {
			continue
		}
		memory, err := os.Open(self + "mem")
		if err != nil {
			return nil
		}
		defer memory.Close()
		raw, actions := make([]byte, sym.Size), make([]uint64, sym.Size/8)
		if _, err := memory.ReadAt(raw, int64(sym.Value)); err != nil {
			return nil
		}
		binary.Decode(raw, binary.LittleEndian, actions)
		for sig, action := range actions {
			if action == sigIgn {
				all = append(all, syscall.Signal(sig))
			}
		}
	}
	return all
}
