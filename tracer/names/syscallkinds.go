package names

import (
	_ "embed" // the table is a text file
	"strings"
	"sync"
)

//go:embed syscallkinds.txt
var syscallKindsText string

// SyscallKinds says what the arguments of a system call are.
type SyscallKinds struct {
	Args   []string // a kind for each: "fd", "path", ">buf:ret", "f:open"
	Result string   // the kind of the result; "" is a number
}

// syscallKinds are they by the name of the call; those of i386 come before those that
// both have.
var syscallKinds = sync.OnceValues(func() (all, i386 map[string]SyscallKinds) {
	both, own, _ := strings.Cut(syscallKindsText, "[i386]\n")
	return parseKinds(both), parseKinds(own)
})

// parseKinds reads lines of a name and its kinds: the head of the file explains them.
func parseKinds(text string) map[string]SyscallKinds {
	table := map[string]SyscallKinds{}
	for line := range dataLines(text) {
		fields := strings.Fields(line)
		var k SyscallKinds
		for _, kind := range fields[1:] {
			if result, ok := strings.CutPrefix(kind, "="); ok {
				k.Result = result
				continue
			}
			k.Args = append(k.Args, kind)
		}
		table[fields[0]] = k
	}
	return table
}

// KindsOf says what the arguments of the system call name of arch are, and whether the
// call is known.
func KindsOf(arch Arch, name string) (SyscallKinds, bool) {
	all, i386 := syscallKinds()
	if arch == I386 {
		if k, ok := i386[name]; ok {
			return k, true
		}
	}
	k, ok := all[name]
	return k, ok
}
