package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/doctor"
	"ptwalk/tracer/names"
)

func numberOf(word string) (int64, bool) {
	n, err := strconv.ParseInt(word, 0, 64)
	return n, err == nil
}

// calledBy begins the sentence of a name: "EAGAIN is", or "EWOULDBLOCK is another
// name of EAGAIN, which is".
func calledBy(word, name string) string {
	if _, other := names.Alias(word); other {
		return fmt.Sprintf("%s is another name of %s, which is", strings.ToUpper(word), name)
	}
	return name + " is"
}

func requestPages(word string) []Page {
	r, ok := names.RequestByWord(word)
	if !ok {
		return nil
	}
	argument := func(name, means string) string {
		if means == "" {
			return "0"
		}
		return name
	}
	p := Page{Title: fmt.Sprintf("%s request %d, 0x%x", calledBy(word, r.Name), r.Number, r.Number), Text: r.Sentence}
	p.add("in C", fmt.Sprintf("ptrace(%s, pid, %s, %s)", r.Name, argument("addr", r.Addr), argument("data", r.Data)))
	p.add("addr", cmp.Or(r.Addr, "ignored"))
	p.add("data", cmp.Or(r.Data, "ignored"))
	p.add("asked of", r.State)
	for _, refusal := range names.Refusals {
		if refusal.Request == r.Name {
			p.add(names.ErrnoName(refusal.Errno), refusal.Sentence)
		}
	}
	return []Page{p}
}

func optionPages(word string) []Page {
	o, ok := names.OptionByWord(word)
	if !ok {
		return nil
	}
	return []Page{{Title: fmt.Sprintf("%s is bit 0x%x of the options", o.Name, o.Bit), Text: o.Sentence,
		Facts: []Fact{{"set by", "PTRACE_SETOPTIONS, or in the data of PTRACE_SEIZE"}}}}
}

func eventPages(word string) []Page {
	e, ok := names.EventByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s is event %d", e.Name, e.Number), Text: e.Sentence}
	p.add("message", e.Message)
	if s, ok := names.StopByName(e.Name + " stop"); ok {
		p.add("status", s.Status)
		p.add("next", s.Next)
	}
	return []Page{p}
}

func stopPages(word string) []Page {
	for _, name := range []string{word, word + "-stop", word + " stop"} {
		if s, ok := names.StopByName(name); ok {
			return []Page{{Title: s.Name + " is how wait4 reports it", Text: s.Sentence,
				Facts: []Fact{{"status", s.Status}, {"next", s.Next}}}}
		}
	}
	return nil
}

func signalPages(word string) []Page {
	s, ok := names.SignalByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s signal %d", calledBy(word, s.Name), s.Number), Text: s.Sentence}
	p.add("default", s.Default)
	if s.Name != "SIGKILL" {
		p.add("stop status", fmt.Sprintf("0x%04x", s.Number<<8|0x7f))
	}
	p.add("death status", fmt.Sprintf("0x%04x, and a shell says %d", s.Number, 128+s.Number))
	var codes []string
	for _, c := range names.SICodes {
		if c.Signal == s.Number && c.Code <= 0xff {
			codes = append(codes, fmt.Sprintf("%d %s", c.Code, c.Name))
		}
	}
	if len(codes) > 0 {
		p.add("its si_codes", strings.Join(codes, ", "))
	}
	return []Page{p}
}

func errnoPages(word string) []Page {
	e, ok := names.ErrnoByWord(word)
	if !ok {
		return nil
	}
	p := errnoPage(e)
	p.Title = fmt.Sprintf("%s errno %d, %q", calledBy(word, e.Name), e.Number, e.Text)
	return []Page{p}
}

// errnoPage names the requests whose errno says something of its own.
func errnoPage(e names.Errno) Page {
	p := Page{Title: fmt.Sprintf("%s is errno %d, %q", e.Name, e.Number, e.Text), Text: e.Sentence}
	var requests []string
	for _, r := range names.Refusals {
		if r.Errno == e.Number {
			requests = append(requests, strings.TrimPrefix(r.Request, "PTRACE_"))
		}
	}
	p.add("raw result", strconv.Itoa(-e.Number))
	if len(requests) > 0 {
		p.add("--request", strings.Join(requests, ", "))
	}
	return p
}

