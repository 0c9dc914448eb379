package names

import "strings"

// aliases are the second names that the headers of Linux on x86 have for a
// request, a signal or an errno, and the names that the tables have.
var aliases = map[string]string{
	"PTRACE_PEEKUSR": "PTRACE_PEEKUSER", // the kernel's spelling
	"PTRACE_POKEUSR": "PTRACE_POKEUSER",

	"SIGIOT":    "SIGABRT",
	"SIGCLD":    "SIGCHLD",
	"SIGPOLL":   "SIGIO",
	"SIGUNUSED": "SIGSYS",

	"EWOULDBLOCK": "EAGAIN",
	"EDEADLOCK":   "EDEADLK",
	"ENOTSUP":     "EOPNOTSUPP",
}

// Alias is the name in the tables for a word that is another name of the same, in
// any case: "EAGAIN" for "ewouldblock".
func Alias(word string) (name string, ok bool) {
	name, ok = aliases[strings.ToUpper(word)]
	return name, ok
}

// known is the name in the tables that a word stands for, or the word itself.
func known(word string) string {
	if name, ok := Alias(word); ok {
		return name
	}
	return word
}
