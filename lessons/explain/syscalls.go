package explain

import (
	"fmt"
	"strings"

	"ptwalk/tracer/names"
)

// syscallPages are those of both tables. A name has one page: the first tells the
// number of the second.
func syscallPages(word string) []Page {
	_, isNumber := numberOf(word)
	var pages []Page
	for _, arch := range names.Archs {
		pages = append(pages, syscallPagesOf(arch, word)...)
	}
	if !isNumber && len(pages) == 2 {
		pages = pages[:1]
	}
	return pages
}

func syscallPagesOf(arch names.Arch, word string) []Page {
	name := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(word), "sys_"), "__nr_") // SYS_execve, __NR_execve
	if n, isNumber := numberOf(word); isNumber {
		name = names.SyscallName(arch, n)
	}
	nr, ok := names.SyscallNumber(arch, name)
	if !ok {
		return nil
	}
	p := Page{Kind: "syscall", Title: fmt.Sprintf("%s is system call %d of %s", name, nr, arch),
		Text: "At its syscall-enter-stop the number is in orig_rax, and -38 in rax."}
	if args, known := names.SyscallArgs(arch, name); known {
		p.add("in C", fmt.Sprintf("%s(%s)", name, args))
	}
	number, registers := names.SyscallRegisters(arch)
	p.add("registers", fmt.Sprintf("the number in %s, the arguments in %s; the result in %s", number, strings.Join(registers, ", "), number))
	p.add("manual", "man 2 "+name)
	for _, other := range names.Archs {
		if nr, ok := names.SyscallNumber(other, name); ok && other != arch {
			p.add("on "+string(other), fmt.Sprintf("number %d", nr))
		}
	}
	return []Page{p}
}
