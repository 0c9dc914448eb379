// Package explain says what a word of ptrace(2) means.
package explain

import (
	"slices"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/explain"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
)

// Command explains one word.
var Command = &base.Command{
	Name:      "explain",
	UsageLine: "explain [KIND] WORD [flags]",
	Detail:    "explain [KIND] WORD [--request NAME]",
	Short:     "what a word of ptrace(2) means",
	Long: `Says what a word of ptrace(2) means: ptwalk explain 0x857f, EPERM, SEIZE,
ORIG_RAX, SIGTRAP, TRAP_BRKPT, execve. KIND is one of status, errno, request,
register, signal, code, syscall, option, event, stop and diagnosis. Without it
the word decides. PT-YAMA-1 is a diagnosis: the code of a refusal.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	var f cli.Flags
	var request string
	fs := base.NewFlags()
	f.RegisterLook(fs)
	fs.StringVar(&request, "request", "", "what an errno means for the request `name`: --request ATTACH")
	operands, err := cli.ParseMixed(fs, negativeNumbers(args))
	if err == nil {
		err = f.Check()
	}
	var pages []explain.Page
	if err == nil {
		pages, err = explain.Words(operands, request)
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	return cli.Tool(f, 0, f.Printer(), func(s *stage.Stage) { tell(s, pages) })
}

// negativeNumbers puts a double hyphen before a word such as -38, which is a
// result of the kernel and no flag.
func negativeNumbers(args []string) []string {
	for i, a := range args {
		if len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "0123456789") == "" {
			rest := slices.DeleteFunc(slices.Clone(args), func(b string) bool { return b == a })
			return append(rest[:len(rest):len(rest)], "--", args[i])
		}
	}
	return args
}

// tell prints the first reading whole, and a line for each of the others.
func tell(s *stage.Stage, pages []explain.Page) {
	first := pages[0]
	s.Say(first.Title + ". " + first.Text)
	if first.Status != nil {
		s.Draw(&event.Stop{Stop: *first.Status})
	}
	var rows [][]any
	for _, fact := range first.Facts {
		rows = append(rows, []any{fact.Name, fact.Is})
	}
	if len(rows) > 0 {
		s.Table("", []event.Column{{Name: ""}, {Name: ""}}, rows)
	}
	if len(pages) == 1 {
		return
	}
	rows = nil
	for _, p := range pages[1:] {
		rows = append(rows, []any{p.Kind, p.Title})
	}
	s.Say("The word can be read in other ways too. `ptwalk explain KIND WORD` takes one of them.")
	s.Table("", []event.Column{{Name: "kind"}, {Name: "meaning"}}, rows)
}
