package decode

import (
	"encoding/binary"
	"fmt"
	"strings"

	"ptwalk/tracer/names"
)

// spellPollFDs is the array of struct pollfd that poll(2) takes.
func spellPollFDs(d *Decoder, v uint64, count string) string {
	n, _ := d.length64(count)
	n &= 0xffffffff
	switch {
	case v == 0:
		return "NULL"
	case n == 0:
		return "[]"
	}
	var members []string
	for i := range n {
		b, whole := d.bytesAt(v+8*i, 8)
		switch {
		case !whole && i == 0:
			return hex(v)
		case !whole:
			members = append(members, "... /* "+hex(v+8*i)+" */")
		case i == uint64(d.strings):
			members = append(members, "...")
			whole = false
		}
		if !whole {
			break
		}
		member := fmt.Sprintf("{fd=%d", int32(binary.LittleEndian.Uint32(b)))
		if int32(binary.LittleEndian.Uint32(b)) >= 0 {
			member += ", events=" + names.ArgWords("poll").Flags(uint64(binary.LittleEndian.Uint16(b[4:])))
		}
		members = append(members, member+"}")
	}
	return "[" + strings.Join(members, ", ") + "]"
}

// polled are the members that poll(2) has an answer for.
func (d *Decoder) polled() string {
	var members []string
	for i := range d.arg(1) & 0xffff {
		b, whole := d.bytesAt(d.arg(0)+8*i, 8)
		if !whole {
			break
		}
		if revents := binary.LittleEndian.Uint16(b[6:]); revents != 0 {
			if len(members) == d.strings {
				members = append(members, "...")
				break
			}
			members = append(members, fmt.Sprintf("{fd=%d, revents=%s}", int32(binary.LittleEndian.Uint32(b)), names.ArgWords("poll").Flags(uint64(revents))))
		}
	}
	return "[" + strings.Join(members, ", ") + "]"
}

// epollEvent is struct epoll_event, 12 bytes without a gap: its data is a union, shown
// as two numbers.
func epollEvent(b []byte) string {
	return fmt.Sprintf("{events=%s, data={u32=%d, u64=%d}}", names.ArgWords("epoll").Flags(uint64(binary.LittleEndian.Uint32(b))),
		binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint64(b[4:]))
}

func spellEpollEvent(d *Decoder, v uint64, _ string) string {
	const del = 2 // EPOLL_CTL_DEL ignores it
	b, whole := d.bytesAt(v, 12)
	if !whole || d.arg(1) == del {
		return addr(v)
	}
	return epollEvent(b)
}

// spellEpollEvents are those that epoll_wait(2) has stored.
func spellEpollEvents(d *Decoder, v uint64, _ string) string {
	n := uint64(d.call.Result)
	if n == 0 {
		return "[]"
	}
	var members []string
	for i := range n {
		b, whole := d.bytesAt(v+12*i, 12)
		if !whole {
			return addr(v)
		}
		if i == uint64(d.strings) {
			members = append(members, "...")
			break
		}
		members = append(members, epollEvent(b))
	}
	return "[" + strings.Join(members, ", ") + "]"
}

// spellEntries counts the entries of a directory that getdents64(2) has stored.
func spellEntries(d *Decoder, v uint64, length string) string {
	const reclen, most = 16, 1 << 24
	n, ok := d.length64(length)
	b, whole := d.bytesAt(v, int(min(n, most)))
	if !ok || !whole {
		return addr(v)
	}
	entries := 0
	for len(b) > reclen+2 {
		size := int(binary.LittleEndian.Uint16(b[reclen:]))
		if size == 0 || size > len(b) {
			break
		}
		b, entries = b[size:], entries+1
	}
	return fmt.Sprintf("%s /* %d entries */", addr(v), entries)
}

// spellCPUs is a set of processors, by their numbers.
func spellCPUs(d *Decoder, v uint64, length string) string {
	const most = 1 << 13
	n, ok := d.length64(length)
	b, whole := d.bytesAt(v, int(min(n, most)))
	if !ok || !whole {
		return addr(v)
	}
	var cpus []string
	for i := range len(b) * 8 {
		if b[i/8]>>(i%8)&1 != 0 {
			cpus = append(cpus, fmt.Sprint(i))
		}
	}
	return "[" + strings.Join(cpus, " ") + "]"
}

// spellGroupsRead are the ids that getgroups(2) has stored, if there was room for them.
func spellGroupsRead(d *Decoder, v uint64, _ string) string {
	if d.arg(0) == 0 {
		return d.groups(v, 0)
	}
	return d.groups(v, uint64(d.call.Result))
}

func spellGroups(d *Decoder, v uint64, _ string) string { return d.groups(v, d.arg(0)) }

func (d *Decoder) groups(v, n uint64) string {
	switch {
	case n == 0:
		return "[]"
	case v == 0:
		return "NULL"
	}
	var ids []string
	for i := range n {
		b, whole := d.bytesAt(v+4*i, 4)
		if !whole {
			return hex(v)
		}
		if i == uint64(d.strings) {
			ids = append(ids, "...")
			break
		}
		ids = append(ids, fmt.Sprint(binary.LittleEndian.Uint32(b)))
	}
	return "[" + strings.Join(ids, ", ") + "]"
}
