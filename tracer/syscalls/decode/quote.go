package decode

import (
	"bytes"
	"fmt"
	"strings"

	"ptwalk/tracer"
)

// pathMax is PATH_MAX of <linux/limits.h>, with the NUL.
const pathMax = 4096

// quote writes bytes as strace does: C's escapes, and octal digits for what does not
// print, as few as cannot be misread.
func quote(b []byte) string {
	var out strings.Builder
	out.WriteByte('"')
	for i, c := range b {
		if at := strings.IndexByte("\"\\\f\n\r\t\v", c); at >= 0 {
			out.WriteByte('\\')
			out.WriteByte(`"\fnrtv`[at])
			continue
		}
		switch {
		case ' ' <= c && c <= '~':
			out.WriteByte(c)
		case i+1 < len(b) && '0' <= b[i+1] && b[i+1] <= '9':
			fmt.Fprintf(&out, `\%03o`, c)
		default:
			fmt.Fprintf(&out, `\%o`, c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// hexQuote writes each byte as \x and two digits, for what is random.
func hexQuote(b []byte) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range b {
		fmt.Fprintf(&out, `\x%02x`, c)
	}
	out.WriteByte('"')
	return out.String()
}

// bytesAt reads up to n bytes, and says whether all of them are there.
func (d *Decoder) bytesAt(a uint64, n int) ([]byte, bool) {
	if a == 0 || n < 0 {
		return nil, false
	}
	b := make([]byte, n)
	got, err := d.memory.ReadAt(b, tracer.Addr(a))
	if err != nil || got < 0 || got > n {
		got = 0
	}
	return b[:got], got == n
}

// stringAt reads bytes up to a NUL, at most n of them. It says whether the NUL was
// there, and whether anything could be read.
func (d *Decoder) stringAt(a uint64, n int) (text []byte, ends, there bool) {
	const step = 256
	for len(text) < n {
		b, whole := d.bytesAt(a+uint64(len(text)), min(step, n-len(text)))
		if i := bytes.IndexByte(b, 0); i >= 0 {
			return append(text, b[:i]...), true, true
		}
		text = append(text, b...)
		if !whole {
			return text, false, len(text) > 0
		}
	}
	return text, false, true
}

// spellPath spells a path, all of it.
func spellPath(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	text, ends, there := d.stringAt(v, pathMax)
	switch {
	case !there || !ends && len(text) < pathMax:
		return hex(v)
	case !ends:
		return quote(text[:pathMax-1]) + "..."
	}
	return quote(text)
}

// spellString spells a string that ends with a NUL, as much of it as is shown.
func spellString(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	text, ends, there := d.stringAt(v, d.strings+1)
	switch {
	case !there || !ends && len(text) <= d.strings:
		return hex(v)
	case !ends:
		return quote(text[:d.strings]) + "..."
	}
	return quote(text)
}

// spellBuffer spells memory of a length that another argument tells, or the result.
func spellBuffer(d *Decoder, v uint64, length string) string {
	n, ok := d.length64(length)
	if !ok {
		return addr(v)
	}
	return d.buffer(v, n, quote)
}

func spellRandom(d *Decoder, v uint64, length string) string {
	n, ok := d.length64(length)
	if !ok {
		return addr(v)
	}
	return d.buffer(v, n, hexQuote)
}

func (d *Decoder) buffer(v, n uint64, quoted func([]byte) string) string {
	if v == 0 {
		return "NULL"
	}
	shown := min(n, uint64(d.strings))
	b, whole := d.bytesAt(v, int(shown))
	switch {
	case !whole:
		return hex(v)
	case n > shown:
		return quoted(b) + "..."
	}
	return quoted(b)
}

// spellLink is what readlink(2) has read: as a path, but as long as the result.
func spellLink(d *Decoder, v uint64, length string) string {
	n, ok := d.length64(length)
	b, whole := d.bytesAt(v, int(min(n, pathMax)))
	if !ok || !whole {
		return addr(v)
	}
	if n > uint64(d.strings) {
		return quote(b[:d.strings]) + "..."
	}
	return quote(b)
}

// spellCwd is the path that getcwd(2) has stored, with its NUL.
func spellCwd(d *Decoder, v uint64, _ string) string {
	if d.call.Failed {
		return addr(v)
	}
	return spellPath(d, v, "")
}

// spellStrings spells the list argv of execve(2).
func spellStrings(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	const most = 32 // as strace
	var words []string
	for i := 0; ; i++ {
		p, ok := d.pointer(v + uint64(i*d.wordSize()))
		switch {
		case !ok && i == 0:
			return hex(v)
		case !ok:
			words = append(words, "... /* "+hex(v+uint64(i*d.wordSize()))+" */")
		case p == 0:
		case i == most:
			words = append(words, "...")
		default:
			words = append(words, spellString(d, p, ""))
			continue
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
}

// spellEnvironment counts the variables.
func spellEnvironment(d *Decoder, v uint64, _ string) string {
	if v == 0 {
		return "NULL"
	}
	for n := 0; n < 1<<16; n++ {
		p, ok := d.pointer(v + uint64(n*d.wordSize()))
		if !ok {
			break
		}
		if p == 0 {
			vars := "vars"
			if n == 1 {
				vars = "var"
			}
			return fmt.Sprintf("%s /* %d %s */", hex(v), n, vars)
		}
	}
	return hex(v)
}
