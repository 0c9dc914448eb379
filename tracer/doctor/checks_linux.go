package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"ptwalk/asm"
	"ptwalk/tracer"
	"ptwalk/tracer/user"
	"ptwalk/tracer/x86"
)

// checks are all probes. Each is told as what it has shown when it went well.
var checks = []check{
	{"traceme", "PTRACE_TRACEME", "A child asks to be traced, and stops at its execve.",
		true, ownChild, (*probeTarget).volunteer},
	{"getregs", "PTRACE_GETREGS", "All registers come in one request.",
		true, ownChild, (*probeTarget).getRegs},
	{"getregset", "PTRACE_GETREGSET", "They come in the tracee's own layout too, of 216 bytes.",
		true, ownChild, (*probeTarget).getRegSet},
	{"peekuser", "PTRACE_PEEKUSER", "One word of the USER area is read: the number of execve.",
		true, ownChild, (*probeTarget).peekUser},
	{"pokeuser", "PTRACE_POKEUSER", "One word of the USER area is written.",
		true, ownChild, (*probeTarget).pokeUser},
	{"siginfo", "PTRACE_GETSIGINFO", "The signal of the stop tells its si_code.",
		true, ownChild, (*probeTarget).sigInfo},
	{"options", "PTRACE_SETOPTIONS", "Options of the tracee are set.",
		true, ownChild, (*probeTarget).options},
	{"cont", "PTRACE_CONT", "The tracee goes on to its end.",
		true, ownChild, (*probeTarget).cont},
	{"singlestep", "PTRACE_SINGLESTEP", "One instruction is executed, and SIGTRAP stops it.",
		true, ownChild, (*probeTarget).singleStep},
	{"syscall", "PTRACE_SYSCALL", "It stops at a system call, marked by PTRACE_O_TRACESYSGOOD.",
		true, ownChild, (*probeTarget).syscallStop},
	{"syscall-info", "PTRACE_GET_SYSCALL_INFO", "The kernel tells which system call it is.",
		true, syscallInfoCause, (*probeTarget).syscallInfo},
	{"attach", "PTRACE_ATTACH", "A child that runs is attached to, stopped and let go.",
		true, ownChild, (*probeTarget).attach},
	{"seize", "PTRACE_SEIZE", "A child that runs is seized, interrupted and let go.",
		true, ownChild, (*probeTarget).seize},
	{"attach-other", "PTRACE_ATTACH", "A process that is no descendant is attached to.",
		false, otherProcess, (*probeTarget).attachOther},
	{"peekdata", "PTRACE_PEEKDATA", "A word of the tracee's memory is read.",
		true, ownChild, (*probeTarget).peekData},
	{"pokedata", "PTRACE_POKEDATA", "A word of the tracee's memory is written.",
		true, ownChild, (*probeTarget).pokeData},
	{"poketext", "PTRACE_POKETEXT", "A word of the tracee's code is written, and read back.",
		true, ownChild, (*probeTarget).pokeText},
	{"int3", "PTRACE_POKETEXT", "A planted int3 stops the tracee.",
		true, ownChild, (*probeTarget).plantedInt3},
	{"debugreg", "PTRACE_POKEUSER", "A debug register stops the tracee at an address.",
		false, debugRegCause, (*probeTarget).debugRegister},
	{"vm-read", "process_vm_readv", "Memory of another process is read in one call.",
		false, vmReadCause, (*probeTarget).vmRead},
	{"proc", "/proc", "It shows the processes that we see, by the same numbers.",
		false, procCause, (*probeTarget).ownProc},
	{"proc-mem", "/proc/PID/mem", "Memory of another process is read as a file.",
		false, procMemCause, (*probeTarget).procMem},
	{"personality", "personality", "Address randomisation can be switched off for a child.",
		false, personalityCause, (*probeTarget).personality},
	{"32-bit", "execve", "A 32-bit program runs.",
		false, ia32Cause, (*probeTarget).runs32},
	{"memfd", "memfd_create", "A program runs from a memfd, a file without a name.",
		false, memfdCause, (*probeTarget).runsMemfd},
	{"temp", "execve", "A program runs from the temporary folder.",
		false, tempCause, (*probeTarget).runsTemp},
}

// ownProc makes no process: it compares numbers.
func (p *probeTarget) ownProc() error {
	if machine.mounted() != procOurs {
		return unix.ENOENT
	}
	return nil
}

