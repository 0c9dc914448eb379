package decode

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// setText writes a set of signals: [INT TERM], or what is missing where most are in it.
func setText(set uint64) string {
	sign := ""
	if bits.OnesCount64(set) > 64*2/3 {
		sign, set = "~", ^set
	}
	var members []string
	for n := 1; n <= 64; n++ {
		if set>>(n-1)&1 != 0 {
			members = append(members, strings.TrimPrefix(signalName(n), "SIG"))
		}
	}
	return sign + "[" + strings.Join(members, " ") + "]"
}

// spellSigSet is the kernel's sigset_t: 64 bits on i386 too.
func spellSigSet(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	b, whole := d.bytesAt(v, 8)
	if !whole {
		return hex(v)
	}
	return setText(binary.LittleEndian.Uint64(b))
}

const hasRestorer = 0x4000000 // SA_RESTORER

// spellAction is the kernel's struct sigaction, whose members stand in another order
// than in C's.
func spellAction(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	r := d.reader(v, 32)
	handler, flags, restorer, set := r.word(), r.word(), r.word(), uint64(r.next(wide))
	if r.short {
		return hex(v)
	}
	where := hexAlways(handler)
	switch handler {
	case 0:
		where = "SIG_DFL"
	case 1:
		where = "SIG_IGN"
	}
	text := "{sa_handler=" + where + ", sa_mask=" + setText(set) + ", sa_flags=" + names.ArgWords("sa").Flags(flags)
	if flags&hasRestorer != 0 {
		text += ", sa_restorer=" + hexAlways(restorer)
	}
	return text + "}"
}

// spellFrame is the mask that rt_sigreturn(2) takes from the frame on the stack: struct
// ucontext of x86-64 is at the stack pointer.
func spellFrame(d *Decoder, _ uint64, _ string) string {
	const mask = 8 + 8 + 24 + 256 // uc_flags, uc_link, uc_stack, uc_mcontext
	if d.call.SP == 0 || d.call.Arch == tracer.I386 {
		return ""
	}
	b, whole := d.bytesAt(uint64(d.call.SP)+mask, 8)
	if !whole {
		return hexAlways(uint64(d.call.SP))
	}
	return "{mask=" + setText(binary.LittleEndian.Uint64(b)) + "}"
}

// spellStack is stack_t of sigaltstack(2).
func spellStack(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	r := d.reader(v, 24)
	sp, flags := r.word(), r.u32()
	if d.wordSize() == 8 {
		r.skip(4)
	}
	size := r.word()
	if r.short {
		return hex(v)
	}
	return fmt.Sprintf("{ss_sp=%s, ss_flags=%s, ss_size=%d}", addr(sp), names.ArgWords("ss").Flags(flags), size)
}

// spellWaitStatus is the status that wait4(2) has stored, by the macros that read it.
func spellWaitStatus(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 4)
	if !whole || d.call.Result <= 0 {
		return addr(v)
	}
	return "[" + waitStatus(binary.LittleEndian.Uint32(b)) + "]"
}

func waitStatus(status uint32) string {
	low, high := int(status&0x7f), int(status>>8&0xff)
	switch {
	case status == 0xffff:
		return "{WIFCONTINUED(s)}"
	case status&0xff == 0x7f:
		stop := signalName(high &^ 0x80)
		if high&0x80 != 0 {
			stop += " | 0x80"
		}
		text := "{WIFSTOPPED(s) && WSTOPSIG(s) == " + stop + "}"
		if event := status >> 16; event != 0 {
			text += " | " + strings.TrimSuffix(names.EventName(int(event)), " stop") + " << 16"
		}
		return text
	case low == 0:
		return fmt.Sprintf("{WIFEXITED(s) && WEXITSTATUS(s) == %d}", high)
	}
	text := "{WIFSIGNALED(s) && WTERMSIG(s) == " + signalName(low)
	if status&0x80 != 0 {
		text += " && WCOREDUMP(s)"
	}
	return text + "}"
}

// spellSigInfo is the siginfo_t that waitid(2) and sigtimedwait(2) store.
func spellSigInfo(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 128)
	if !whole || d.call.Arch == tracer.I386 {
		return addr(v)
	}
	return SigInfo(b)
}

// Signal is the line of a signal that is about to be delivered.
func Signal(info tracer.SigInfo) string {
	b := info.Bytes()
	return "--- " + signalName(int(info.Signo)) + " " + SigInfo(b) + " ---"
}

// SigInfo spells a siginfo_t of x86-64, 128 bytes, as far as its signal and code say
// what is in it: sigaction(2).
func SigInfo(b []byte) string {
	at := func(i int) int32 { return int32(binary.LittleEndian.Uint32(b[i:])) }
	at64 := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	signo, errno, code := int(at(0)), at(4), int(at(8))
	if signo == 0 {
		return "{}"
	}
	text := "{si_signo=" + signalName(signo)
	if errno != 0 {
		text += ", si_errno=" + names.ErrnoName(int(errno))
	}
	text += ", si_code=" + codeName(signo, code)
	sender := fmt.Sprintf(", si_pid=%d, si_uid=%d", at(16), uint32(at(20)))
	value := fmt.Sprintf(", si_int=%d, si_ptr=%s", at(24), addr(at64(24)))
	switch {
	case code == 0x80:
	case code == -2:
		text += fmt.Sprintf(", si_timerid=%s, si_overrun=%d%s", hex(uint64(uint32(at(16)))), at(20), value)
	case code == 0 || code == -6:
		text += sender
	case code < 0:
		text += sender + value
	case tracer.Signal(signo).Fault() || signo == int(tracer.SIGTRAP):
		text += ", si_addr=" + addr(at64(16))
	case signo == sigchld:
		status := fmt.Sprint(at(24))
		if code != 1 {
			status = signalName(int(at(24)))
		}
		text += sender + fmt.Sprintf(", si_status=%s, si_utime=%d, si_stime=%d", status, int64(at64(32)), int64(at64(40)))
	case signo == int(tracer.SIGSYS):
		arch, table := "AUDIT_ARCH_X86_64", tracer.X8664
		if uint32(at(28)) == 0x40000003 {
			arch, table = "AUDIT_ARCH_I386", tracer.I386
		}
		call := Call{Arch: table, Nr: int64(at(24))}
		text += fmt.Sprintf(", si_call_addr=%s, si_syscall=__NR_%s, si_arch=%s", addr(at64(16)), call.Name(), arch)
	case signo == sigio:
		text += fmt.Sprintf(", si_band=%d, si_fd=%d", int64(at64(16)), at(24))
	}
	return text + "}"
}

const (
	sigchld = 17
	sigio   = 29
)

// codeName is the name of an si_code, or its number.
func codeName(signo, code int) string {
	if c, ok := names.FindSICode(signo, code); ok && !strings.Contains(c.Name, "|") {
		return c.Name
	}
	return hex(uint64(uint32(code)))
}

// End is the line of a thread that has ended.
func End(stop tracer.Stop) string {
	if stop.Kind == tracer.Exited {
		return fmt.Sprintf("+++ exited with %d +++", stop.ExitCode)
	}
	text := "+++ killed by " + signalName(int(stop.Signal))
	if stop.CoreDumped {
		text += " (core dumped)"
	}
	return text + " +++"
}

// Stopped is the line of a process that job control has stopped.
func Stopped(sig tracer.Signal) string { return "--- stopped by " + signalName(int(sig)) + " ---" }
