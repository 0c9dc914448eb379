// Package base is what every command of ptwalk is made of.
package base

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"ptwalk/lessons/stage/cli"
)

// Command is one thing that ptwalk does. The help, the completions and the manual
// page are made from a table of commands; Table returns it.
type Command struct {
	Name      string // the first word of the command line; "" runs lessons
	UsageLine string // what follows "ptwalk", for lists of commands
	Detail    string // UsageLine as errors and -h have it, where they say more
	Short     string // what it does, in a few words
	Long      string // what -h says between the usage and the flags
	Failed    int    // the exit status of a failure of ours; 0 is that of lessons

	// Run does it. The arguments are those behind the name. It returns the exit
	// status.
	Run func(cmd *Command, args []string) int
}

// Table is the commands in the order of the help: lessons, which have no name,
// come first. A command whose text depends on the others is made with it.
type Table func() []*Command

// Names are the first words that name a command.
func (t Table) Names() (names []string) {
	for _, c := range t()[1:] {
		names = append(names, c.Name)
	}
	return names
}

// Usage is the line that stands under a wrong command line.
func (c *Command) Usage() string { return "ptwalk " + cmp.Or(c.Detail, c.UsageLine) }

// Help is what -h prints. Without flags, fs is nil.
func (c *Command) Help(fs *flag.FlagSet) string {
	help := c.Usage() + "\n\n" + c.Long
	if fs != nil {
		help += "\n" + cli.FlagHelp(fs)
	}
	return help
}

// NewFlags is a set of flags whose errors are returned, and told by Done alone.
func NewFlags() *flag.FlagSet {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// Done ends a command whose line asks for help or is wrong: err is flag.ErrHelp, or
// what is wrong. With a nil error the command goes on.
func (c *Command) Done(fs *flag.FlagSet, err error) (status int, done bool) {
	switch {
	case err == nil:
		return 0, false
	case errors.Is(err, flag.ErrHelp):
		return cli.Print(c.Help(fs)), true
	}
	return cli.Usage(err, c.Usage()), true
}

// Plain is Done for a command without flags and operands.
func (c *Command) Plain(args []string) (status int, done bool) {
	if IsHelp(args) {
		return c.Done(nil, flag.ErrHelp)
	}
	return c.Done(nil, c.NoOperand(args))
}

// NoOperand says that there is an operand where none belongs.
func (c *Command) NoOperand(operands []string) error {
	if len(operands) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no operand, and %q is one", c.Name, operands[0])
}

// IsHelp says whether the arguments begin with a flag for help.
func IsHelp(args []string) bool {
	return len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help")
}

// CommandLine is a program and its arguments on one line, as a shell would take
// them.
func CommandLine(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = word
		if strings.ContainsFunc(word, func(r rune) bool { return r == ' ' || r == '"' || !unicode.IsPrint(r) }) || word == "" {
			words[i] = strconv.Quote(word)
		}
	}
	return strings.Join(words, " ")
}

// Errno is the number of the kernel in err, or err itself where it has none.
func Errno(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}
