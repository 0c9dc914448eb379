// Package explain says what a word of ptrace(2) means.
package explain

import (
	"flag"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/explain"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
)

// Command explains a word, or a line.
var Command = &base.Command{
	Name:      "explain",
	UsageLine: "explain [KIND] WORD... [flags]",
	Detail:    "explain [KIND] WORD... [--request NAME]",
	Short:     "what a word of ptrace(2) means",
	Long: `Says what stands on your screen: a word of ptrace(2), a number, an error text, a
line of strace, gdb or ptwalk, a word of the glossary. ptwalk explain 0x857f,
EPERM, SEIZE, ORIG_RAX, SIGTRAP, execve, breakpoint, "No such process". Alone it
shows words to try.

KIND is one of ` + kinds(",\n") + `
Without it the word decides. i386 and x86-64 narrow too: ptwalk explain i386 11.
`,
	Run: run,
}

// kinds are the kinds of words as a sentence has them.
func kinds(lineBreak string) string {
	all := explain.Kinds()
	half, last := len(all)/2+1, len(all)-1
	return strings.Join(all[:half], ", ") + lineBreak + strings.Join(all[half:last], ", ") + " and " + all[last] + "."
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	var request string
	fs := base.NewFlags()
	f.RegisterLook(fs)
	fs.StringVar(&request, "request", "", "what an errno means for the request `name`: --request ATTACH")
	flags, words := apart(fs, args)
	operands, err := cli.ParseMixed(fs, flags)
	if err == nil {
		err = f.Check()
	}
	var pages []explain.Page
	if err == nil {
		pages, err = explain.Words(append(operands, words...), request)
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	return cli.Tool(f, 0, f.Printer(), func(s *stage.Stage) {
		for _, e := range explain.Events(pages) {
			s.Emit(e)
		}
	})
}

// apart takes the flags from the words. A result such as -38, and a line that begins
// with hyphens, are words.
func apart(fs *flag.FlagSet, args []string) (flags, words []string) {
	for i := 0; i < len(args); i++ {
		name := strings.TrimLeft(args[i], "-")
		switch {
		case args[i] == "--":
			return flags, append(words, args[i+1:]...)
		case name == args[i], name == "", '0' <= name[0] && name[0] <= '9', strings.Contains(name, " "):
			words = append(words, args[i])
			continue
		}
		flags = append(flags, args[i])
		if takesNext(fs.Lookup(name)) && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	return flags, words
}

// takesNext says whether a flag, named without its value, has that in the next word.
func takesNext(f *flag.Flag) bool {
	if f == nil {
		return false
	}
	alone, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !alone.IsBoolFlag()
}
