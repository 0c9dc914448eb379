package decode

import "ptwalk/tracer/names"

const (
	futexPrivate = 0x80
	futexClock   = 0x100
)

// spellFutexOp is the operation of futex(2): its name, and _PRIVATE in it.
func spellFutexOp(d *Decoder, i int) bool {
	v := d.arg(i) & 0xffffffff
	text := names.ArgWords("futexop").One(v &^ (futexPrivate | futexClock))
	if v&futexPrivate != 0 {
		text += "_PRIVATE"
	}
	if v&futexClock != 0 {
		text += "|FUTEX_CLOCK_REALTIME"
	}
	d.add(v, text)
	return true
}

// spellFutex are the arguments that an operation of futex(2) makes use of: futex(2)
// has them one by one.
func spellFutex(d *Decoder, i int) bool {
	const wait, wake, requeue, cmpRequeue, lockPI, unlockPI, trylockPI, waitBits, wakeBits, waitRequeue, lockPI2 = 0, 1, 3, 4, 6, 7, 8, 9, 10, 11, 13
	op := d.arg(i-1) & 0x7f
	value := func(n int) { d.add(d.arg(n), kindsOf["uint"](d, d.arg(n), "")) }
	address := func(n int) { d.add(d.arg(n), addr(d.arg(n))) }
	bits := func(n int) {
		text := hex(d.arg(n) & 0xffffffff)
		if d.arg(n)&0xffffffff == 0xffffffff {
			text = "FUTEX_BITSET_MATCH_ANY"
		}
		d.add(d.arg(n), text)
	}
	timeout := func() {
		kind := "timespec"
		if d.call.Name() == "futex_time64" {
			kind = "timespec64"
		}
		d.add(d.arg(3), kindsOf[kind](d, d.arg(3), ""))
	}
	switch op {
	case wait:
		value(2)
		timeout()
	case wake:
		value(2)
	case lockPI, lockPI2:
		timeout()
	case unlockPI, trylockPI:
	case waitBits:
		value(2)
		timeout()
		bits(5)
	case wakeBits:
		value(2)
		bits(5)
	case waitRequeue:
		value(2)
		timeout()
		address(4)
	case requeue:
		value(2)
		value(3)
		address(4)
	case cmpRequeue:
		value(2)
		value(3)
		address(4)
		value(5)
	default:
		value(2)
		address(3)
		address(4)
		d.add(d.arg(5), hex(d.arg(5)))
	}
	return true
}
