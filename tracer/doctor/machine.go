package doctor

import (
	"fmt"
	"strings"

	"ptwalk/tracer/procfs"
)

// Machine is the evidence: what this machine and this process are, as far as it
// decides about ptrace.
type Machine struct {
	Kernel       string   `json:"kernel"` // of uname(2): "6.12.9"
	Arch         string   `json:"arch"`   // of uname(2): "x86_64"
	User         string   `json:"user"`   // real user: "alice (1000)"
	Yama         *int     `json:"yama"`   // ptrace_scope, null without Yama
	Seccomp      *int     `json:"seccomp"`
	NoNewPrivs   bool     `json:"no_new_privs"`
	Capabilities string   `json:"capabilities"`   // effective, hexadecimal
	SysPtrace    bool     `json:"cap_sys_ptrace"` // effective
	UserNS       string   `json:"user_namespace"` // "initial" or "another"
	LSMs         []string `json:"security_modules"`
	DenyPtrace   bool     `json:"selinux_deny_ptrace"`
	Tracer       string   `json:"tracer"`    // who traces us: "strace (77)", "" for nobody
	Container    string   `json:"container"` // "docker", "podman" ..., "" for none that shows
	WSL          int      `json:"wsl"`       // 1 or 2, 0 for none
	Emulator     string   `json:"emulator"`  // "qemu-user", "Rosetta", "" for none that shows
}

func (o selfFacts) machine() Machine {
	m := Machine{
		Kernel: o.Release, Arch: o.Hardware, User: o.UID.String(),
		NoNewPrivs: o.Status.NoNewPrivs == 1, Capabilities: fmt.Sprintf("%016x", uint64(o.Status.CapEff)),
		SysPtrace: o.Status.CapEff.Has(procfs.CapSysPtrace), UserNS: "initial", LSMs: o.LSMs, DenyPtrace: o.DenyPtrace,
		Container: o.Container, WSL: o.WSL, Emulator: o.Emulator,
	}
	if o.Yama != procfs.Unknown {
		m.Yama = &o.Yama
	}
	if o.Status.Seccomp != procfs.Unknown {
		m.Seccomp = &o.Status.Seccomp
	}
	if !o.InitNS {
		m.UserNS = "another"
	}
	if o.Tracer.Pid != 0 {
		m.Tracer = o.Tracer.String()
	}
	return m
}

// Lines are the evidence for people: a name and a value each.
func (m Machine) Lines() [][2]string {
	kernel := "Linux " + m.Kernel + ", " + m.Arch
	switch {
	case m.WSL == 1:
		kernel += ", WSL 1: no Linux kernel, but a translation"
	case m.WSL == 2:
		kernel += ", WSL 2"
	}
	rights := "without CAP_SYS_PTRACE"
	if m.SysPtrace {
		rights = "with CAP_SYS_PTRACE"
	}
	if m.UserNS != "initial" {
		rights += ", in a user namespace"
	}
	lines := [][2]string{{"kernel", kernel}, {"user", m.User + ", " + rights}}
	yama := "none"
	if m.Yama != nil {
		yama = fmt.Sprintf("ptrace_scope %d", *m.Yama)
	}
	lines = append(lines, [2]string{"Yama", yama})
	seccomp := "unknown"
	if m.Seccomp != nil {
		seccomp = []string{"no filter", "strict", "a filter is on"}[min(max(*m.Seccomp, 0), 2)]
	}
	if m.NoNewPrivs {
		seccomp += ", no_new_privs is set"
	}
	lines = append(lines, [2]string{"seccomp", seccomp})
	modules := "the list cannot be read"
	if m.LSMs != nil {
		modules = strings.Join(m.LSMs, ", ")
	}
	if m.DenyPtrace {
		modules += "; SELinux deny_ptrace is on"
	}
	lines = append(lines, [2]string{"modules", modules})
	for _, more := range [][2]string{{"container", m.Container}, {"emulator", m.Emulator}, {"traced by", m.Tracer}} {
		if more[1] != "" {
			lines = append(lines, more)
		}
	}
	return lines
}

// container names what kind of container this is, by the marks that the
// well-known ones leave. files says whether a path is there, env is our
// environment, cgroup is the text of /proc/self/cgroup.
func container(there func(string) bool, env func(string) string, cgroup string) string {
	switch {
	case env("CODESPACES") == "true":
		return "codespaces"
	case env("KUBERNETES_SERVICE_HOST") != "", strings.Contains(cgroup, "kubepods"):
		return "kubernetes"
	case there("/run/.containerenv"):
		return "podman"
	case there("/.dockerenv"), strings.Contains(cgroup, "/docker"):
		return "docker"
	case env("container") != "":
		return quoted(env("container"))
	case strings.Contains(cgroup, "/lxc"):
		return "lxc"
	}
	return ""
}

// wsl is 1 or 2 by the kernel's release: "4.4.0-19041-Microsoft" is WSL 1,
// "5.15.153.1-microsoft-standard-WSL2" is WSL 2.
func wsl(release string) int {
	switch {
	case strings.Contains(release, "microsoft"):
		return 2
	case strings.Contains(release, "Microsoft"):
		return 1
	}
	return 0
}
