package decode

import (
	"encoding/binary"
	"fmt"

	"ptwalk/tracer/names"
)

// spellClone3 is struct clone_args, which has 64 bits for each of its members, and its
// size. What the kernel has stored stands behind an arrow.
func spellClone3(d *Decoder, i int) bool {
	const setParent, clearChild, setChild, setTLS, pidfd, intoCgroup = 0x100000, 0x200000, 0x1000000, 0x80000, 0x1000, 0x200000000
	const least, most = 64, 88
	v, size := d.arg(i), d.arg(i+1)
	b, whole := d.bytesAt(v, int(min(size, most)))
	if !whole || size < least {
		d.add(v, addr(v))
		d.add(size, fmt.Sprint(size))
		return true
	}
	at := func(n int) uint64 { return binary.LittleEndian.Uint64(b[8*n:]) }
	flags := at(0)
	if !d.exit {
		text := "{flags=" + names.ArgWords("clone").Flags(flags)
		if flags&pidfd != 0 {
			text += ", pidfd=" + addr(at(1))
		}
		if flags&(clearChild|setChild) != 0 {
			text += ", child_tid=" + addr(at(2))
		}
		if flags&setParent != 0 {
			text += ", parent_tid=" + addr(at(3))
		}
		text += ", exit_signal=" + signalName(int(at(4))) + ", stack=" + addr(at(5)) + ", stack_size=" + hex(at(6))
		if flags&setTLS != 0 {
			text += ", tls=" + addr(at(7))
		}
		if flags&intoCgroup != 0 && len(b) >= most {
			text += ", cgroup=" + fmt.Sprint(at(10))
		}
		d.add(v, text+"}")
		if flags&(setParent|pidfd) != 0 {
			return false
		}
	}
	if d.exit && !d.call.Failed {
		stored := ""
		if flags&pidfd != 0 {
			stored = "pidfd=" + d.stored(at(1))
		}
		if flags&setParent != 0 {
			if stored != "" {
				stored += ", "
			}
			stored += "parent_tid=" + d.stored(at(3))
		}
		stored = " => {" + stored + "}"
		d.part.WriteString(stored)
		d.args[len(d.args)-1].Text += stored
	}
	d.add(size, fmt.Sprint(size))
	return true
}
