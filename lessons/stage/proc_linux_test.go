package stage

import (
	"os"
	"strings"
	"testing"

	"ptwalk/tracer"
)

func TestBlockedIn(t *testing.T) {
	const vfork = "58 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd0 0x401000\n"
	for _, c := range []struct {
		text, children string
		arch           tracer.Arch
		want           string
	}{
		{vfork, "4212 ", tracer.X8664, "vfork, waits for 4212"},
		{vfork, "4210 4212 ", tracer.X8664, "vfork, waits for 4212"},
		{vfork, "", tracer.X8664, "vfork"},
		{"190 0x0 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n", "7 ", tracer.I386, "vfork, waits for 7"},
		{"56 0x4111 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n", "7 ", tracer.X8664, "clone, waits for 7"},
		{"56 0x11 0x0 0x0 0x0 0x0 0x0 0x0 0x0\n", "7 ", tracer.X8664, "clone"},
		{"35 0x7ffd0 0x0 0x0 0x0 0x0 0x0 0x7ffd0 0x401000\n", "7 ", tracer.X8664, "nanosleep"},
		{"running\n", "", tracer.X8664, ""},
		{"-1 0x7ffd0 0x401000\n", "", tracer.X8664, ""},
		{"99999 0x0\n", "", tracer.X8664, ""},
		{"", "", tracer.X8664, ""},
		{vfork, "", "", ""},
	} {
		if got := parseBlockedIn(c.text, c.children, c.arch); got != c.want {
			t.Errorf("parseBlockedIn(%q, %q, %q) = %q, want %q", c.text, c.children, c.arch, got, c.want)
		}
	}
}

func FuzzBlockedIn(f *testing.F) {
	f.Add("58 0x1 0x2\n", "4212 ", "x86-64")
	f.Add("running\n", "", "i386")
	f.Fuzz(func(t *testing.T, text, children, arch string) {
		got := parseBlockedIn(text, children, tracer.Arch(arch))
		call, child, waits := strings.Cut(got, ", waits for ")
		if strings.ContainsAny(call, " \n") || waits && !strings.Contains(children, child) {
			t.Errorf("%q, %q gives %q", text, children, got)
		}
	})
}

func FuzzStatusField(f *testing.F) {
	if own, err := os.ReadFile("/proc/self/status"); err == nil {
		f.Add(string(own), "State")
	}
	f.Add("Name:\ta\nState:\tS (sleeping)\n", "Name")
	f.Fuzz(func(t *testing.T, text, field string) {
		if got := statusField(text, field); strings.Contains(got, "\n") || !strings.Contains(text, got) {
			t.Errorf("%q of %q is %q", field, text, got)
		}
	})
}