func (p *probeTarget) getRegs() error {
	if err := p.ready(); err != nil {
		return err
	}
	regs, err := p.tracee.GetRegs()
	if err == nil && p.refused == 0 && regs.PC() != p.entry() {
		err = surprise(fmt.Sprintf("rip was %v, and the program begins at %v", regs.PC(), p.entry()))
	}
	return err
}

func (p *probeTarget) getRegSet() error {
	if err := p.ready(); err != nil {
		return err
	}
	n, err := p.tracee.GetRegSet(tracer.PRStatus, make([]byte, 512))
	if err == nil && n != user.Registers {
		err = surprise(fmt.Sprintf("the kernel filled %d bytes of %d", n, user.Registers))
	}
	return err
}

func (p *probeTarget) peekUser() error {
	if err := p.ready(); err != nil {
		return err
	}
	nr, err := p.tracee.PeekUser(user.OrigRAX)
	if err == nil && p.refused == 0 && nr != unix.SYS_EXECVE {
		err = surprise(fmt.Sprintf("orig_rax was %v after execve", nr))
	}
	return err
}

func (p *probeTarget) pokeUser() error {
	if err := p.ready(); err != nil {
		return err
	}
	return p.tracee.SetPC(p.entry())
}

func (p *probeTarget) sigInfo() error {
	if err := p.ready(); err != nil {
		return err
	}
	info, err := p.tracee.SigInfo()
	if err == nil && info.Signo != int32(tracer.SIGTRAP) {
		err = surprise(fmt.Sprintf("si_signo was %d", info.Signo))
	}
	return err
}

func (p *probeTarget) options() error {
	if err := p.ready(); err != nil {
		return err
	}
	return p.tracee.SetOptions(tracer.TraceSysGood | tracer.ExitKill)
}

func (p *probeTarget) cont() error {
	if err := p.ready(); err != nil {
		return err
	}
	if err := p.tracee.Cont(0); err != nil {
		return err
	}
	return p.exits()
}

func (p *probeTarget) singleStep() error {
	if err := p.ready(); err != nil {
		return err
	}
	if err := p.tracee.SingleStep(0); err != nil {
		return err
	}
	_, err := p.stopped(tracer.SignalDelivery)
	return err
}

func (p *probeTarget) syscallStop() error {
	if err := p.ready(); err != nil {
		return err
	}
	if err := p.tracee.SetOptions(tracer.TraceSysGood | tracer.ExitKill); err != nil {
		return err
	}
	if err := p.tracee.Syscall(0); err != nil {
		return err
	}
	_, err := p.stopped(tracer.SyscallEnter)
	return err
}

func (p *probeTarget) syscallInfo() error {
	if err := p.syscallStop(); err != nil {
		return err
	}
	info, err := p.tracee.GetSyscallInfo()
	if err == nil && info.Op() != tracer.SyscallInfoEntry {
		err = surprise(fmt.Sprintf("it told of stop %d, and 1, the entry, was due", info.Op()))
	}
	return err
}

func (p *probeTarget) attach() error {
	if err := p.spawn(asm.Ticker); err != nil {
		return err
	}
	t, err := p.tracer.Attach(p.tracee.TID)
	if err != nil {
		return err
	}
	for {
		stop, err := p.wait()
		if err != nil {
			return err
		}
		if stop.Signal == tracer.SIGSTOP {
			return t.Detach(0)
		}
		sig := stop.Signal
		if sig == tracer.SIGTRAP {
			sig = 0 // of execve, which had not returned at the ATTACH: it is the tracer's
		}
		if err := t.Cont(sig); err != nil {
			return err
		}
	}
}

func (p *probeTarget) seize() error {
	if err := p.spawn(asm.Ticker); err != nil {
		return err
	}
	t, err := p.tracer.Seize(p.tracee.TID, tracer.TraceSysGood)
	if err != nil {
		return err
	}
	if err := t.Interrupt(); err != nil {
		return err
	}
	if _, err := p.stopped(tracer.EventStop); err != nil {
		return err
	}
	return t.Detach(0)
}

func (p *probeTarget) peekData() error {
	if err := p.ready(); err != nil {
		return err
	}
	_, err := p.tracee.PeekData(p.entry())
	return err
}

func (p *probeTarget) pokeData() error {
	if err := p.ready(); err != nil {
		return err
	}
	return p.tracee.PokeData(p.entry(), 0)
}

