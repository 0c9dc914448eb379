package sentencecheck

import (
	"strings"
	"testing"
)

// add is "add eax, ebx" at 0x401000, with 3 and 4.
func add34() *Step {
	return &Step{Arch: "x86-64", Addr: 0x401000, Code: []byte{0x01, 0xd8}, Text: "add eax, ebx",
		Before: map[string]uint64{"rax": 3, "rbx": 4, "rip": 0x401000, "eflags": 0x202, "cs": 0x33},
		After:  map[string]uint64{"rax": 7, "rbx": 4, "rip": 0x401002, "eflags": 0x202, "cs": 0x33}}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		meaning string
		change  func(s *Step)
		wrong   string // part of what is found, or "" for a true sentence
	}{
		{"eax becomes 7: 3 + 4.", nil, ""},
		{"eax becomes 8: 3 + 4.", nil, "eax is 0x7 after, not 8"},
		{"eax becomes 7: 3 + 5.", nil, "ebx is 0x4 before, not 5"},
		{"eax becomes 7: 4 + 3.", nil, "eax is 0x3 before, not 4"},
		{"eax becomes 7: 3 - 4.", nil, "add"},
		{"ebx becomes 7: 3 + 4.", nil, "operand 0"},
		{"al becomes 7: 3 + 4.", nil, "operand 0"},
		{"eax becomes 7: 3 + 4, cut to 32 bits.", nil, "nothing is cut"},
		{"eax becomes 7: 3 + 4.", func(s *Step) { s.Before["rax"] |= 1 << 40 }, "the upper half of rax becomes 0, which is not told"},
		{"eax becomes 7: 3 + 4; the upper half of rax becomes 0.", func(s *Step) { s.Before["rax"] |= 1 << 40 }, ""},
		{"eax becomes 7: 3 + 4; the upper half of rax becomes 0.", nil, "was 0x0 before"},
		{"Changes rax to 0x7.", nil, ""},
		{"Changes rax to 0x7 and the flags.", nil, "the flags"},
		{"Changes no general register.", nil, "rax has changed"},
		{"Changes rax to 0x7.", func(s *Step) { s.After["rcx"] = 1 }, "2 registers have changed"},
		{"eax likes 7.", nil, "not understood"},
		{"", nil, "not understood"},

		// The address is that of the bytes, and the size that of the text.
		{"4 is added to the 4 bytes at 0x402004.", inMemory, ""},
		{"4 is added to the 4 bytes at 0x402000.", inMemory, "the address is 0x402004"},
		{"4 is added to the 8 bytes at 0x402004.", inMemory, "4 bytes, not 8"},
		{"4 is added to the 4 bytes at 0x402004.", func(s *Step) {
			inMemory(s)
			s.Memory = func(_ uint64, n int, after bool) ([]byte, bool) { return make([]byte, n), true }
		}, "memory held 0x0 and holds 0x0"},
	} {
		s := add34()
		s.Meaning = test.meaning
		if test.change != nil {
			test.change(s)
		}
		wrong := strings.Join(Check(s), "; ")
		if wrong == "" && test.wrong != "" || !strings.Contains(wrong, test.wrong) || wrong != "" && test.wrong == "" {
			t.Errorf("%q: %q, want %q", test.meaning, wrong, test.wrong)
		}
	}
}

// inMemory makes it "add dword ptr [rdi+0x4], ebx".
func inMemory(s *Step) {
	s.Code, s.Text = []byte{0x01, 0x5f, 0x04}, "add dword ptr [rdi+0x4], ebx"
	s.Before["rdi"], s.After["rdi"] = 0x402000, 0x402000
	s.After["rax"], s.After["rip"] = 3, 0x401003
}

func TestStream(t *testing.T) {
	const first = `{"kind":"regs","tid":7,"arch":"x86-64","regs":{"rax":"0x3","rbx":"0x4","rip":"0x401000","cs":"0x33","eflags":"0x202"}}`
	const stepped = `{"kind":"instruction","tid":7,"addr":"0x401000","bytes":"01d8","text":"add eax, ebx","meaning":"MEANING"}`
	const after = `{"kind":"regs","tid":7,"arch":"x86-64","regs":{"rax":"0x7","rbx":"0x4","rip":"0x401002","cs":"0x33","eflags":"0x202"}}`
	for _, test := range []struct {
		name   string
		lines  []string
		totals Totals
	}{
		{"true", []string{first, strings.Replace(stepped, "MEANING", "eax becomes 7: 3 + 4.", 1), after}, Totals{1, 1, 0, 0}},
		{"wrong", []string{first, strings.Replace(stepped, "MEANING", "eax becomes 7: 3 + 5.", 1), after}, Totals{1, 1, 0, 1}},
		{"nothing is known of before", []string{strings.Replace(stepped, "MEANING", "eax becomes 7: 3 + 4.", 1), after}, Totals{1, 0, 1, 0}},
		{"not executed", []string{first, strings.Replace(stepped, "MEANING", "Not executed yet: SIGINT is about to be delivered.", 1), first}, Totals{1, 0, 1, 0}},
		{"another thread", []string{first, strings.Replace(strings.Replace(stepped, "MEANING", "eax becomes 7: 3 + 4.", 1), `"tid":7`, `"tid":8`, 1), after}, Totals{1, 0, 1, 0}},
		{"the last instruction", []string{
			strings.Replace(first, `"0x3"`, `"0x3c"`, 1),
			`{"kind":"instruction","tid":7,"addr":"0x401000","bytes":"0f05","text":"syscall","meaning":"The kernel runs system call 60, exit: status 1."}`,
		}, Totals{1, 1, 0, 1}}, // rdi is not 1
	} {
		got, err := Stream(strings.NewReader(strings.Join(test.lines, "\n")), func(int, *Step, []string) {})
		if err != nil || got != test.totals {
			t.Errorf("%s: %+v, %v; want %+v", test.name, got, err, test.totals)
		}
	}
	if _, err := Stream(strings.NewReader("no event"), nil); err == nil {
		t.Error("a line that is no event is an error")
	}
}

// Whatever the bytes, the text and the sentence: no panic.
func FuzzCheck(f *testing.F) {
	for _, meaning := range []string{"eax becomes 7: 3 + 4.", "4 is added to the 4 bytes at 0x402004.", "Jumps to 0x5, because SF and OF differ.",
		"The number in the 4 bytes at 0x5 is rotated left by 3 bits.", "Bit 3 of eax (8) is 1, so CF is set.", "edx:eax becomes 5: eax (1) times ebx (5), signed.",
		"; the upper hal", "Compares 0x0 with the byte at 0x5: they differ; 0 remain in rcx."} {
		f.Add([]byte{0x66, 0x67, 0x01, 0x5f, 0x04}, "rep add dword ptr [rdi+0x4], ebx", meaning, uint64(5), false)
	}
	f.Fuzz(func(t *testing.T, code []byte, text, meaning string, v uint64, narrow bool) {
		s := add34()
		s.Code, s.Text, s.Meaning = code, text, meaning
		if narrow {
			s.Arch = "i386"
		}
		for _, name := range []string{"rax", "rbx", "rcx", "rdi", "rsp"} {
			s.After[name] = v
		}
		s.Memory = func(_ uint64, n int, _ bool) ([]byte, bool) { return make([]byte, min(n, 64)), n <= 64 }
		Check(s)
	})
}
