package decode

import (
	"encoding/binary"
	"fmt"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// wholes are the kinds that take another number of arguments than one, or whose text
// hangs on an argument before them. Argument i is the first that is theirs. One that
// returns false is asked again at the exit.
var wholes map[string]func(d *Decoder, i int) (done bool)

func init() {
	wholes = map[string]func(d *Decoder, i int) bool{
		"openmode": spellOpenMode, "mremapto": spellMremapTo, "ioctlarg": spellIoctl, "fcntlarg": spellFcntl,
		"prctlarg": spellPrctl, "archprctlarg": spellArchPrctl, "futexop": spellFutexOp, "futexargs": spellFutex,
		"clone": spellClone, "clone3": spellClone3, "off2": spellWideOffset, "loff": spellOffset, "loff2": spellWideOffset,
	}
}

// spellOpenMode is the mode of a file that open(2) may make; else it is no argument.
func spellOpenMode(d *Decoder, i int) bool {
	const creates, temporary = 0x40, 0x400000 // O_CREAT, __O_TMPFILE
	if d.arg(i-1)&(creates|temporary) != 0 {
		d.add(d.arg(i), octal(d.arg(i)))
	}
	return true
}

// spellMremapTo is the new address, where MREMAP_FIXED or MREMAP_DONTUNMAP asks for one.
func spellMremapTo(d *Decoder, i int) bool {
	if d.arg(i-1)&6 != 0 {
		d.add(d.arg(i), addr(d.arg(i)))
	}
	return true
}

func spellOffset(d *Decoder, i int) bool {
	d.add(d.arg(i), decimal(int64(d.arg(i))))
	return true
}

// spellWideOffset is an offset of 64 bits in two arguments of i386, the lower one first;
// _llseek alone has them the other way round.
func spellWideOffset(d *Decoder, i int) bool {
	low, high := d.arg(i), d.arg(i+1)
	for _, kind := range d.kinds.Args[:d.next] {
		if strings.HasPrefix(kind, "off2") {
			low, high = d.arg(i+1), d.arg(i+2)
		}
	}
	if d.call.Name() == "_llseek" {
		low, high = high, low
	}
	d.add(low|high<<32, decimal(int64(low|high<<32)))
	return true
}

// spellIoctl is the third argument of ioctl(2), by the request.
func spellIoctl(d *Decoder, i int) bool {
	const tcgets, tcsets, tcsetsw, tcsetsf, getpgrp, setpgrp, getwin, setwin, readable, nonblocking, ptn, unlock = 0x5401, 0x5402, 0x5403, 0x5404,
		0x540f, 0x5410, 0x5413, 0x5414, 0x541b, 0x5421, 0x80045430, 0x40045431
	v := d.arg(i)
	request := d.arg(i-1) & 0xffffffff
	var text speller
	switch request {
	case setpgrp, nonblocking, unlock:
		d.add(v, structOf("[%d]", half)(d, v, ""))
		return true
	case tcsets, tcsetsw, tcsetsf:
		d.add(v, spellTermios(d, v, ""))
		return true
	case setwin:
		d.add(v, spellWindow(d, v, ""))
		return true
	case 0x5450, 0x5451, 0x5422: // FIONCLEX, FIOCLEX, TIOCNOTTY have none
		return true
	case tcgets:
		text = spellTermios
	case getwin:
		text = spellWindow
	case getpgrp, readable, ptn, 0x5429:
		text = structOf("[%d]", half)
	default:
		d.add(v, spellHex(d, v, ""))
		return true
	}
	if !d.exit {
		return false
	}
	if d.call.Failed {
		text = func(_ *Decoder, v uint64, _ string) string { return addr(v) }
	}
	d.add(v, text(d, v, ""))
	return true
}

// spellTermios is the kernel's struct termios, without its characters.
func spellTermios(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 36)
	if !whole {
		return addr(v)
	}
	text := "{"
	for i, set := range []string{"iflag", "oflag", "cflag", "lflag"} {
		text += "c_" + set + "=" + names.ArgWords(set).Flags(uint64(binary.LittleEndian.Uint32(b[4*i:]))) + ", "
	}
	return text + "...}"
}

// spellIoctlRequest is the request of ioctl(2) by its name, or else taken apart as
// <asm/ioctl.h> puts it together.
func spellIoctlRequest(_ *Decoder, v uint64, _ string) string {
	v &= 0xffffffff
	if text := names.ArgWords("ioctl").One(v); !strings.HasPrefix(text, "0x") {
		return text
	}
	direction := []string{"_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"}[v>>30]
	return fmt.Sprintf("_IOC(%s, %s, %s, %s)", direction, hex(v>>8&0xff), hex(v&0xff), hex(v>>16&0x3fff))
}

