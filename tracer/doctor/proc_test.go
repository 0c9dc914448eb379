package doctor

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

const statusOfSleep = "Name:\tsleep\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t4211\nNgid:\t0\nPid:\t4211\nPPid:\t4100\n" +
	"TracerPid:\t77\nUid:\t1000\t0\t0\t0\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 24 \nKthread:\t0\n" +
	"CapPrm:\t000001fffeffffff\nCapEff:\t0000000000080000\nSeccomp:\t2\n"

var sleeping = status{
	Name: "sleep", State: 'S', Tgid: 4211, Pid: 4211, PPid: 4100, TracerPid: 77,
	UID: ids{1000, 0, 0, 0}, GID: ids{1000, 1000, 1000, 1000},
	CapPrm: 0x1fffeffffff, CapEff: sysPtrace, Seccomp: 2,
}

func TestParseStatus(t *testing.T) {
	without := func(line string) string {
		i := strings.Index(statusOfSleep, line)
		end := i + strings.Index(statusOfSleep[i:], "\n") + 1
		return statusOfSleep[:i] + statusOfSleep[end:]
	}
	with := func(change func(*status)) status {
		s := sleeping
		change(&s)
		return s
	}
	for _, c := range []struct {
		about, text string
		want        status
		fails       string
	}{
		{"all of it", statusOfSleep, sleeping, ""},
		{"before Linux 6.10", without("Kthread:"), with(func(s *status) { s.Kthread = unknown }), ""},
		{"a kernel without seccomp", without("Seccomp:"), with(func(s *status) { s.Seccomp = unknown }), ""},
		{"a newline and a backslash in the name", strings.Replace(statusOfSleep, "sleep", `a\n\\n`, 1),
			with(func(s *status) { s.Name = "a\n\\n" }), ""},
		{"a name that looks like a line", strings.Replace(statusOfSleep, "Name:\tsleep", "Name:\tUid:\t0", 1),
			with(func(s *status) { s.Name = "Uid:\t0" }), ""},
		{"no user", without("Uid:"), status{}, "no line Uid"},
		{"nothing", "", status{}, "no line"},
		{"no number", strings.Replace(statusOfSleep, "4100", "-1", 1), status{}, "PPid"},
		{"three ids", strings.Replace(statusOfSleep, "1000\t0\t0\t0", "1000\t0\t0", 1), status{}, "Uid"},
		{"no state", strings.Replace(statusOfSleep, "S (sleeping)", "", 1), status{}, "State"},
	} {
		got, err := parseStatus([]byte(c.text))
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: error %v, want one about %q", c.about, err, c.fails)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.about, got, c.want)
		}
	}
}

func TestParseStat(t *testing.T) {
	const rest = " S 1 2 3 0 -1 2097216 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n"
	for _, c := range []struct {
		text string
		want stat
		ok   bool
	}{
		{"2 (kthreadd)" + rest, stat{2, "kthreadd", 'S', 1, 2097216, 77}, true},
		{"7 (a) R (b)" + rest, stat{7, "a) R (b", 'S', 1, 2097216, 77}, true},
		{"7 (a\nb)" + rest, stat{7, "a\nb", 'S', 1, 2097216, 77}, true},
		{"7 ()" + rest, stat{7, "", 'S', 1, 2097216, 77}, true},
		{"7 (a" + rest, stat{}, false},
		{"7 )a(" + rest, stat{}, false},
		{"x (a)" + rest, stat{}, false},
		{"7 (a) S 1 2", stat{}, false},
		{"7 (a)" + strings.Replace(rest, "77", "x", 1), stat{}, false},
		{"", stat{}, false},
	} {
		got, err := parseStat([]byte(c.text))
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("parseStat(%q) = %+v, %v", c.text, got, err)
		}
	}
}

func TestParseUIDMap(t *testing.T) {
	for _, c := range []struct {
		text string
		want []idRange
		ok   bool
	}{
		{"         0          0 4294967295\n", []idRange{{0, 0, 4294967295}}, true},
		{"0 1000 1\n1 100000 65536\n", []idRange{{0, 1000, 1}, {1, 100000, 65536}}, true},
		{"", nil, true},
		{"0 1000\n", nil, false},
		{"0 -1 1\n", nil, false},
	} {
		got, err := parseUIDMap([]byte(c.text))
		if (err == nil) != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("parseUIDMap(%q) = %v, %v", c.text, got, err)
		}
	}
	ranges := []idRange{{0, 1000, 1}, {10, 100000, 5}}
	for id, want := range map[int]bool{0: true, 1: false, 9: false, 10: true, 14: true, 15: false, 65534: false} {
		if mapped(ranges, id) != want {
			t.Errorf("mapped(%d) = %t", id, !want)
		}
	}
}

func TestParseCaps(t *testing.T) {
	for _, c := range []struct {
		text string
		want caps
		name string
		ok   bool
	}{
		{"0000000000000000", 0, "no capability", true},
		{"0000000000080000", sysPtrace, "CAP_SYS_PTRACE", true},
		{"0000000000002400", 0x2400, "CAP_NET_BIND_SERVICE and 1 more", true},
		{"8000000000000000", 1 << 63, "capability 63", true},
		{"000001ffffffffff", 0x1ffffffffff, "CAP_CHOWN and 40 more", true},
		{"", 0, "no capability", false},
		{"-1", 0, "no capability", false},
	} {
		got, err := parseCaps(c.text)
		if (err == nil) != c.ok || c.ok && (got != c.want || got.String() != c.name) {
			t.Errorf("parseCaps(%q) = %#x (%v), %v", c.text, uint64(got), got, err)
		}
	}
}

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

func FuzzParseStatus(f *testing.F) {
	f.Add([]byte(statusOfSleep))
	if own, err := os.ReadFile("/proc/self/status"); err == nil {
		f.Add(own)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseStatus(text)
		if err == nil && (s.State == 0 || s.Pid < 0 || s.Tgid < 0 || s.PPid < 0 || s.TracerPid < 0) {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("7 (a) R (b) S 1 2 3 0 -1 2097216 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseStat(text)
		if err == nil && (s.Pid < 0 || s.PPid < 0 || !strings.Contains(string(text), "("+s.Comm+")")) {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

func FuzzParseUIDMap(f *testing.F) {
	f.Add([]byte("0 1000 1\n1 100000 65536\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ranges, err := parseUIDMap(text)
		for _, r := range ranges {
			if err != nil || r.Inside < 0 || r.Outside < 0 || r.Count < 0 || r.Count > 0 && !mapped(ranges, r.Inside) {
				t.Errorf("%q gives %+v, %v", text, r, err)
			}
		}
	})
}

func FuzzParseCaps(f *testing.F) {
	f.Add("000001fffeffffff")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCaps(text)
		if err == nil && (c.String() == "") {
			t.Errorf("%q has no name", text)
		}
	})
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
