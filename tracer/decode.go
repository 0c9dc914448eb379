package tracer

// decode takes a wait status apart. It is pure: what only the kernel can tell
// is left to Wait. Those are the two cases in which one status means two things:
//
//   - SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU of a tracee that is not seized may be a
//     signal-delivery-stop or a group-stop;
//   - a syscall-stop is an enter-stop or an exit-stop by turns.
//
// decode answers with the first of each. The bits are those of wait(2) and
// <linux/ptrace.h>: 31-16 the event, 15-8 the exit code or the stop signal, 7
// core dumped, 6-0 the signal that killed, 0x7f for stopped.
func decode(tid TID, status Status, seized bool) Stop {
	s := Stop{TID: tid, Status: status}
	low := status & 0xff
	high := int(status >> 8 & 0xff)
	event := int(status >> 16)
	switch {
	case status == 0xffff:
		s.Kind = ContinuedProcess
	case low == 0x7f:
		s.decodeStopped(high, event, seized)
	case event != 0:
		s.Kind = Unknown
	case low == 0:
		s.Kind, s.ExitCode = Exited, high
	case high == 0 && low&0x7f != 0 && low != 0xff:
		s.Kind, s.Signal, s.CoreDumped = Killed, Signal(low&0x7f), low&0x80 != 0
	}
	return s
}

func (s *Stop) decodeStopped(high, event int, seized bool) {
	s.Signal, s.Event = Signal(high), event
	switch {
	case event == EventPtrace && s.Signal.Stops():
		s.Kind = GroupStop // only a seized tracee reports it so
	case event != 0:
		s.Kind = EventStop
	case high == int(SIGTRAP)|0x80:
		s.Kind, s.Signal, s.SysGood = SyscallEnter, SIGTRAP, true
	case high == 0 || high > 64:
		s.Kind = Unknown
	default:
		s.Kind = SignalDelivery
	}
}

// DecodeStatus takes apart a wait status of which nothing else is known, as one
// that a person has read somewhere. It answers with the first meaning where a
// status has two: see the kinds SignalDelivery and SyscallEnter.
func DecodeStatus(status Status) Stop { return decode(0, status, false) }