func spellWindow(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 8)
	if !whole {
		return addr(v)
	}
	at := func(i int) uint16 { return binary.LittleEndian.Uint16(b[i:]) }
	return fmt.Sprintf("{ws_row=%d, ws_col=%d, ws_xpixel=%d, ws_ypixel=%d}", at(0), at(2), at(4), at(6))
}

// spellFcntl is the third argument of fcntl(2), where the operation has one.
func spellFcntl(d *Decoder, i int) bool {
	v := d.arg(i)
	switch d.arg(i-1) & 0xffffffff {
	case 1, 3, 9, 11, 1025, 1032, 1034: // they get something, and have none
	case 2:
		d.add(v, names.ArgWords("fdflags").Flags(v))
	case 4:
		d.add(v, names.ArgWords("open").Flags(v&0xffffffff))
	case 0, 8, 1030, 1031:
		d.add(v, decimal(int64(int32(v))))
	case 10:
		d.add(v, signalName(int(int32(v))))
	default:
		d.add(v, addr(v))
	}
	return true
}

// spellPrctl are the arguments of prctl(2) behind the operation.
func spellPrctl(d *Decoder, i int) bool {
	v := d.arg(i)
	switch d.arg(i-1) & 0xffffffff {
	case 1: // PR_SET_PDEATHSIG
		d.add(v, signalName(int(v)))
	case 3, 7, 21, 27, 30:
	case 15: // PR_SET_NAME
		d.add(v, spellString(d, v, ""))
	case 16: // PR_GET_NAME
		if !d.exit {
			return false
		}
		d.add(v, spellString(d, v, ""))
	case 4, 8, 23, 24, 29, 36: // one argument each
		d.add(v, hex(v))
	case 39:
		for n := range 4 {
			d.add(d.arg(i+n), hex(d.arg(i+n)))
		}
	case 38: // PR_SET_NO_NEW_PRIVS
		d.add(v, decimal(int64(v)))
		for n := range 3 {
			d.add(d.arg(i+1+n), hex(d.arg(i+1+n)))
		}
	default:
		for n := range 4 {
			d.add(d.arg(i+n), hex(d.arg(i+n)))
		}
	}
	return true
}

// spellArchPrctl is an address that is set, or where one is stored.
func spellArchPrctl(d *Decoder, i int) bool {
	const getFS, getGS = 0x1003, 0x1004
	v := d.arg(i)
	switch code := d.arg(i - 1); {
	case code == getFS || code == getGS:
		if !d.exit {
			return false
		}
		p, ok := d.pointer(v)
		if !ok || d.call.Failed {
			d.add(v, addr(v))
			break
		}
		d.add(v, "["+addr(p)+"]")
	case code == 0x1011:
	default:
		d.add(v, hex(v))
	}
	return true
}

// spellClone shows what the flags of clone(2) make use of. Its last arguments stand in
// another order on i386.
func spellClone(d *Decoder, i int) bool {
	const setParent, clearChild, setChild, setTLS, pidfd = 0x100000, 0x200000, 0x1000000, 0x80000, 0x1000
	flags, stack, parent := d.arg(0), d.arg(1), d.arg(2)
	child, tls := d.arg(3), d.arg(4)
	if d.call.Arch == tracer.I386 {
		child, tls = tls, child
	}
	if !d.exit {
		d.add(stack, "child_stack="+addr(stack))
		text, signal := "", flags&0xff
		if flags&^0xff != 0 {
			text = names.ArgWords("clone").Flags(flags &^ 0xff)
		}
		switch {
		case signal != 0 && text != "":
			text += "|" + signalName(int(signal))
		case signal != 0:
			text = signalName(int(signal))
		case text == "":
			text = "0"
		}
		d.add(flags, "flags="+text)
		return flags&(setParent|clearChild|setChild|setTLS|pidfd) == 0
	}
	if flags&(setParent|pidfd) != 0 {
		d.add(parent, "parent_tid="+d.stored(parent))
	}
	if flags&setTLS != 0 {
		d.add(tls, "tls="+hexAlways(tls))
	}
	if flags&(clearChild|setChild) != 0 {
		d.add(child, "child_tidptr="+addr(child))
	}
	return true
}

// stored is a number that a call has left in memory.
func (d *Decoder) stored(a uint64) string {
	b, whole := d.bytesAt(a, 4)
	if !whole || d.call.Failed {
		return addr(a)
	}
	return fmt.Sprintf("[%d]", int32(binary.LittleEndian.Uint32(b)))
}
