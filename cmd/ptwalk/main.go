// Command ptwalk walks through ptrace(2) in lessons, and traces programs with the
// same tracer.
package main

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"ptwalk/cmd/ptwalk/internal/attach"
	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/cmd/ptwalk/internal/completion"
	"ptwalk/cmd/ptwalk/internal/count"
	"ptwalk/cmd/ptwalk/internal/doctor"
	"ptwalk/cmd/ptwalk/internal/explain"
	"ptwalk/cmd/ptwalk/internal/handout"
	"ptwalk/cmd/ptwalk/internal/help"
	"ptwalk/cmd/ptwalk/internal/lesson"
	"ptwalk/cmd/ptwalk/internal/man"
	"ptwalk/cmd/ptwalk/internal/present"
	"ptwalk/cmd/ptwalk/internal/program"
	"ptwalk/cmd/ptwalk/internal/quiz"
	"ptwalk/cmd/ptwalk/internal/replay"
	"ptwalk/cmd/ptwalk/internal/reset"
	"ptwalk/cmd/ptwalk/internal/site"
	"ptwalk/cmd/ptwalk/internal/step"
	"ptwalk/cmd/ptwalk/internal/syscalls"
	"ptwalk/cmd/ptwalk/internal/try"
	"ptwalk/cmd/ptwalk/internal/version"
	"ptwalk/lessons"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/supervise/quit"
)

// commands are what ptwalk can do, in the order of the help.
func commands() []*base.Command {
	return []*base.Command{
		lesson.Command(commands),
		step.Command,
		count.Command,
		attach.Command,
		syscalls.Command,
		try.Command,
		doctor.Command,
		site.Command,
		explain.Command,
		present.Command(commands),
		replay.Command,
		handout.Command,
		quiz.Command,
		reset.Command,
		version.Command,
		completion.Command(commands),
		man.Command(commands),
	}
}

func main() { os.Exit(run(os.Args[1:])) }

// run dispatches: a command with operands, or else lessons.
func run(args []string) int {
	quit.Exit()
	cmd := chosen(args)
	if problem := program.TooFewFiles(cmp.Or(cmd.Failed, exit.Failed)); problem != nil {
		return problem.Report()
	}
	switch {
	case len(args) == 0:
		return cli.Print(help.Overview())
	case args[0] == doctor.Helper:
		return doctor.Help(args[1:])
	case args[0] == "help" && len(args) > 1 && !strings.HasPrefix(args[1], "-"):
		return run([]string{args[1], "--help"})
	case args[0] == "help" || base.IsHelp(args):
		return cli.Print(help.Text(commands))
	case cmd.Name != "":
		args = args[1:]
	}
	return cmd.Run(cmd, args)
}

// chosen is the command that args name, which is lessons where no other is. count,
// attach and others alone are the lessons of their names.
func chosen(args []string) *base.Command {
	all := commands()
	if len(args) == 0 {
		return all[0]
	}
	i := slices.IndexFunc(all, func(c *base.Command) bool { return c.Name == args[0] })
	if _, both := lessons.Find(args[0]); i < 0 || both && lesson.Means(args[1:]) {
		return all[0]
	}
	return all[i]
}
