package explain

import (
	"fmt"
	"slices"
	"strings"

	"ptwalk/tracer/names"
)

func signalPages(word string) []Page {
	s, ok := names.SignalByWord(word)
	if !ok {
		return nil
	}
	p := Page{Title: fmt.Sprintf("%s signal %d, %q", calledBy(word, s.Name), s.Number, s.Text), Text: s.Sentence}
	p.add("default", s.Default)
	if s.Name != "SIGKILL" {
		p.add("stop status", fmt.Sprintf("0x%04x", s.Number<<8|0x7f))
	}
	if s.Ends() {
		p.add("death status", fmt.Sprintf("0x%04x, and a shell says %d", s.Number, 128+s.Number))
	}
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