// codePages groups what a si_code means by its signal.
func codePages(word string) []Page {
	found := names.SICodesByWord(word)
	if len(found) == 0 {
		return nil
	}
	first := found[0]
	p := Page{Title: fmt.Sprintf("%s is si_code %d", first.Name, first.Code), Text: "PTRACE_GETSIGINFO reads it. It says why the signal was sent."}
	if slices.ContainsFunc(found, func(c names.SICode) bool { return c.Name != first.Name }) {
		p.Title = fmt.Sprintf("si_code %d depends on the signal", first.Code)
	}
	for _, c := range found {
		signal := "any signal"
		if c.Signal != 0 {
			signal = names.SignalName(c.Signal)
		}
		p.add(signal, c.Name+": "+c.Sentence)
	}
	return []Page{p}
}

func registerPages(word string) []Page {
	var pages []Page
	for _, r := range names.RegistersByWord(word) {
		p := Page{Title: fmt.Sprintf("%s is a register of %s programs", r.Name, r.Arch), Text: r.Sentence}
		if r.Arch == "x86-64" {
			for offset := uint64(0); offset < 27*8; offset += 8 {
				if w, ok := names.UserWordAt(offset); ok && w.Field == r.Name {
					p.add("offset", fmt.Sprintf("%d in the USER area, %s", offset, names.UserSpelling(offset)))
					p.add("in C", fmt.Sprintf("ptrace(PTRACE_PEEKUSER, pid, %s, 0)", names.UserSpelling(offset)))
				}
			}
		}
		pages = append(pages, p)
	}
	return pages
}

func syscallPages(word string) []Page {
	n, isNumber := numberOf(word)
	var pages []Page
	for _, arch := range names.Archs {
		name := strings.ToLower(word)
		if isNumber {
			name = names.SyscallName(arch, n)
		}
		nr, ok := names.SyscallNumber(arch, name)
		if !ok {
			continue
		}
		p := Page{Title: fmt.Sprintf("%s is system call %d of %s", name, nr, arch), Text: ""}
		args, known := names.SyscallArgs(arch, name)
		registers := "rdi, rsi, rdx, r10, r8, r9"
		if arch == "i386" {
			registers = "ebx, ecx, edx, esi, edi, ebp"
		}
		if known {
			p.add("in C", fmt.Sprintf("%s(%s)", name, args))
		}
		p.Text = "At its syscall-enter-stop the number is in orig_rax, and -38 in rax."
		p.add("arguments", "in "+registers)
		p.add("manual", "man 2 "+name)
		for _, other := range names.Archs {
			if nr, ok := names.SyscallNumber(other, name); ok && other != arch {
				p.add("on "+string(other), fmt.Sprintf("number %d", nr))
			}
		}
		pages = append(pages, p)
	}
	if !isNumber && len(pages) == 2 {
		pages = pages[:1] // the first tells the number of the second
	}
	return pages
}

func statusPages(word string) []Page {
	n, isNumber := numberOf(word)
	if !isNumber || n < 0 || n > 0xffffffff {
		return nil
	}
	stop := tracer.DecodeStatus(tracer.Status(n))
	if stop.Kind == tracer.Unknown {
		return nil
	}
	p := Page{Title: fmt.Sprintf("0x%04x is a wait status: %s", n, stop.Said()), Status: &stop}
	if s, ok := names.StopByName(stop.Name()); ok {
		p.Text = s.Sentence
		p.add("next", s.Next)
	}
	switch {
	case stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP:
		p.add("or", "the stop of execve, a step, a handler's beginning under steps, where no signal waits, an int3, or a syscall-stop without PTRACE_O_TRACESYSGOOD: PTRACE_GETSIGINFO tells")
	case stop.Kind == tracer.SignalDelivery && stop.Signal.Stops():
		p.add("or", "a group-stop of a tracee that was not seized: then PTRACE_GETSIGINFO fails with EINVAL")
	case stop.Kind == tracer.SyscallEnter:
		p.add("or", "the exit of the call: the status is the same, and PTRACE_GET_SYSCALL_INFO tells")
	case stop.Kind == tracer.Exited:
		p.add("in C", fmt.Sprintf("WIFEXITED, and WEXITSTATUS is %d", stop.ExitCode))
	case stop.Kind == tracer.Killed:
		p.add("in C", fmt.Sprintf("WIFSIGNALED, and WTERMSIG is %d", int(stop.Signal)))
	}
	return []Page{p}
}

// diagnosisPages explain a code of the doctor, with or without its brackets.
func diagnosisPages(word string) []Page {
	c, ok := doctor.CodeByName(strings.ToUpper(strings.Trim(word, "[]")))
	if !ok {
		return nil
	}
	p := Page{Title: c.Name + " is a diagnosis of ptwalk doctor", Text: c.Means}
	p.add("seen in", c.Seen)
	if c.Fix != "" {
		p.add("what helps", c.Fix)
	}
	return []Page{p}
}
