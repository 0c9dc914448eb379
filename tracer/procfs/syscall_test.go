package procfs

import "testing"

func TestParseSyscall(t *testing.T) {
	for _, c := range []struct {
		text string
		want Syscall
		ok   bool
	}{
		{"58 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd0 0x401000\n", Syscall{58, [6]uint64{1, 2, 3, 4, 5, 6}}, true},
		{"56 0x4111 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n", Syscall{56, [6]uint64{0x4111}}, true},
		{"-1 0x7ffd0 0x401000\n", Syscall{Nr: -1}, true},
		{"running\n", Syscall{}, false},
		{"58 0x1 0x2\n", Syscall{}, false},
		{"58 0x1 0x2 0x3 0x4 x 0x6 0x7ffd0 0x401000\n", Syscall{}, false},
		{"x 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd0 0x401000\n", Syscall{}, false},
		{"", Syscall{}, false},
	} {
		if got, err := ParseSyscall(c.text); (err == nil) != c.ok || c.ok && got != c.want {
			t.Errorf("ParseSyscall(%q) = %+v, %v", c.text, got, err)
		}
	}
}

func FuzzParseSyscall(f *testing.F) {
	f.Add("58 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd0 0x401000\n")
	f.Add("running\n")
	f.Fuzz(func(t *testing.T, text string) {
		if call, err := ParseSyscall(text); err == nil && call.Nr < 0 && call.Args != [6]uint64{} {
			t.Errorf("%q gives %+v", text, call)
		}
	})
}

func TestField(t *testing.T) {
	const text = "Name:\tState:\tx\nState:\tS (sleeping)\nThreads:\t2\n"
	for name, want := range map[string]string{"Name": "State:\tx", "State": "S (sleeping)", "Threads": "2", "Stat": "", "": ""} {
		if got := field(text, name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
