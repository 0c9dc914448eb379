package explain

import (
	"slices"
	"strings"

	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

// wordsToTry is the page of explain alone.
func wordsToTry() Page {
	p := Page{Kind: "word", Title: "Whatever stands on your screen can be explained",
		Text: "A word, a number, an error text, or a whole line of strace or gdb. These are some to try; a kind before the word narrows it: `ptwalk explain errno 11`."}
	for _, t := range []Fact{
		{"request", "PTRACE_SEIZE, peekuser, 0x4206"},
		{"status", "0x857f, 0x80137f, 0x000b"},
		{"errno", "EPERM, -38, \"No such process\""},
		{"signal", "SIGTRAP, 11, \"Segmentation fault\""},
		{"code", "TRAP_BRKPT, SI_KERNEL"},
		{"option", "TRACESYSGOOD, 0x100000"},
		{"event", "EVENT_CLONE"},
		{"stop", "group-stop, syscall-exit-stop"},
		{"register", "rdi, edi, ORIG_RAX"},
		{"syscall", "execve, 59; of the other table: i386 11"},
		{"macro", "WIFSTOPPED, __WALL"},
		{"word", "tracee, breakpoint, trap flag, zombie"},
		{"diagnosis", "PT-YAMA-1"},
		{"a line", "strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted"},
		{"of a request", "EIO --request PEEKUSER"},
	} {
		p.add(t.Name, t.Is)
	}
	return p
}

// withMembers lists the words of a kind on its page.
func withMembers(p Page, kind string) Page {
	kind = strings.ToLower(kind)
	if kind == "syscall" || kind == "system call" {
		p.add("some are", "read, write, execve, clone, wait4, ptrace; by number: ptwalk explain syscall 59, or i386 11")
	}
	if all := members(kind); len(all) > 0 {
		they := "they are"
		if kind == "macro" {
			they = "some are"
		}
		p.add(they, strings.Join(all, ", "))
	}
	return p
}

// family is the prefix of a constant that stands for others on the page of all, since
// there are hundreds: "CLONE_", "DW_TAG_".
func family(name string) string {
	first, rest, ok := strings.Cut(name, "_")
	if !ok || first == "" {
		return ""
	}
	if second, _, ok := strings.Cut(rest, "_"); ok && first == "DW" {
		return first + "_" + second + "_"
	}
	return first + "_"
}

// members are the words of a kind that a page has room for.
func members(kind string) (all []string) {
	switch kind {
	case "request":
		for _, r := range names.Requests {
			all = append(all, strings.TrimPrefix(r.Name, "PTRACE_"))
		}
	case "option":
		for _, o := range names.Options {
			all = append(all, o.Name)
		}
	case "event":
		for _, e := range names.Events {
			all = append(all, e.Name)
		}
	case "stop":
		for _, s := range names.Stops {
			all = append(all, s.Name)
		}
	case "signal":
		for _, s := range names.Signals {
			all = append(all, s.Name)
		}
	case "errno":
		for _, e := range names.Errnos {
			if e.Sentence != "" {
				all = append(all, e.Name)
			}
		}
	case "code":
		for _, c := range names.SICodes {
			if (c.Signal == 0 || c.Signal == 5) && c.Code <= 0xff && !slices.Contains(all, c.Name) {
				all = append(all, c.Name)
			}
		}
	case "register":
		for _, r := range names.Registers(names.X8664) {
			all = append(all, r.Name)
		}
	case "macro":
		families := map[string]bool{}
		for _, m := range names.Macros {
			if f := family(m.Name); f == "" || !families[f] {
				families[f] = true
				all = append(all, m.Name)
			}
		}
	case "word":
		for _, t := range names.Terms {
			all = append(all, t.Word)
		}
	case "diagnosis":
		for _, c := range doctor.Codes {
			all = append(all, c.Name)
		}
	}
	return all
}
