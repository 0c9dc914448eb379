package procfs

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

const statusOfSleep = "Name:\tsleep\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t4211\nNgid:\t0\nPid:\t4211\nPPid:\t4100\n" +
	"TracerPid:\t77\nUid:\t1000\t0\t0\t0\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 24 \nKthread:\t0\n" +
	"CapPrm:\t000001fffeffffff\nCapEff:\t0000000000080000\nSeccomp:\t2\n"

var sleeping = Status{
	Name: "sleep", State: 'S', Tgid: 4211, Pid: 4211, PPid: 4100, TracerPid: 77,
	UID: IDs{1000, 0, 0, 0}, GID: IDs{1000, 1000, 1000, 1000},
	CapPrm: 0x1fffeffffff, CapEff: CapSysPtrace, Seccomp: 2,
}

func TestParseStatus(t *testing.T) {
	without := func(line string) string {
		i := strings.Index(statusOfSleep, line)
		end := i + strings.Index(statusOfSleep[i:], "\n") + 1
		return statusOfSleep[:i] + statusOfSleep[end:]
	}
	with := func(change func(*Status)) Status {
		s := sleeping
		change(&s)
		return s
	}
	for _, c := range []struct {
		about, text string
		want        Status
		fails       string
	}{
		{"all of it", statusOfSleep, sleeping, ""},
		{"before Linux 6.10", without("Kthread:"), with(func(s *Status) { s.Kthread = Unknown }), ""},
		{"a kernel without seccomp", without("Seccomp:"), with(func(s *Status) { s.Seccomp = Unknown }), ""},
		{"a newline and a backslash in the name", strings.Replace(statusOfSleep, "sleep", `a\n\\n`, 1),
			with(func(s *Status) { s.Name = "a\n\\n" }), ""},
		{"a name that looks like a line", strings.Replace(statusOfSleep, "Name:\tsleep", "Name:\tUid:\t0", 1),
			with(func(s *Status) { s.Name = "Uid:\t0" }), ""},
		{"no user", without("Uid:"), Status{}, "no line Uid"},
		{"nothing", "", Status{}, "no line"},
		{"no number", strings.Replace(statusOfSleep, "4100", "-1", 1), Status{}, "PPid"},
		{"three ids", strings.Replace(statusOfSleep, "1000\t0\t0\t0", "1000\t0\t0", 1), Status{}, "Uid"},
		{"no state", strings.Replace(statusOfSleep, "S (sleeping)", "", 1), Status{}, "State"},
	} {
		got, err := ParseStatus([]byte(c.text))
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
		want Stat
		ok   bool
	}{
		{"2 (kthreadd)" + rest, Stat{2, "kthreadd", 'S', 1, 2097216, 77, Unknown}, true},
		{"7 (a) R (b)" + rest, Stat{7, "a) R (b", 'S', 1, 2097216, 77, Unknown}, true},
		{"7 (a\nb)" + rest, Stat{7, "a\nb", 'S', 1, 2097216, 77, Unknown}, true},
		{"7 ()" + rest, Stat{7, "", 'S', 1, 2097216, 77, Unknown}, true},
		{"7 (a" + rest, Stat{}, false},
		{"7 )a(" + rest, Stat{}, false},
		{"x (a)" + rest, Stat{}, false},
		{"7 (a) S 1 2", Stat{}, false},
		{"7 (a)" + strings.Replace(rest, "77", "x", 1), Stat{}, false},
		{"", Stat{}, false},
	} {
		got, err := ParseStat([]byte(c.text))
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("ParseStat(%q) = %+v, %v", c.text, got, err)
		}
	}
}

func TestParseIDMap(t *testing.T) {
	for _, c := range []struct {
		text string
		want []IDRange
		ok   bool
	}{
		{"         0          0 4294967295\n", []IDRange{{0, 0, 4294967295}}, true},
		{"0 1000 1\n1 100000 65536\n", []IDRange{{0, 1000, 1}, {1, 100000, 65536}}, true},
		{"", nil, true},
		{"0 1000\n", nil, false},
		{"0 -1 1\n", nil, false},
	} {
		got, err := ParseIDMap([]byte(c.text))
		if (err == nil) != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("ParseIDMap(%q) = %v, %v", c.text, got, err)
		}
	}
	ranges := []IDRange{{0, 1000, 1}, {10, 100000, 5}}
	for id, want := range map[int]bool{0: true, 1: false, 9: false, 10: true, 14: true, 15: false, 65534: false} {
		if Mapped(ranges, id) != want {
			t.Errorf("Mapped(%d) = %t", id, !want)
		}
	}
}

func TestParseCaps(t *testing.T) {
	for _, c := range []struct {
		text string
		want Caps
		name string
		ok   bool
	}{
		{"0000000000000000", 0, "no capability", true},
		{"0000000000080000", CapSysPtrace, "CAP_SYS_PTRACE", true},
		{"0000000000002400", 0x2400, "CAP_NET_BIND_SERVICE and 1 more", true},
		{"8000000000000000", 1 << 63, "capability 63", true},
		{"000001ffffffffff", 0x1ffffffffff, "CAP_CHOWN and 40 more", true},
		{"", 0, "no capability", false},
		{"-1", 0, "no capability", false},
	} {
		got, err := ParseCaps(c.text)
		if (err == nil) != c.ok || c.ok && (got != c.want || got.String() != c.name) {
			t.Errorf("ParseCaps(%q) = %#x (%v), %v", c.text, uint64(got), got, err)
		}
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add([]byte(statusOfSleep))
	if own, err := os.ReadFile("/proc/self/status"); err == nil {
		f.Add(own)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseStatus(text)
		if err == nil && (s.State == 0 || s.Pid < 0 || s.Tgid < 0 || s.PPid < 0 || s.TracerPid < 0) {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("7 (a) R (b) S 1 2 3 0 -1 2097216 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseStat(text)
		if err == nil && (s.Pid < 0 || s.PPid < 0 || !strings.Contains(string(text), "("+s.Comm+")")) {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

func FuzzParseIDMap(f *testing.F) {
	f.Add([]byte("0 1000 1\n1 100000 65536\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ranges, err := ParseIDMap(text)
		for _, r := range ranges {
			if err != nil || r.Inside < 0 || r.Outside < 0 || r.Count < 0 || r.Count > 0 && !Mapped(ranges, r.Inside) {
				t.Errorf("%q gives %+v, %v", text, r, err)
			}
		}
	})
}

func FuzzParseCaps(f *testing.F) {
	f.Add("000001fffeffffff")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCaps(text)
		if err == nil && (c.String() == "") {
			t.Errorf("%q has no name", text)
		}
	})
}
