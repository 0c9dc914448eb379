package decode

import (
	"fmt"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// restartTexts are how strace says what becomes of a call that a signal has
// interrupted: the results that no program sees.
var restartTexts = map[int]string{
	512: "To be restarted if SA_RESTART is set",
	513: "To be restarted",
	514: "To be restarted if no handler",
	516: "Interrupted by signal",
}

// Errno is the name of the error that the call has failed with, "" for none. The results
// that ask for a restart have one.
func (d *Decoder) Errno() string {
	if !d.call.Failed {
		return ""
	}
	return names.ErrnoName(int(-d.call.Result))
}

// Result is the result of a call that is over, as it stands behind the equals sign:
// "3", "-1 ENOENT (No such file or directory)", "? ERESTARTSYS (To be restarted ...)".
func (d *Decoder) Result() string {
	c := &d.call
	if c.Failed {
		n := int(-c.Result)
		if text := restartTexts[n]; text != "" {
			return "? " + names.ErrnoName(n) + " (" + text + ")"
		}
		return "-1 " + names.ErrnoName(n) + " (" + names.ErrnoText(n) + ")"
	}
	v := uint64(c.Result)
	if d.wordSize() == 4 {
		v &= 0xffffffff
	}
	switch d.kinds.Result {
	case "addr":
		return hex(v)
	case "mode":
		return octal(v)
	case "poll":
		if v == 0 {
			return "0 (Timeout)"
		}
		return decimal(c.Result) + " (" + d.polled() + ")"
	case "select":
		if v == 0 {
			return "0 (Timeout)"
		}
	case "fcntl":
		return d.fcntlResult(v)
	}
	return decimal(c.Result)
}

// fcntlResult shows in words the flags that fcntl(2) got.
func (d *Decoder) fcntlResult(v uint64) string {
	const getFD, getFL = 1, 3
	switch op := d.arg(1) & 0xffffffff; {
	case op == getFD && v != 0:
		return fmt.Sprintf("%s (flags %s)", hex(v), names.ArgWords("fdflags").Flags(v))
	case op == getFL:
		return fmt.Sprintf("%s (flags %s)", hex(v), names.ArgWords("open").Flags(v))
	}
	return decimal(d.call.Result)
}

// NoResult is the result of a call that has not ended or that nobody came back from.
const NoResult = "?"

// Executed spells the execve by which a tracer has started a program, and its line. Its
// arguments are those that were passed. Where they stood in memory is not known, and of
// the environment the number of variables is shown.
func Executed(c tracer.Command, bytes int) (args []Arg, line string) {
	const most = 32 // as strace
	var words []string
	for i, arg := range c.Argv {
		if i == most {
			words = append(words, "...")
			break
		}
		shown := arg[:min(len(arg), bytes)]
		words = append(words, quote([]byte(shown)))
		if len(arg) > bytes {
			words[i] += "..."
		}
	}
	vars := "vars"
	if len(c.Env) == 1 {
		vars = "var"
	}
	args = []Arg{{Text: quote([]byte(c.Path))}, {Text: "[" + strings.Join(words, ", ") + "]"}, {Text: fmt.Sprintf("[/* %d %s */]", len(c.Env), vars)}}
	return args, "execve(" + args[0].Text + ", " + args[1].Text + ", " + args[2].Text + ") = 0"
}

// Name is the name of the call.
func (d *Decoder) Name() string { return d.call.Name() }
