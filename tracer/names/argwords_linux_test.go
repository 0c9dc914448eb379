package names

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The words of the arguments have the values that the C headers give them. A word that
// these headers do not have yet is passed over, but not many are.
func TestConstantsAreThoseOfTheHeaders(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("SKIPPED, NOTHING IS TESTED: gcc is not installed")
	}
	var c strings.Builder
	c.WriteString("#define _GNU_SOURCE\n")
	for _, header := range []string{"stdio.h", "fcntl.h", "poll.h", "sched.h", "signal.h", "time.h", "unistd.h",
		"sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/inotify.h", "sys/ioctl.h", "sys/mman.h", "sys/mount.h", "sys/prctl.h", "sys/random.h",
		"sys/resource.h", "sys/signalfd.h", "sys/socket.h", "sys/stat.h", "sys/time.h", "sys/timerfd.h", "sys/wait.h", "sys/xattr.h",
		"netinet/in.h", "linux/close_range.h", "linux/falloc.h", "linux/fs.h", "linux/futex.h", "linux/netlink.h", "linux/wait.h", "asm/prctl.h"} {
		fmt.Fprintf(&c, "#if __has_include(<%s>)\n#include <%s>\n#endif\n", header, header)
	}
	c.WriteString("#include <asm/termbits.h>\nint main(void) {\n")
	words := 0
	for set, s := range argWords() {
		for _, w := range s.Words {
			words++
			if w.Name == "O_LARGEFILE" {
				continue // the C library has 0 for it, the kernel sees 0x8000
			}
			fmt.Fprintf(&c, "#ifdef %s\nif ((unsigned)(%s) != (unsigned)%dUL) printf(\"%s of %s is %%#x, and not %#x\\n\", (unsigned)(%s));\n#else\nputs(\"missing\");\n#endif\n",
				w.Name, w.Name, w.Value, w.Name, set, w.Value, w.Name)
		}
	}
	c.WriteString("return 0; }\n")
	dir := t.TempDir()
	source := filepath.Join(dir, "words.c")
	if err := os.WriteFile(source, []byte(c.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-w", "-o", dir+"/words", source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(dir + "/words").Output()
	if err != nil {
		t.Fatal(err)
	}
	missing := strings.Count(string(out), "missing\n")
	if wrong := strings.ReplaceAll(string(out), "missing\n", ""); wrong != "" {
		t.Error(wrong)
	}
	if missing > words/5 {
		t.Errorf("the headers have not %d of %d words", missing, words)
	}
}

// Every system call of both tables has kinds, and no call has them that is in none.
func TestKindsOfAllCalls(t *testing.T) {
	for _, arch := range Archs {
		for name := range syscallTables[arch]().numbers {
			k, ok := KindsOf(arch, name)
			if !ok {
				t.Errorf("%s of %s has no kinds", name, arch)
			}
			if len(k.Args) > 6 {
				t.Errorf("%s of %s has %d arguments", name, arch, len(k.Args))
			}
		}
	}
	all, i386 := syscallKinds()
	for _, table := range []map[string]SyscallKinds{all, i386} {
		for name := range table {
			_, is64 := SyscallNumber(X8664, name)
			_, is32 := SyscallNumber(I386, name)
			if !is64 && !is32 {
				t.Errorf("there is no system call %q", name)
			}
		}
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		set  string
		v    uint64
		want string
	}{
		{"open", 0, "O_RDONLY"}, {"open", 0x80001, "O_WRONLY|O_CLOEXEC"}, {"open", 3, "O_ACCMODE"}, {"open", 1 << 30, "O_RDONLY|0x40000000"},
		{"prot", 0, "PROT_NONE"}, {"prot", 5, "PROT_READ|PROT_EXEC"}, {"prot", 8, "0x8 /* PROT_??? */"},
		{"map", 0x22, "MAP_PRIVATE|MAP_ANONYMOUS"}, {"at", 0, "0"}, {"access", 0, "F_OK"}, {"access", 5, "R_OK|X_OK"}, {"access", 8, "0x8 /* ?_OK */"},
		{"statxmask", 0xfff, "STATX_ALL"},
	} {
		if got := ArgWords(c.set).Flags(c.v); !strings.HasPrefix(got, c.want) {
			t.Errorf("%#x of %s is %s, want %s", c.v, c.set, got, c.want)
		}
	}
}
