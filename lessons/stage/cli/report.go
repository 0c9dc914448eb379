package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"ptwalk/lessons/stage/exit"
	"ptwalk/lessons/stage/render"
)

// Report prints why a run has failed and returns its exit status.
func Report(err error) int {
	if err == nil {
		return exit.Done
	}
	var failure *exit.Failure
	if !errors.As(err, &failure) {
		failure = exit.With(exit.Failed, err)
	}
	if text := failure.Error(); text != "" {
		fmt.Fprintln(render.Screen(os.Stderr), "ptwalk: "+strings.TrimRight(text, "\n"))
	}
	return failure.Exit
}

// Usage reports a wrong command line: one sentence, and one line of usage.
func Usage(err error, usage string) int {
	fmt.Fprintf(render.Screen(os.Stderr), "ptwalk: %v\nusage: %s\n", err, usage)
	return exit.Usage
}

// FlagHelp lists the flags of fs, two hyphens each, in columns or as sentences.
func FlagHelp(fs *flag.FlagSet) string {
	var out strings.Builder
	fs.VisitAll(func(f *flag.Flag) {
		operand, text := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if len(f.Name) == 1 {
			name = "-" + f.Name
		}
		if operand != "" && operand != "value" {
			name += " " + strings.ToUpper(operand)
		}
		if Accessible() {
			for i, line := range render.Wrap(name+": "+text, 80-4) {
				out.WriteString(strings.Repeat(" ", 2+2*min(i, 1)) + line + "\n")
			}
			return
		}
		lines := render.Wrap(text, 80-24)
		fmt.Fprintf(&out, "  %-20s  %s\n", name, lines[0])
		for _, line := range lines[1:] {
			fmt.Fprintf(&out, "  %-20s  %s\n", "", line)
		}
	})
	return out.String()
}

// Print writes a text that is not of a run to standard output: help, a table, a
// version. It returns the exit status, which is not 0 if the text could not be
// written.
func Print(text string) int {
	if _, err := io.WriteString(render.Screen(os.Stdout), text); err != nil {
		return Report(exit.ByWrite(err))
	}
	return exit.Done
}
