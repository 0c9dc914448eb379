package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ptwalk/lessons/stage"
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

func requestPages(word string) []page {
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
	p := page{"request", fmt.Sprintf("%s request %d, 0x%x", calledBy(word, r.Name), r.Number, r.Number), r.Sentence, nil, nil}
	p.facts = append(p.facts,
		[2]string{"in C", fmt.Sprintf("ptrace(%s, pid, %s, %s)", r.Name, argument("addr", r.Addr), argument("data", r.Data))},
		[2]string{"addr", cmp.Or(r.Addr, "ignored")},
		[2]string{"data", cmp.Or(r.Data, "ignored")},
		[2]string{"asked of", r.State})
	for _, refusal := range names.Refusals {
		if refusal.Request == r.Name {
			p.facts = append(p.facts, [2]string{names.ErrnoName(refusal.Errno), refusal.Sentence})
		}
	}
	return []page{p}
}

func optionPages(word string) []page {
	o, ok := names.OptionByWord(word)
	if !ok {
		return nil
	}
	return []page{{"option", fmt.Sprintf("%s is bit 0x%x of the options", o.Name, o.Bit), o.Sentence,
		[][2]string{{"set by", "PTRACE_SETOPTIONS, or in the data of PTRACE_SEIZE"}}, nil}}
}

func eventPages(word string) []page {
	e, ok := names.EventByWord(word)
	if !ok {
		return nil
	}
	p := page{"event", fmt.Sprintf("%s is event %d", e.Name, e.Number), e.Sentence, nil, nil}
	p.facts = append(p.facts, [2]string{"message", e.Message})
	if s, ok := names.StopByName(e.Name + " stop"); ok {
		p.facts = append(p.facts, [2]string{"status", s.Status}, [2]string{"next", s.Next})
	}
	return []page{p}
}

func stopPages(word string) []page {
	for _, name := range []string{word, word + "-stop", word + " stop"} {
		if s, ok := names.StopByName(name); ok {
			return []page{{"stop", s.Name + " is how wait4 reports it", s.Sentence,
				[][2]string{{"status", s.Status}, {"next", s.Next}}, nil}}
		}
	}
	return nil
}

func signalPages(word string) []page {
	s, ok := names.SignalByWord(word)
	if !ok {
		return nil
	}
	p := page{"signal", fmt.Sprintf("%s signal %d", calledBy(word, s.Name), s.Number), s.Sentence, nil, nil}
	p.facts = append(p.facts, [2]string{"default", s.Default})
	if s.Name != "SIGKILL" {
		p.facts = append(p.facts, [2]string{"stop status", fmt.Sprintf("0x%04x", s.Number<<8|0x7f)})
	}
	p.facts = append(p.facts, [2]string{"death status", fmt.Sprintf("0x%04x, and a shell says %d", s.Number, 128+s.Number)})
	var codes []string
	for _, c := range names.SICodes {
		if c.Signal == s.Number && c.Code <= 0xff {
			codes = append(codes, fmt.Sprintf("%d %s", c.Code, c.Name))
		}
	}
	if len(codes) > 0 {
		p.facts = append(p.facts, [2]string{"its si_codes", strings.Join(codes, ", ")})
	}
	return []page{p}
}

func errnoPages(word string) []page {
	e, ok := names.ErrnoByWord(word)
	if !ok {
		return nil
	}
	p := errnoPage(e)
	p.title = fmt.Sprintf("%s errno %d, %q", calledBy(word, e.Name), e.Number, e.Text)
	return []page{p}
}

// errnoPage names the requests whose errno says something of its own.
func errnoPage(e names.Errno) page {
	p := page{"errno", fmt.Sprintf("%s is errno %d, %q", e.Name, e.Number, e.Text), e.Sentence, nil, nil}
	var requests []string
	for _, r := range names.Refusals {
		if r.Errno == e.Number {
			requests = append(requests, strings.TrimPrefix(r.Request, "PTRACE_"))
		}
	}
	p.facts = append(p.facts, [2]string{"raw result", strconv.Itoa(-e.Number)})
	if len(requests) > 0 {
		p.facts = append(p.facts, [2]string{"--request", strings.Join(requests, ", ")})
	}
	return p
}

// codePages groups what a si_code means by its signal.
func codePages(word string) []page {
	found := names.SICodesByWord(word)
	if len(found) == 0 {
		return nil
	}
	first := found[0]
	p := page{"code", fmt.Sprintf("%s is si_code %d", first.Name, first.Code), "PTRACE_GETSIGINFO reads it. It says why the signal was sent.", nil, nil}
	if slices.ContainsFunc(found, func(c names.SICode) bool { return c.Name != first.Name }) {
		p.title = fmt.Sprintf("si_code %d depends on the signal", first.Code)
	}
	for _, c := range found {
		signal := "any signal"
		if c.Signal != 0 {
			signal = names.SignalName(c.Signal)
		}
		p.facts = append(p.facts, [2]string{signal, c.Name + ": " + c.Sentence})
	}
	return []page{p}
}

