package names

import (
	_ "embed" // the two tables are text files
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed syscalls-x86-64.txt
var syscallsX8664 string

//go:embed syscalls-i386.txt
var syscallsI386 string

// syscallTable is one architecture's system calls, both ways.
type syscallTable struct {
	names   map[int64]string
	numbers map[string]int64
}

var syscallTables = map[Arch]func() syscallTable{
	X8664: sync.OnceValue(func() syscallTable { return parseSyscalls(syscallsX8664) }),
	I386:  sync.OnceValue(func() syscallTable { return parseSyscalls(syscallsI386) }),
}

// parseSyscalls reads lines of "number name". The files are made by
// internal/gen, and a test reads every line of them.
func parseSyscalls(text string) syscallTable {
	t := syscallTable{map[int64]string{}, map[string]int64{}}
	for line := range strings.Lines(text) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			panic("names: bad line in a table of system calls: " + line)
		}
		t.names[n], t.numbers[name] = name, n
	}
	return t
}

// SyscallName names the system call nr as the kernel's table for arch does.
// The same number means different calls in different tables.
// It is "" for a number or an architecture that is not known.
func SyscallName(arch Arch, nr int64) string {
	table, ok := syscallTables[arch]
	if !ok {
		return ""
	}
	return table().names[nr]
}

// SyscallNumber is the number of the system call with that name in the table of
// arch, and whether there is one.
func SyscallNumber(arch Arch, name string) (int64, bool) {
	table, ok := syscallTables[arch]
	if !ok {
		return 0, false
	}
	nr, ok := table().numbers[name]
	return nr, ok
}

// SyscallNames are the names of all system calls of both tables, in order.
func SyscallNames() []string {
	all := map[string]bool{}
	for _, table := range syscallTables {
		for name := range table().numbers {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
