package doctor

import (
	"reflect"
	"strings"
	"testing"
)

func TestEmulatorShowsByForeignMarks(t *testing.T) {
	const arm, x86 = "processor\t: 0\nCPU implementer\t: 0x61\n", "processor\t: 0\nvendor_id\t: AuthenticAMD\n"
	for _, c := range []struct {
		arch, cpuinfo string
		handlers      []string
		want          string
	}{
		{"amd64", x86, []string{"register", "status", "qemu-aarch64"}, ""},
		{"amd64", arm, nil, "qemu-user"},
		{"amd64", "vendor_id\t: VirtualApple\n", nil, "Rosetta"},
		{"amd64", x86, []string{"rosetta"}, "Rosetta"},
		{"amd64", "", []string{"qemu-x86_64"}, "qemu-user"},
		{"arm64", arm, []string{"qemu-x86_64", "rosetta"}, ""},
		{"arm64", x86, nil, "qemu-user"},
		{"riscv64", x86, nil, ""},
	} {
		if got := emulator(c.arch, []byte(c.cpuinfo), c.handlers); got != c.want {
			t.Errorf("emulator(%s, %q, %q) = %q, want %q", c.arch, c.cpuinfo, c.handlers, got, c.want)
		}
	}
}

func TestParseLists(t *testing.T) {
	if got := parseLSMs([]byte("lockdown,capability,yama\n")); !reflect.DeepEqual(got, []string{"lockdown", "capability", "yama"}) {
		t.Errorf("parseLSMs: %q", got)
	}
}

func FuzzSurroundings(f *testing.F) {
	f.Add("vendor_id\t: AuthenticAMD\n", "rosetta", "5.15.153.1-microsoft-standard-WSL2", "0::/docker/1\n", "lockdown,yama\n")
	f.Add("CPU implementer\t: 0x61\n", "qemu-x86_64", "", "", "")
	f.Fuzz(func(t *testing.T, cpuinfo, handler, release, cgroup, lsm string) {
		found := []string{emulator("amd64", []byte(cpuinfo), []string{handler}),
			container(func(string) bool { return false }, func(string) string { return cgroup }, cgroup)}
		for _, text := range found {
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%q would reach the terminal", text)
			}
		}
		if n := wsl(release); n < 0 || n > 2 {
			t.Errorf("wsl(%q) = %d", release, n)
		}
		for _, name := range parseLSMs([]byte(lsm)) {
			if name == "" || strings.ContainsAny(name, ", \n") {
				t.Errorf("%q has a module %q", lsm, name)
			}
		}
	})
}