func registerPages(word string) []page {
	var pages []page
	for _, r := range names.RegistersByWord(word) {
		p := page{"register", fmt.Sprintf("%s is a register of %s programs", r.Name, r.Arch), r.Sentence, nil, nil}
		if r.Arch == "x86-64" {
			for offset := uint64(0); offset < 27*8; offset += 8 {
				if w, ok := names.UserWordAt(offset); ok && w.Field == r.Name {
					p.facts = append(p.facts,
						[2]string{"offset", fmt.Sprintf("%d in the USER area, %s", offset, names.UserSpelling(offset))},
						[2]string{"in C", fmt.Sprintf("ptrace(PTRACE_PEEKUSER, pid, %s, 0)", names.UserSpelling(offset))})
				}
			}
		}
		pages = append(pages, p)
	}
	return pages
}

func syscallPages(word string) []page {
	n, isNumber := numberOf(word)
	var pages []page
	for _, arch := range names.Archs {
		name := strings.ToLower(word)
		if isNumber {
			name = names.SyscallName(arch, n)
		}
		nr, ok := names.SyscallNumber(arch, name)
		if !ok {
			continue
		}
		p := page{"syscall", fmt.Sprintf("%s is system call %d of %s", name, nr, arch), "", nil, nil}
		args, known := names.SyscallArgs(arch, name)
		registers := "rdi, rsi, rdx, r10, r8, r9"
		if arch == "i386" {
			registers = "ebx, ecx, edx, esi, edi, ebp"
		}
		if known {
			p.facts = append(p.facts, [2]string{"in C", fmt.Sprintf("%s(%s)", name, args)})
		}
		p.text = "At its syscall-enter-stop the number is in orig_rax, and -38 in rax."
		p.facts = append(p.facts, [2]string{"arguments", "in " + registers}, [2]string{"manual", "man 2 " + name})
		for _, other := range names.Archs {
			if nr, ok := names.SyscallNumber(other, name); ok && other != arch {
				p.facts = append(p.facts, [2]string{"on " + string(other), fmt.Sprintf("number %d", nr)})
			}
		}
		pages = append(pages, p)
	}
	if !isNumber && len(pages) == 2 {
		pages = pages[:1] // the first tells the number of the second
	}
	return pages
}

func statusPages(word string) []page {
	n, isNumber := numberOf(word)
	if !isNumber || n < 0 || n > 0xffffffff {
		return nil
	}
	stop := tracer.DecodeStatus(tracer.Status(n))
	if stop.Kind == tracer.Unknown {
		return nil
	}
	p := page{"status", fmt.Sprintf("0x%04x is a wait status: %s", n, statusMeans(stop)), "", nil, &stage.StopEvent{Stop: stop}}
	if s, ok := names.StopByName(stop.Name()); ok {
		p.text = s.Sentence
		p.facts = append(p.facts, [2]string{"next", s.Next})
	}
	switch {
	case stop.Kind == tracer.SignalDelivery && stop.Signal == tracer.SIGTRAP:
		p.facts = append(p.facts, [2]string{"or", "the stop of execve, a step, a handler's beginning under steps, where no signal waits, an int3, or a syscall-stop without PTRACE_O_TRACESYSGOOD: PTRACE_GETSIGINFO tells"})
	case stop.Kind == tracer.SignalDelivery && stop.Signal.Stops():
		p.facts = append(p.facts, [2]string{"or", "a group-stop of a tracee that was not seized: then PTRACE_GETSIGINFO fails with EINVAL"})
	case stop.Kind == tracer.SyscallEnter:
		p.facts = append(p.facts, [2]string{"or", "the exit of the call: the status is the same, and PTRACE_GET_SYSCALL_INFO tells"})
	case stop.Kind == tracer.Exited:
		p.facts = append(p.facts, [2]string{"in C", fmt.Sprintf("WIFEXITED, and WEXITSTATUS is %d", stop.ExitCode)})
	case stop.Kind == tracer.Killed:
		p.facts = append(p.facts, [2]string{"in C", fmt.Sprintf("WIFSIGNALED, and WTERMSIG is %d", int(stop.Signal))})
	}
	return []page{p}
}

// statusMeans is the status in a few words.
func statusMeans(stop tracer.Stop) string {
	switch stop.Kind {
	case tracer.Exited:
		return fmt.Sprintf("exited with %d", stop.ExitCode)
	case tracer.Killed:
		return fmt.Sprintf("killed by %v", stop.Signal)
	case tracer.SignalDelivery, tracer.GroupStop:
		return fmt.Sprintf("%s by %v", stop.Name(), stop.Signal)
	}
	return stop.Name()
}

// diagnosisPages explain a code of the doctor, with or without its brackets.
func diagnosisPages(word string) []page {
	c, ok := doctor.CodeByName(strings.ToUpper(strings.Trim(word, "[]")))
	if !ok {
		return nil
	}
	p := page{"diagnosis", c.Name + " is a diagnosis of ptwalk doctor", c.Means, [][2]string{{"seen in", c.Seen}}, nil}
	if c.Fix != "" {
		p.facts = append(p.facts, [2]string{"what helps", c.Fix})
	}
	return []page{p}
}
