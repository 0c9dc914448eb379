// Package man prints the manual page.
package man

import (
	"flag"
	"fmt"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/help"
	"ptwalk/lessons"
	"ptwalk/lessons/stage/cli"
)

// Command prints the manual page, which lists the commands.
func Command(commands base.Table) *base.Command {
	return &base.Command{
		Name:      "man",
		UsageLine: "man",
		Short:     "print the manual page",
		Long:      "Prints the manual page. To read it: ptwalk man | man -l -\n",
		Run: func(cmd *base.Command, args []string) int {
			if status, done := cmd.Plain(args); done {
				return status
			}
			return cli.Print(page(commands()))
		},
	}
}

// page is the manual page in man(7) format.
func page(commands []*base.Command) string {
	var out strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	p(`.TH PTWALK 1 "" "ptwalk %s"`, roff(cli.Version()))
	p(".SH NAME\nptwalk \\- a walk through ptrace(2), in %s lessons that trace real programs", lessons.InWords())
	p(".SH SYNOPSIS")
	for _, c := range commands {
		p(".B ptwalk\n%s\n.br", roff(c.UsageLine))
	}
	p(".SH LESSONS")
	for _, l := range lessons.All {
		p(".TP\n.B %d, %s\n%s", l.Number, roff(l.Name), roff(l.Summary))
	}
	p(".SH COMMANDS")
	for _, c := range commands[1:] {
		p(".TP\n.B ptwalk %s\n%s", roff(c.UsageLine), roff(c.Short))
	}
	p(".PP\n%s", roff(help.Alone(commands)))
	p(".SH OPTIONS\nOf a lesson. Those of a command: ptwalk COMMAND \\-h.")
	var f cli.Flags
	fs := base.NewFlags()
	f.Register(fs)
	fs.VisitAll(func(f *flag.Flag) {
		operand, text := flag.UnquoteUsage(f)
		p(".TP\n.B \\-\\-%s %s\n%s", roff(f.Name), roff(strings.ToUpper(operand)), roff(text))
	})
	p(".SH EXIT STATUS")
	for _, row := range exitTable {
		p(".TP\n.B %s\n%s", row[0], roff(row[1]))
	}
	p(".SH SEE ALSO\nptrace(2), wait(2), strace(1), gdb(1)")
	return out.String()
}

// exitTable has each exit status and what it says.
var exitTable = [][2]string{
	{"0", "done"},
	{"1", "failed; the message says what and why"},
	{"2", "the command line is wrong"},
	{"3", "this machine refuses ptrace, or refuses it for this process"},
	{"4", "no such process, or a program cannot be run"},
	{"124, 125, 126, 127", "count, step and syscalls: the time is over; ptwalk failed; the program cannot be run; it is not found"},
	{"128+n", "signal n ended ptwalk, or the program under count, step and syscalls"},
}

// roff protects what man(7) would take for its own.
func roff(s string) string {
	s = strings.ReplaceAll(s, `\`, `\e`)
	s = strings.ReplaceAll(s, "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
