package main

import (
	"flag"
	"fmt"
	"strings"

	"ptwalk/lessons"
	"ptwalk/lessons/stage/cli"
)

const completionUsage = "ptwalk completion bash|zsh|fish"

// completionMain prints a completion script made from the command table.
func completionMain(args []string) int {
	if isHelp(args) {
		return cli.Print(completionUsage + "\n\nPrints a completion script. For bash, in ~/.bashrc:\n\n  eval \"$(ptwalk completion bash)\"\n")
	}
	if len(args) != 1 {
		return cli.Usage(fmt.Errorf("completion takes one shell: bash, zsh or fish"), completionUsage)
	}
	words, flags := strings.Join(completionWords(), " "), strings.Join(completionFlags(), " ")
	switch args[0] {
	case "bash":
		return cli.Print(fmt.Sprintf(bashCompletion, words, flags))
	case "zsh":
		return cli.Print(fmt.Sprintf(zshCompletion, words, flags))
	case "fish":
		script := fmt.Sprintf("complete -c ptwalk -f -n __fish_use_subcommand -a '%s'\n", words)
		for _, name := range completionFlags() {
			script += fmt.Sprintf("complete -c ptwalk -l %s\n", strings.TrimPrefix(name, "--"))
		}
		return cli.Print(script)
	}
	return cli.Usage(fmt.Errorf("there are completions for bash, zsh and fish, not for %q", args[0]), completionUsage)
}

// completionWords are the commands and the names of the lessons.
func completionWords() []string {
	words := []string{"all"}
	for _, l := range lessons.All {
		words = append(words, fmt.Sprint(l.Number), l.Name)
	}
	for _, c := range commands {
		if _, lesson := lessons.Find(c.name); !lesson {
			words = append(words, c.name)
		}
	}
	return words
}

func completionFlags() []string {
	var f cli.Flags
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	f.Register(fs)
	var flags []string
	fs.VisitAll(func(f *flag.Flag) { flags = append(flags, "--"+f.Name) })
	return flags
}

// Behind step and count a program's name and files are completed, as the shell
// does it elsewhere.
const bashCompletion = `_ptwalk() {
	local cur=${COMP_WORDS[COMP_CWORD]}
	case ${COMP_WORDS[1]} in
	step | count)
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

const zshCompletion = `#compdef ptwalk
_ptwalk() {
	case ${words[2]} in
	step | count) if (( CURRENT > 2 )); then _command_names -e; _files; return; fi ;;
	esac
	compadd -- %[1]s
	compadd -- %[2]s
}
compdef _ptwalk ptwalk
`
