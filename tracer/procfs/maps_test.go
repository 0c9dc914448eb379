package procfs

import "testing"

func TestParseMaps(t *testing.T) {
	for _, test := range []struct {
		line string
		want Map
	}{
		{"00400000-00401000 r-xp 00002000 08:01 1234                               /usr/bin/cat",
			Map{Start: 0x400000, End: 0x401000, Perms: "r-xp", Offset: 0x2000, Dev: "08:01", Inode: 1234, Path: "/usr/bin/cat"}},
		{"7ffc0000-7ffd0000 rw-p 00000000 00:00 0                          [stack]",
			Map{Start: 0x7ffc0000, End: 0x7ffd0000, Perms: "rw-p", Dev: "00:00", Path: "[stack]"}},
		{"7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ",
			Map{Start: 0x7f0000000000, End: 0x7f0000001000, Perms: "rw-p", Dev: "00:00"}},
		{"1000-2000 r--s 00000000 00:01 7 /a file  with (spaces)",
			Map{Start: 0x1000, End: 0x2000, Perms: "r--s", Dev: "00:01", Inode: 7, Path: "/a file  with (spaces)"}},
		{"1000-2000 r--p 00000000 00:01 7 /memfd:hello (deleted)",
			Map{Start: 0x1000, End: 0x2000, Perms: "r--p", Dev: "00:01", Inode: 7, Path: "/memfd:hello", Deleted: true}},
		{`1000-2000 r--p 00000000 00:01 7 /two\012lines`,
			Map{Start: 0x1000, End: 0x2000, Perms: "r--p", Dev: "00:01", Inode: 7, Path: "/two\nlines"}},
		{"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
			Map{Start: 0xffffffffff600000, End: 0xffffffffff601000, Perms: "--xp", Dev: "00:00", Path: "[vsyscall]"}},
	} {
		got, err := ParseMaps([]byte(test.line + "\n"))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		if len(got) != 1 || got[0] != test.want {
			t.Errorf("%s:\n got %+v\nwant %+v", test.line, got, test.want)
		}
	}
}

func TestParseMapsErrors(t *testing.T) {
	for _, text := range []string{
		"\n", "hello\n", "1000 r-xp 0 0:0 0\n", "2000-1000 r-xp 0 0:0 0\n", "1000-2000 r-xp x 0:0 0\n",
		"1000-2000 r-xp 0 0:0 x\n", "1000-2000 rx 0 0:0 0\n", "1000-2000 r-xp 0\n",
	} {
		if maps, err := ParseMaps([]byte("1000-2000 r-xp 0 0:0 0\n" + text)); err == nil {
			t.Errorf("%q: %v, want an error", text, maps)
		}
	}
}

func FuzzParseMaps(f *testing.F) {
	f.Add([]byte("1000-2000 r--p 00000000 00:01 7 /memfd:hello (deleted)\n"))
	f.Add([]byte("1000-2000 rw-p 00000000 00:00 0 \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		maps, err := ParseMaps(text)
		if err != nil && maps != nil {
			t.Fatal("mappings beside an error")
		}
		for _, m := range maps {
			if m.Start > m.End || len(m.Perms) != 4 {
				t.Fatalf("%+v", m)
			}
		}
	})
}
