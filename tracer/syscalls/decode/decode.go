// Package decode spells system calls as strace(1) does: the words of flags, quoted
// strings and paths, structures, results with the text of their errno, signals and
// ends. It makes no request: what it has to know of the program's memory it asks of a
// [Memory].
//
// A call is spelled in two parts, because some arguments are filled by the call itself
// and can be read at its exit alone. What the tables of package names do not spell
// stays in hexadecimal.
package decode

import (
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Memory is the memory of a program. ReadAt reads less where it ends; the error is for
// nothing that could be read.
type Memory interface {
	ReadAt(p []byte, a tracer.Addr) (int, error)
}

// Call is a system call that a thread makes.
type Call struct {
	Arch   tracer.Arch
	Nr     int64
	Args   [6]uint64
	SP     tracer.Addr // the stack pointer, where it is known: rt_sigreturn has its frame there
	Before string      // the call that this one begins again, for restart_syscall

	Result int64 // at the exit: the value, or -errno
	Failed bool  // at the exit
}

// Name is the name of the call in the table of its architecture, as strace has it for
// a number without one: "syscall_0x1c0".
func (c *Call) Name() string {
	if name := names.SyscallName(c.Arch, c.Nr); name != "" {
		return name
	}
	return "syscall_" + hex(uint64(c.Nr))
}

// Arg is one argument: the word in the register and its text.
type Arg struct {
	Value uint64
	Text  string
}

// Decoder spells a call.
type Decoder struct {
	call    Call
	memory  Memory
	strings int // how much of a string is shown
	kinds   names.SyscallKinds
	args    []Arg  // as far as they are spelled
	next    int    // the kind that comes next
	exit    bool   // the call is over
	length  uint32 // what a length that the call changes has held at the entry

	part  strings.Builder // the text since Part
	comma bool            // it ends with a comma already
}

// DefaultStrings is how many bytes of a string are shown, as by strace without -s.
const DefaultStrings = 32

// Enter begins to spell a call at its entry. It shows so many bytes of a string.
func Enter(c Call, m Memory, bytes int) *Decoder {
	kinds, ok := names.KindsOf(c.Arch, c.Name())
	if !ok {
		kinds.Args = []string{"x", "x", "x", "x", "x", "x"}
	}
	d := &Decoder{call: c, memory: m, strings: bytes, kinds: kinds}
	d.part.WriteString(c.Name() + "(")
	d.saveLength()
	d.spellOn()
	return d
}

// Exit spells the rest of the call, which has ended with this result.
func (d *Decoder) Exit(result int64, failed bool) {
	d.call.Result, d.call.Failed, d.exit = result, failed, true
	d.spellOn()
}

// spellOn spells arguments up to one that the call itself fills.
func (d *Decoder) spellOn() {
	for ; d.next < len(d.kinds.Args); d.next++ {
		kind, filled := strings.CutPrefix(d.kinds.Args[d.next], ">")
		if filled && !d.exit {
			if len(d.args) > 0 {
				d.part.WriteString(", ")
				d.comma = true
			}
			return
		}
		if filled && d.call.Failed && !stillFilled[kindName(kind)] {
			d.add(d.arg(d.next), addr(d.arg(d.next)))
			continue
		}
		if !d.spell(kind, d.next) {
			return
		}
	}
}

// stillFilled are the kinds that a call fills although it fails.
var stillFilled = map[string]bool{"timespecleft": true, "timespec64left": true, "sockaddrlen": true, "socklen": true}

func kindName(kind string) string {
	name, _, _ := strings.Cut(kind, ":")
	return name
}

// spell spells one argument, or all that a kind with a spelling of its own takes. It
// says whether that is done: at the entry some are not.
func (d *Decoder) spell(kind string, i int) (done bool) {
	kind, parameter, _ := strings.Cut(kind, ":")
	if many := wholes[kind]; many != nil {
		return many(d, i)
	}
	v := d.arg(i)
	one := kindsOf[kind]
	if one == nil {
		one = spellHex
	}
	d.add(v, one(d, v, parameter))
	return true
}

// arg is the word of argument i.
func (d *Decoder) arg(i int) uint64 {
	switch {
	case i >= len(d.call.Args):
		return 0
	case d.call.Arch == tracer.I386:
		return d.call.Args[i] & 0xffffffff
	}
	return d.call.Args[i]
}

func (d *Decoder) add(v uint64, text string) {
	if len(d.args) > 0 && !d.comma {
		d.part.WriteString(", ")
	}
	d.comma = false
	d.part.WriteString(text)
	d.args = append(d.args, Arg{v, text})
}

// Args are the arguments as far as they are spelled: all of them after Exit.
func (d *Decoder) Args() []Arg { return d.args }

// Whole says whether all arguments are spelled.
func (d *Decoder) Whole() bool { return d.next >= len(d.kinds.Args) }

// Part is what has been spelled since Part was called last: "read(3, " after Enter,
// and after Exit "\"abc\", 3".
func (d *Decoder) Part() string {
	text := d.part.String()
	d.part.Reset()
	return text
}
