package decode

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"ptwalk/tracer/names"
)

// saveLength keeps the length of an address that a call takes and changes.
func (d *Decoder) saveLength() {
	for i, kind := range d.kinds.Args {
		if kind == ">socklen" {
			b, _ := d.bytesAt(d.arg(i), 4)
			if len(b) == 4 {
				d.length = binary.LittleEndian.Uint32(b)
			}
		}
	}
}

// spellAddress is a struct sockaddr whose length another argument tells.
func spellAddress(d *Decoder, v uint64, length string) string {
	n, _ := d.length64(length)
	return d.address(v, n)
}

// maxAddress is sizeof(struct sockaddr_storage).
const maxAddress = 128

func (d *Decoder) address(v, n uint64) string {
	if v == 0 {
		return "NULL"
	}
	b, whole := d.bytesAt(v, int(min(n, maxAddress)))
	if !whole || n < 2 {
		return hex(v)
	}
	return socketAddress(b)
}

// socketAddress spells an address by its family: unix(7), ip(7), ipv6(7), netlink(7).
func socketAddress(b []byte) string {
	const unix, inet, inet6, netlink = 1, 2, 10, 16
	family := binary.LittleEndian.Uint16(b)
	text := "{sa_family=" + names.ArgWords("domain").One(uint64(family))
	rest := b[2:]
	switch {
	case len(rest) == 0:
	case family == unix && rest[0] == 0 && len(rest) > 1:
		text += ", sun_path=@" + quote(rest[1:])
	case family == unix:
		path, _, _ := strings.Cut(string(rest), "\x00")
		text += ", sun_path=" + quote([]byte(path))
	case family == inet && len(b) >= 16:
		text += fmt.Sprintf(", sin_port=htons(%d), sin_addr=inet_addr(\"%v\")", binary.BigEndian.Uint16(rest), netip.AddrFrom4([4]byte(b[4:8])))
	case family == inet6 && len(b) >= 28:
		text += fmt.Sprintf(", sin6_port=htons(%d), sin6_flowinfo=htonl(%d), inet_pton(AF_INET6, \"%v\", &sin6_addr), sin6_scope_id=%d",
			binary.BigEndian.Uint16(rest), binary.BigEndian.Uint32(b[4:]), netip.AddrFrom16([16]byte(b[8:24])), binary.LittleEndian.Uint32(b[24:]))
	case family == netlink && len(b) >= 12:
		text += fmt.Sprintf(", nl_pid=%d, nl_groups=%08x", int32(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:]))
	default:
		text += ", sa_data=" + quote(rest)
	}
	return text + "}"
}

// spellAddressRead is an address that the call has stored. Its length stands where the
// argument behind it points, and no more is stored than there was room for.
func spellAddressRead(d *Decoder, v uint64, _ string) string {
	length := d.arg(d.next + 1)
	b, whole := d.bytesAt(length, 4)
	if v == 0 || !whole || d.call.Failed {
		return addr(v)
	}
	return d.address(v, min(uint64(binary.LittleEndian.Uint32(b)), uint64(d.length)))
}

// spellLength is a length before the call and after it, where that is another.
func spellLength(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 4)
	switch {
	case !whole:
		return addr(v)
	case d.call.Failed, binary.LittleEndian.Uint32(b) == d.length:
		return fmt.Sprintf("[%d]", d.length)
	}
	return fmt.Sprintf("[%d => %d]", d.length, binary.LittleEndian.Uint32(b))
}

// spellVector is an array of struct iovec. Of what a call has read only that much is
// shown, over all of them.
func spellVector(d *Decoder, v uint64, parameter string) string {
	count, read, _ := strings.Cut(parameter, ":")
	n, _ := d.length64(count)
	left := ^uint64(0)
	if read != "" {
		got, ok := d.length64(read)
		if !ok {
			return addr(v)
		}
		left = got
	}
	return d.vector(v, n, left)
}

func (d *Decoder) vector(v, n, left uint64) string {
	switch {
	case v == 0:
		return "NULL"
	case n == 0:
		return "[]"
	}
	const most = 1024 // UIO_MAXIOV
	var members []string
	for i := range min(n, most) {
		if i == uint64(d.strings) {
			members = append(members, "...")
			break
		}
		at := v + i*2*uint64(d.wordSize())
		base, _ := d.pointer(at)
		length, ok := d.pointer(at + uint64(d.wordSize()))
		if !ok {
			if i == 0 {
				return hex(v)
			}
			members = append(members, "... /* "+hex(at)+" */")
			break
		}
		shown := min(length, left)
		left -= shown
		members = append(members, fmt.Sprintf("{iov_base=%s, iov_len=%d}", d.buffer(base, shown, quote), length))
	}
	return "[" + strings.Join(members, ", ") + "]"
}

// spellMessage is struct msghdr of sendmsg(2), without what stands in its control data.
func spellMessage(d *Decoder, v uint64, _ string) string { return d.message(v, ^uint64(0)) }

// spellMessageRead is that of recvmsg(2).
func spellMessageRead(d *Decoder, v uint64, _ string) string {
	return d.message(v, uint64(d.call.Result))
}

func (d *Decoder) message(v, read uint64) string {
	if v == 0 {
		return "NULL"
	}
	r := d.reader(v, 56)
	name, length := r.word(), r.u32()
	if d.wordSize() == 8 {
		r.skip(4)
	}
	vector, count, control, controls, flags := r.word(), r.word(), r.word(), r.word(), r.u32()
	if r.short {
		return hex(v)
	}
	text := fmt.Sprintf("{msg_name=%s, msg_namelen=%d, msg_iov=%s, msg_iovlen=%d", d.address(name, length), length, d.vector(vector, count, read), count)
	if controls > 0 {
		text += ", msg_control=" + hex(control)
	}
	return text + fmt.Sprintf(", msg_controllen=%d, msg_flags=%s}", controls, names.ArgWords("msg").Flags(flags))
}
