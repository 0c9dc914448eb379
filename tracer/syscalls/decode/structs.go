package decode

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// field is how wide a member of a structure is.
type field int

const (
	half field = iota // 32 bits
	word              // a long: 64 bits, 32 on i386
	wide              // 64 bits
)

// structOf is a structure of signed numbers, written by a format.
func structOf(format string, fields ...field) speller {
	return func(d *Decoder, v uint64, _ string) string {
		if v == 0 {
			return "NULL"
		}
		r := d.reader(v, 16*len(fields))
		var values []any
		for _, f := range fields {
			values = append(values, r.next(f))
		}
		if r.short {
			return hex(v)
		}
		return fmt.Sprintf(format, values...)
	}
}

// reader reads the members of a structure one after the other.
type reader struct {
	b     []byte
	long  int  // bytes of a word
	short bool // more was asked for than is there
}

// reader reads from memory, at most n bytes.
func (d *Decoder) reader(a uint64, n int) *reader {
	b, _ := d.bytesAt(a, n)
	return &reader{b: b, long: d.wordSize()}
}

func (r *reader) next(f field) int64 {
	n := map[field]int{half: 4, word: r.long, wide: 8}[f]
	if len(r.b) < n {
		r.short, r.b = true, nil
		return 0
	}
	b := r.b[:n]
	r.b = r.b[n:]
	if n == 4 {
		return int64(int32(binary.LittleEndian.Uint32(b)))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

func (r *reader) u32() uint64 { return uint64(uint32(r.next(half))) }
func (r *reader) word() uint64 {
	v := uint64(r.next(word))
	if r.long == 4 {
		v &= 0xffffffff
	}
	return v
}

func (r *reader) skip(n int) {
	if len(r.b) < n {
		r.short, n = true, len(r.b)
	}
	r.b = r.b[n:]
}

// spellTimeLeft is what nanosleep(2) leaves where a signal has interrupted it; else it
// stores nothing.
func spellTimeLeft(d *Decoder, v uint64, _ string) string {
	if names.Restarts(int(-d.call.Result)) || d.call.Result == -eintr {
		return kindsOf["timespec"](d, v, "")
	}
	return addr(v)
}

func spellTimeLeft64(d *Decoder, v uint64, _ string) string {
	if names.Restarts(int(-d.call.Result)) || d.call.Result == -eintr {
		return kindsOf["timespec64"](d, v, "")
	}
	return addr(v)
}

const eintr = 4

// spellFileTimes are the two times of utimensat(2), with its two special nanoseconds.
func spellFileTimes(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	r := d.reader(v, 32)
	var times []string
	for range 2 {
		sec, nsec := r.next(word), r.next(word)
		switch nsec {
		case 0x3fffffff:
			times = append(times, "UTIME_NOW")
		case 0x3ffffffe:
			times = append(times, "UTIME_OMIT")
		default:
			times = append(times, fmt.Sprintf("{tv_sec=%d, tv_nsec=%d}", sec, nsec))
		}
	}
	if r.short {
		return hex(v)
	}
	return "[" + strings.Join(times, ", ") + "]"
}

// fileMode is st_mode: the type in a word and the permissions in octal.
func fileMode(v uint64) string {
	const types = 0xf000
	rest := v &^ types
	var words []string
	if v&types != 0 {
		words = append(words, names.ArgWords("ftype").One(v&types))
	}
	for _, bit := range []struct {
		bit  uint64
		name string
	}{{0o4000, "S_ISUID"}, {0o2000, "S_ISGID"}, {0o1000, "S_ISVTX"}} {
		if rest&bit.bit != 0 {
			words, rest = append(words, bit.name), rest&^bit.bit
		}
	}
	return strings.Join(append(words, octal(rest)), "|")
}

// isDevice says whether a mode is that of a device, which has a number in place of a
// size.
func isDevice(mode uint64) bool { return mode&0xf000 == 0x2000 || mode&0xf000 == 0x6000 }

// spellStat is struct stat of x86-64: its mode, and its size or the device.
func spellStat(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 144)
	if !whole {
		return addr(v)
	}
	mode := uint64(binary.LittleEndian.Uint32(b[24:]))
	last := "st_size=" + decimal(int64(binary.LittleEndian.Uint64(b[48:])))
	if isDevice(mode) {
		last = "st_rdev=" + device(binary.LittleEndian.Uint64(b[40:]))
	}
	return "{st_mode=" + fileMode(mode) + ", " + last + ", ...}"
}

// spellStatx is struct statx: what was answered, the attributes, the mode and the size.
func spellStatx(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 256)
	if !whole {
		return addr(v)
	}
	mask, attributes := uint64(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint64(b[8:])
	return fmt.Sprintf("{stx_mask=%s, stx_attributes=%s, stx_mode=%s, stx_size=%d, ...}", names.ArgWords("statxmask").Flags(mask),
		names.ArgWords("statxattr").Flags(attributes), fileMode(uint64(binary.LittleEndian.Uint16(b[28:]))), binary.LittleEndian.Uint64(b[40:]))
}

// spellLimit is struct rlimit, or rlimit64 of prlimit64(2).
func spellLimit(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	r, width, infinite := d.reader(v, 16), wide, "RLIM64_INFINITY"
	if d.wordSize() == 4 && d.call.Name() != "prlimit64" {
		width, infinite = word, "RLIM_INFINITY"
	}
	limit := func() string {
		n := uint64(r.next(width))
		if d.wordSize() == 4 && width == word {
			n = uint64(int64(int32(n)))
		}
		switch {
		case n == math.MaxUint64:
			return infinite
		case n > 1024 && n%1024 == 0:
			return strconv.FormatUint(n/1024, 10) + "*1024"
		}
		return strconv.FormatUint(n, 10)
	}
	current, most := limit(), limit()
	if r.short {
		return hex(v)
	}
	return "{rlim_cur=" + current + ", rlim_max=" + most + "}"
}

// spellUsage is struct rusage: strace shows its times alone.
func spellUsage(d *Decoder, v uint64, _ string) string {
	if v == 0 || d.call.Name() == "wait4" && d.call.Result == 0 {
		return addr(v)
	}
	return structOf("{ru_utime={tv_sec=%d, tv_usec=%d}, ru_stime={tv_sec=%d, tv_usec=%d}, ...}", word, word, word, word)(d, v, "")
}

func spellSysinfo(d *Decoder, v uint64, _ string) string {
	if d.call.Arch == tracer.I386 {
		return addr(v)
	}
	b, whole := d.bytesAt(v, 112)
	if !whole {
		return addr(v)
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	return fmt.Sprintf("{uptime=%d, loads=[%d, %d, %d], totalram=%d, freeram=%d, sharedram=%d, bufferram=%d, totalswap=%d, freeswap=%d, procs=%d, totalhigh=%d, freehigh=%d, mem_unit=%d}",
		at(0), at(8), at(16), at(24), at(32), at(40), at(48), at(56), at(64), at(72),
		binary.LittleEndian.Uint16(b[80:]), at(88), at(96), binary.LittleEndian.Uint32(b[104:]))
}

// spellUname is struct new_utsname: the names of the system and of the machine in its
// network.
func spellUname(d *Decoder, v uint64, _ string) string {
	b, whole := d.bytesAt(v, 2*65)
	if !whole {
		return addr(v)
	}
	cut := func(b []byte) string { s, _, _ := strings.Cut(string(b), "\x00"); return quote([]byte(s)) }
	return "{sysname=" + cut(b[:65]) + ", nodename=" + cut(b[65:]) + ", ...}"
}
