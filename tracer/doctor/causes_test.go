package doctor

import (
	"strings"
	"syscall"
	"testing"
)

// What no machine of the tests is: the facts are made up.

func in(change func(*selfFacts)) selfFacts {
	o := plain().Self
	change(&o)
	return o
}

func TestCausesOfTheChecks(t *testing.T) {
	nothing := func(*selfFacts) {}
	wsl1 := func(o *selfFacts) { o.Release, o.WSL = "4.4.0-19041-Microsoft", 1 }
	selinux := func(o *selfFacts) { o.LSMs, o.DenyPtrace = []string{"selinux"}, true }
	scope := func(n int) func(*selfFacts) { return func(o *selfFacts) { o.Yama = n } }
	filtered := func(container string) func(*selfFacts) {
		return func(o *selfFacts) { o.Status.Seccomp, o.Container = 2, container }
	}
	for _, c := range []struct {
		check string
		errno syscall.Errno
		own   func(*selfFacts)
		code  string
		says  string
	}{
		{"32-bit", syscall.ENOEXEC, nothing, "PT-32BIT", "ia32_emulation=1"},
		{"32-bit", syscall.EPERM, filtered(""), "PT-SECCOMP", "32-bit"},
		{"memfd", syscall.EACCES, func(o *selfFacts) { o.MemfdNoexec = 2 }, "PT-NOEXEC", "memfd_noexec is 2"},
		{"memfd", syscall.ENOSYS, nothing, "PT-KERNEL", "built without memfd_create"},
		{"temp", syscall.EACCES, func(o *selfFacts) { o.Temp, o.TempNoexec = "/scratch", true }, "PT-NOEXEC", "/scratch"},
		{"temp", syscall.EACCES, func(o *selfFacts) { o.Temp = "/scratch" }, "PT-LSM", "/scratch"},
		{"temp", syscall.ENOSPC, func(o *selfFacts) { o.Temp = "/scratch" }, "PT-KERNEL", "ENOSPC"},
		{"personality", syscall.EPERM, filtered("docker"), "PT-SECCOMP", "docker run needs --security-opt"},
		{"vm-read", syscall.ENOSYS, nothing, "PT-KERNEL", "built without process_vm_readv"},
		{"vm-read", syscall.ENOSYS, func(o *selfFacts) { o.Probe = syscall.ENOSYS }, "PT-EMULATED", "emulator"},
		{"vm-read", syscall.ENOSYS, func(o *selfFacts) { o.Emulator = "qemu-user" }, "PT-EMULATED", "qemu-user"},
		{"vm-read", syscall.EPERM, scope(2), "PT-YAMA-2", "CAP_SYS_PTRACE"},
		{"vm-read", syscall.EPERM, scope(3), "PT-YAMA-3", "root included"},
		{"vm-read", syscall.EPERM, scope(1), "PT-LSM", "landlock"},
		{"vm-read", syscall.ENOSYS, scope(3), "PT-KERNEL", "built without process_vm_readv"},
		{"proc-mem", syscall.EACCES, scope(2), "PT-YAMA-2", "CAP_SYS_PTRACE"},
		{"proc-mem", syscall.EACCES, scope(3), "PT-YAMA-3", "root included"},
		{"proc-mem", syscall.EACCES, selinux, "PT-LSM", "deny_ptrace"},
		{"syscall-info", syscall.EIO, func(o *selfFacts) { o.Release = "4.19.0" }, "PT-KERNEL", "Linux 4.19.0"},
		{"syscall-info", syscall.EIO, func(o *selfFacts) { o.Emulator = "Rosetta" }, "PT-EMULATED", "Rosetta"},
		{"debugreg", syscall.ENOSPC, nothing, "PT-KERNEL", "perf"},
		{"debugreg", syscall.EIO, nothing, "PT-KERNEL", "debug registers"},
		{"getregs", syscall.EIO, func(o *selfFacts) { o.Emulator = "Rosetta" }, "PT-EMULATED", "Rosetta"},
		{"getregs", syscall.EIO, wsl1, "PT-EMULATED", "wsl --set-version"},
		{"traceme", syscall.EPERM, selinux, "PT-LSM", "setsebool deny_ptrace off"},
		{"traceme", syscall.ENOSYS, func(o *selfFacts) { o.Probe, o.Emulator, o.Container = syscall.ENOSYS, "qemu-user", "docker" }, "PT-EMULATED", "arm64 image"},
		{"traceme", syscall.EPERM, filtered("podman"), "PT-SECCOMP", "podman run needs --cap-add=SYS_PTRACE"},
		{"traceme", syscall.EPERM, filtered("codespaces"), "PT-SECCOMP", "devcontainer.json"},
		{"traceme", syscall.EPERM, filtered("kubernetes"), "PT-SECCOMP", "securityContext"},
		{"traceme", syscall.EPERM, filtered(""), "PT-SECCOMP", "Who runs this machine"},
	} {
		found := false
		for i := range checks {
			if checks[i].name != c.check {
				continue
			}
			found = true
			d := checks[i].cause(&checks[i], in(c.own), &probeTarget{facts: plain()}, c.errno)
			text := d.Why + " " + d.Fix
			if d.Code != c.code || !strings.Contains(text, c.says) || !strings.HasSuffix(d.Why, ".") {
				t.Errorf("%s %v: %s %q, want %s %q", c.check, c.errno, d.Code, text, c.code, c.says)
			}
			if strings.Contains(text, "sysctl") {
				t.Errorf("%s %v advises a sysctl: %q", c.check, c.errno, text)
			}
		}
		if !found {
			t.Errorf("there is no check %s", c.check)
		}
	}
}