// pokeText writes int3 over the first instruction, and reads it back.
func (p *probeTarget) pokeText() error {
	if err := p.ready(); err != nil {
		return err
	}
	at := p.entry()
	word, err := p.tracee.PeekData(at)
	if err != nil {
		return err
	}
	planted := word&^0xff | x86.Int3
	if err := p.tracee.PokeText(at, planted); err != nil {
		return err
	}
	word, err = p.tracee.PeekData(at)
	if err == nil && word != planted {
		err = surprise(fmt.Sprintf("%v was written, and %v read back", planted.Hex(), word.Hex()))
	}
	return err
}

func (p *probeTarget) plantedInt3() error {
	if err := p.pokeText(); err != nil {
		return err
	}
	return p.traps()
}

// debugRegister arms DR0 for the execution of the first instruction: bit 0 of
// DR7 is its enable bit, and type and length are 0.
func (p *probeTarget) debugRegister() error {
	if err := p.ready(); err != nil {
		return err
	}
	if err := p.tracee.PokeUser(user.DebugRegs, tracer.Word(p.entry())); err != nil {
		return err
	}
	if err := p.tracee.PokeUser(user.DebugRegs+7*8, 1); err != nil {
		return err
	}
	err := p.traps()
	if p.ranThrough {
		return errRanThrough
	}
	return err
}

// traps restarts the tracee, which has to stop by SIGTRAP before its system
// call ends it.
func (p *probeTarget) traps() error {
	if err := p.tracee.Cont(0); err != nil {
		return err
	}
	stop, err := p.stopped(tracer.SignalDelivery)
	p.ranThrough = stop.Kind == tracer.Exited
	return err
}

func (p *probeTarget) vmRead() error {
	if err := p.spawn(asm.Ticker); err != nil {
		return err
	}
	return onceThere(func() error {
		code := make([]byte, 8)
		if _, err := p.tracee.ReadAt(code, p.entry()); err != nil {
			return err
		}
		return p.ownCode(code)
	})
}

// ownCode says whether code is what the target begins with. Until its execve has
// done its work a child has the memory of its parent, which everybody may read.
func (p *probeTarget) ownCode(code []byte) error {
	file, err := p.target.ELF()
	if err != nil {
		return err
	}
	for _, prog := range file.Progs {
		if at := int64(file.Entry - prog.Vaddr); file.Entry >= prog.Vaddr && at < int64(prog.Filesz) {
			want := make([]byte, len(code))
			if n, _ := prog.ReadAt(want, at); !bytes.Equal(code[:n], want[:n]) {
				return errParents
			}
			return nil
		}
	}
	return nil
}

var errParents = errors.New("this is the memory of its parent")

// onceThere reads again while there is nothing to read: a program that has begun
// its execve may not have its memory yet. EFAULT is process_vm_readv's word for
// that, EIO that of /proc/PID/mem; or it is still that of its parent.
func onceThere(read func() error) error {
	var err error
	for begin := time.Now(); time.Since(begin) < limit/2; time.Sleep(time.Millisecond) {
		if err = read(); !errors.Is(err, unix.EFAULT) && !errors.Is(err, unix.EIO) && !errors.Is(err, io.EOF) && err != errParents {
			return err
		}
	}
	return err
}

func (p *probeTarget) procMem() error {
	if err := p.spawn(asm.Ticker); err != nil {
		return err
	}
	return onceThere(func() error {
		mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", p.tracee.TID))
		if err != nil {
			return err
		}
		defer mem.Close()
		code := make([]byte, 8)
		if _, err = mem.ReadAt(code, int64(p.entry())); err != nil {
			return err
		}
		return p.ownCode(code)
	})
}

// personality changes the calling thread, which ends with the check.
func (p *probeTarget) personality() error {
	const ask, noRandomize = 0xffffffff, 0x0040000 // ADDR_NO_RANDOMIZE
	now, _, errno := unix.Syscall(unix.SYS_PERSONALITY, ask, 0, 0)
	if errno != 0 {
		return errno
	}
	if _, _, errno = unix.Syscall(unix.SYS_PERSONALITY, now|noRandomize, 0, 0); errno != 0 {
		return errno
	}
	now, _, errno = unix.Syscall(unix.SYS_PERSONALITY, ask, 0, 0)
	switch {
	case errno != 0:
		return errno
	case now&noRandomize == 0:
		return surprise("the flag ADDR_NO_RANDOMIZE was not kept")
	}
	return nil
}
