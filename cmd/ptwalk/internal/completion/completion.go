// Package completion prints completion scripts for shells.
package completion

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons"
	"ptwalk/lessons/stage/cli"
)

// Command prints a completion script that knows the commands.
func Command(commands base.Table) *base.Command {
	return &base.Command{
		Name:      "completion",
		UsageLine: "completion bash|zsh|fish",
		Short:     "print a completion script",
		Long:      "Prints a completion script. For bash, in ~/.bashrc:\n\n  eval \"$(ptwalk completion bash)\"\n",
		Run: func(cmd *base.Command, args []string) int {
			if base.IsHelp(args) {
				return cli.Print(cmd.Help(nil))
			}
			script, err := script(args, words(commands), flags())
			if err != nil {
				return cli.Usage(err, cmd.Usage())
			}
			return cli.Print(script)
		},
	}
}

// script completes words and flags for the shell that args name.
func script(args, words, flags []string) (string, error) {
	if len(args) != 1 {
		return "", errors.New("completion takes one shell: bash, zsh or fish")
	}
	all := strings.Join(words, " ")
	switch args[0] {
	case "bash":
		return fmt.Sprintf(bashScript, all, strings.Join(flags, " ")), nil
	case "zsh":
		return fmt.Sprintf(zshScript, all, strings.Join(flags, " ")), nil
	case "fish":
		script := fmt.Sprintf("complete -c ptwalk -f -n __fish_use_subcommand -a '%s'\n", all)
		for _, name := range flags {
			script += fmt.Sprintf("complete -c ptwalk -l %s\n", strings.TrimPrefix(name, "--"))
		}
		return script, nil
	}
	return "", fmt.Errorf("there are completions for bash, zsh and fish, not for %q", args[0])
}

// words are the names of the lessons and the commands. A word that is both is there
// once.
func words(commands base.Table) []string {
	words := []string{"all"}
	for _, l := range lessons.All {
		words = append(words, fmt.Sprint(l.Number), l.Name)
	}
	for _, name := range commands.Names() {
		if _, lesson := lessons.Find(name); !lesson {
			words = append(words, name)
		}
	}
	return words
}

// flags are those of a lesson.
func flags() (flags []string) {
	var f cli.Flags
	fs := base.NewFlags()
	f.Register(fs)
	fs.VisitAll(func(f *flag.Flag) { flags = append(flags, "--"+f.Name) })
	return flags
}

// Behind step, count and syscalls a program's name and files are completed, as the shell
// does it elsewhere.
const bashScript = `_ptwalk() {
	local cur=${COMP_WORDS[COMP_CWORD]}
	case ${COMP_WORDS[1]} in
	step | count | syscalls)
		if [ "$COMP_CWORD" -gt 1 ] && [ "${cur#-}" = "$cur" ]; then
			COMPREPLY=($(compgen -c -f -- "$cur"))
			return
		fi ;;
	esac
	case $cur in
	-*) COMPREPLY=($(compgen -W '%[2]s' -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W '%[1]s' -- "$cur")) ;;
	esac
}
complete -F _ptwalk ptwalk
`

const zshScript = `#compdef ptwalk
_ptwalk() {
	case ${words[2]} in
	step | count | syscalls) if (( CURRENT > 2 )); then _command_names -e; _files; return; fi ;;
	esac
	compadd -- %[1]s
	compadd -- %[2]s
}
compdef _ptwalk ptwalk
`
