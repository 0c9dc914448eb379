package names_test

import (
	"cmp"
	"strings"
	"testing"

	"ptwalk/tracer/names"
)

func TestTerms(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for _, term := range names.Terms {
		if cmp.Compare(strings.ToLower(term.Word), last) <= 0 {
			t.Errorf("%s comes after %s", term.Word, last)
		}
		last = strings.ToLower(term.Word)
		paragraph(t, term.Word, term.Text)
		ascii(t, term.Word, term.See)
		if term.See == "" {
			t.Errorf("%s: no place to read more", term.Word)
		}
		for _, word := range append([]string{term.Word}, term.Also...) {
			if seen[strings.ToLower(word)] && !strings.EqualFold(word, term.Word) {
				t.Errorf("%q is there twice", word)
			}
			seen[strings.ToLower(word)] = true
			if got, ok := names.TermByWord(strings.ToUpper(word)); !ok || got.Word != term.Word {
				t.Errorf("TermByWord(%q) = %v, %v, want %s", word, got, ok, term.Word)
			}
		}
	}
}

// paragraph checks what sentence does, of a text of two sentences or three.
func paragraph(t *testing.T, of, text string) {
	t.Helper()
	ascii(t, of, text)
	if !strings.HasSuffix(text, ".") || len(text) > 260 {
		t.Errorf("%s: no full stop, or %d characters, more than 260: %q", of, len(text), text)
	}
}

func TestMacros(t *testing.T) {
	seen := unique{}
	for _, m := range names.Macros {
		seen.add(t, m.Name)
		sentence(t, m.Name, m.Sentence)
		if m.Header == "" || m.Of != "" && m.Value != 0 {
			t.Errorf("%s: no header, or a value beside its argument", m.Name)
		}
		if got, ok := names.MacroByWord(strings.ToLower(m.Name)); !ok || got != m {
			t.Errorf("MacroByWord(%s) = %v, %v", m.Name, got, ok)
		}
	}
	if m, ok := names.MacroByWord("0x40000000"); !ok || m.Name != "__WALL" {
		t.Errorf("0x40000000 is %v, %v", m, ok)
	}
	if m, ok := names.MacroByWord("4"); ok {
		t.Errorf("4 is %v: small numbers mean too much", m)
	}
}

func TestRegisterParts(t *testing.T) {
	for name, of := range map[string]string{
		"edi": "rdi", "EAX": "rax", "ax": "rax", "al": "rax", "ah": "rax", "sil": "rsi", "bpl": "rbp", "r8d": "r8", "r15b": "r15", "r10w": "r10",
	} {
		part, ok := names.RegisterPart(name)
		if !ok || part.Of != of {
			t.Errorf("%s is a part of %q, %v, want %s", name, part.Of, ok, of)
		}
		sentence(t, name, part.Sentence)
	}
	for _, name := range []string{"", "rdi", "r8", "r7d", "r16d", "r08d", "r8q", "rip", "xmm0", "r", "rd"} {
		if part, ok := names.RegisterPart(name); ok {
			t.Errorf("%q is %v", name, part)
		}
	}
	for _, arch := range names.Archs {
		number, arguments := names.SyscallRegisters(arch)
		for _, r := range append(arguments, number, "orig_"+number) {
			found := false
			for _, have := range names.Registers(arch) {
				found = found || have.Name == r
			}
			if !found {
				t.Errorf("%s has no register %s", arch, r)
			}
		}
		if len(arguments) != 6 {
			t.Errorf("%s: %d arguments", arch, len(arguments))
		}
	}
}

func TestSignalByWord(t *testing.T) {
	for word, want := range map[string]string{
		"segmentation fault": "SIGSEGV", "Trace/breakpoint trap": "SIGTRAP", "0x05": "SIGTRAP",
		"SIGRTMAX-1": "SIGRTMIN+31", "rtmax-32": "SIGRTMIN", "64": "SIGRTMAX", "SIGRTMIN+3": "SIGRTMIN+3",
	} {
		s, ok := names.SignalByWord(word)
		if !ok || s.Name != want {
			t.Errorf("SignalByWord(%q) = %v, %v, want %s", word, s, ok, want)
		}
		sentence(t, word, s.Sentence)
	}
	for _, s := range names.Signals {
		if ends := s.Name != "SIGCHLD" && s.Name != "SIGCONT" && s.Name != "SIGSTOP" && s.Name != "SIGTSTP" && s.Name != "SIGTTIN" &&
			s.Name != "SIGTTOU" && s.Name != "SIGURG" && s.Name != "SIGWINCH"; s.Ends() != ends {
			t.Errorf("%s: Ends says %v", s.Name, s.Ends())
		}
	}
}