// Where the program could not be created, nothing was executed: no module and no
// mount is to blame.
func TestTempTellsCreatingFromExecuting(t *testing.T) {
	for errno, says := range map[syscall.Errno]string{
		syscall.EACCES: "/scratch may not be written by alice (1000)", syscall.EPERM: "may not be written by alice",
		syscall.ENOENT: "/scratch does not exist", syscall.ENOTDIR: "/scratch is no folder", syscall.EROFS: "read-only",
		syscall.ENOSPC: "no room", syscall.EIO: "EIO",
	} {
		d := tempCause(nil, in(func(o *selfFacts) { o.Temp = "/scratch" }), &probeTarget{uncreated: true}, errno)
		if d.Code != "PT-KERNEL" || !strings.Contains(d.Why, says) || !strings.Contains(d.Why, "nothing ran there") ||
			d.Fix != "Set TMPDIR to a folder that you may write." {
			t.Errorf("%v: %+v, want %q", errno, d, says)
		}
	}
	d := tempCause(nil, in(func(o *selfFacts) { o.Temp, o.TempNoexec = "/scratch", true }), &probeTarget{}, syscall.EACCES)
	if d.Code != "PT-NOEXEC" {
		t.Errorf("%+v", d)
	}
}

// A machine that takes the debug registers and does nothing with them is told in
// words.
func TestDebugRegistersThatDoNothing(t *testing.T) {
	for _, c := range checks {
		if c.name != "debugreg" {
			continue
		}
		d := c.diagnose(&probeTarget{}, errRanThrough, Diagnosis{})
		if d.Code != "PT-KERNEL" || !strings.Contains(d.Why, "no hardware breakpoints") || !strings.Contains(d.Why, "watchpoints needs them.") {
			t.Errorf("%+v", d)
		}
	}
}

// TestAttachOtherKnowsYama: lessons trace descendants alone, so ptrace_scope 1 is
// a note, and says so.
func TestAttachOtherKnowsYama(t *testing.T) {
	d := otherProcess(nil, in(func(o *selfFacts) { o.Yama = 1 }), &probeTarget{facts: plain()}, syscall.EPERM)
	if d.Code != "PT-YAMA-1" || !strings.Contains(d.Why, "ptwalk attach does not") {
		t.Errorf("%+v", d)
	}
}

func TestLimitsAreNoRefusals(t *testing.T) {
	for errno, says := range map[syscall.Errno]string{
		syscall.EMFILE: "ulimit -n", syscall.ENFILE: "ulimit -n", syscall.EAGAIN: "ulimit -u", syscall.ENOMEM: "memory",
	} {
		d := checks[0].diagnose(&probeTarget{}, errno, Diagnosis{})
		if d.Code != "PT-KERNEL" || !strings.Contains(d.Why+d.Fix, says) {
			t.Errorf("%v: %+v", errno, d)
		}
	}
}

func TestWSLShowsInTheRelease(t *testing.T) {
	for release, want := range map[string]int{
		"4.4.0-19041-Microsoft": 1, "5.15.153.1-microsoft-standard-WSL2": 2, "6.6.36.3-microsoft-standard-WSL2+": 2, "6.12.9": 0, "": 0,
	} {
		if got := wsl(release); got != want {
			t.Errorf("wsl(%q) = %d, want %d", release, got, want)
		}
	}
}

func TestContainerShowsByItsMarks(t *testing.T) {
	for _, c := range []struct{ file, variable, value, cgroup, want string }{
		{"", "", "", "0::/user.slice\n", ""},
		{"/.dockerenv", "", "", "0::/\n", "docker"},
		{"", "", "", "12:cpu:/docker/0123\n", "docker"},
		{"/run/.containerenv", "container", "podman", "0::/\n", "podman"},
		{"/.dockerenv", "CODESPACES", "true", "0::/\n", "codespaces"},
		{"/.dockerenv", "KUBERNETES_SERVICE_HOST", "10.0.0.1", "0::/\n", "kubernetes"},
		{"", "", "", "0::/kubepods/pod1\n", "kubernetes"},
		{"", "container", "systemd-nspawn", "", "systemd-nspawn"},
		{"", "container", "a\x1b[2J", "", `"a\x1b[2J"`},
		{"", "", "", "1:name=systemd:/lxc/box\n", "lxc"},
	} {
		there := func(path string) bool { return path == c.file }
		env := func(name string) string {
			if name == c.variable {
				return c.value
			}
			return ""
		}
		if got := container(there, env, c.cgroup); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
