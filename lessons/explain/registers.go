package explain

import (
	"fmt"
	"strings"

	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// registerPages are those of a name, and those of an offset in the USER area.
func registerPages(word string) []Page {
	var pages []Page
	for _, arch := range names.Archs {
		pages = append(pages, registerPagesOf(arch, word)...)
	}
	return append(pages, offsetPages(word)...)
}

// registerPagesOf are those of one architecture. A part of a register of x86-64 can
// have the name of a whole one of i386.
func registerPagesOf(arch names.Arch, word string) []Page {
	var pages []Page
	if part, ok := names.RegisterPart(word); ok && arch == names.X8664 {
		p := Page{Title: fmt.Sprintf("%s is a part of %s in x86-64 programs", part.Name, part.Of), Text: part.Sentence}
		for _, r := range names.RegistersByWord(part.Of) {
			p.add(r.Name, r.Sentence)
		}
		pages = append(pages, conventions(p, arch, part.Of))
	}
	for _, r := range names.RegistersByWord(word) {
		if r.Arch != arch {
			continue
		}
		p := Page{Title: fmt.Sprintf("%s is a register of %s programs", r.Name, r.Arch), Text: r.Sentence}
		if offset, ok := offsetOf(r.Name); ok && arch == names.X8664 {
			p.add("offset", fmt.Sprintf("%d in the USER area, %s", offset, names.UserSpelling(offset)))
			p.add("in C", fmt.Sprintf("ptrace(PTRACE_PEEKUSER, pid, %s, NULL)", names.UserSpelling(offset)))
		}
		pages = append(pages, conventions(p, arch, r.Name))
	}
	return pages
}

// conventions adds how a system call uses the registers, where this is one of them.
func conventions(p Page, arch names.Arch, register string) Page {
	number, arguments := names.SyscallRegisters(arch)
	for _, r := range append([]string{number, "orig_" + number}, arguments...) {
		if r == register {
			p.add("in a system call", fmt.Sprintf("the number is in %s, the arguments are in %s; the result comes in %s",
				number, strings.Join(arguments, ", "), number))
		}
	}
	return p
}

func offsetOf(field string) (uint64, bool) {
	for _, w := range names.UserArea {
		if w.Field == field && w.Offset < user.SizeC {
			return w.Offset, true
		}
	}
	return 0, false
}

// offsetPages are those of "120", "8*ORIG_RAX", "u_debugreg[7]" and "offsetof(struct
// user, u_debugreg[7])". Registers have pages of their own.
func offsetPages(word string) []Page {
	n, isNumber := numberOf(word)
	for _, w := range names.UserArea {
		spelled := names.UserSpelling(w.Offset)
		switch {
		case isNumber && n >= 0 && w.Offset == uint64(n) && (n > 0 || strings.HasPrefix(word, "8*")):
		case !isNumber && w.Name == "" && (strings.EqualFold(word, w.Field) || strings.EqualFold(word, spelled)):
		default:
			continue
		}
		p := Page{Title: fmt.Sprintf("Offset %d of the USER area is %s", w.Offset, w.Field), Text: w.Sentence}
		if w.Offset < user.SizeC {
			p.add("in C", fmt.Sprintf("ptrace(PTRACE_PEEKUSER, pid, %s, NULL)", spelled))
		}
		return []Page{p}
	}
	return nil
}
