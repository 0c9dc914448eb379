package doctor

// Code is one of the stable codes that end a refusal: what it means in general.
// A [Diagnosis] says it of one process or one machine.
type Code struct {
	Name  string // "PT-YAMA-1"
	Means string // a sentence or two
	Seen  string // what shows it, "/proc/self/status: Seccomp"
	Fix   string // what helps, "" if nothing does
}

// Codes are all codes: first those about this machine, then those about one
// process.
var Codes = []Code{
	{"PT-OK", "Nothing stands in the way.", "the probe went as ptrace(2) says", ""},
	{"PT-SECCOMP", "A seccomp filter answers in the place of the kernel, as in some containers and on some CI machines.",
		"the line Seccomp of /proc/self/status, and the answer to a request about process 0", "another filter: docker run --cap-add=SYS_PTRACE"},
	{"PT-YAMA-1", "Yama's ptrace_scope is 1: without CAP_SYS_PTRACE a process may trace its own descendants, and those who have named it with prctl(PR_SET_PTRACER).",
		"/proc/sys/kernel/yama/ptrace_scope, and the parents of the process", "be root, or write 0 there"},
	{"PT-YAMA-2", "Yama's ptrace_scope is 2: only a tracer with CAP_SYS_PTRACE may trace. A child may not volunteer either.",
		"/proc/sys/kernel/yama/ptrace_scope", "be root"},
	{"PT-YAMA-3", "Yama's ptrace_scope is 3: nobody may trace, root included.",
		"/proc/sys/kernel/yama/ptrace_scope", "another setting at the next boot"},
	{"PT-CAP", "The tracer lacks a capability: CAP_SYS_PTRACE, or one that the other process holds. Root in a container often lacks the first.",
		"the lines CapEff and CapPrm of /proc/PID/status", "docker run --cap-add=SYS_PTRACE"},
	{"PT-TRACED", "The process has a tracer already, and a thread has one at a time. It may be ptwalk that is traced.",
		"the line TracerPid of /proc/PID/status", "let that tracer detach first"},
	{"PT-EMULATED", "An emulator or a translator runs this program, and has no ptrace: qemu-user, Rosetta, WSL 1.",
		"ENOSYS, or EIO from PTRACE_GETREGS; /proc/cpuinfo", "the image or the build for this machine's own processor"},
	{"PT-USERNS", "The tracer is in a user namespace, and the other process is outside it. Root of a namespace is root of that namespace alone.",
		"/proc/self/ns/user and /proc/self/uid_map", "run ptwalk outside the namespace"},
	{"PT-LSM", "The kernel refuses, and nothing of /proc says why: a security module may, such as SELinux, AppArmor or Landlock.",
		"/sys/kernel/security/lsm; SELinux: its boolean deny_ptrace", "a rule of that module"},
	{"PT-KERNEL", "Another reason, which the sentence names: the kernel is too old, was built without the call, or has reached a limit; the machine lacks something; a folder is missing or may not be written.",
		"the errno, or how the probe ended", ""},
	{"PT-NOEXEC", "No program may be executed from there: the folder is mounted noexec, or memfds are not executable.",
		"statfs(2) of the folder; /proc/sys/vm/memfd_noexec", "TMPDIR=FOLDER"},
	{"PT-32BIT", "This kernel runs no 32-bit programs. A part of lesson 2 needs one.",
		"ENOEXEC from execve", "boot with ia32_emulation=1, if the kernel has it"},
	{"PT-NOPID", "There is no such process, or it has ended meanwhile.", "/proc/PID is not there", ""},
	{"PT-SELF", "The process is ptwalk itself, or a thread of it. A process cannot trace itself.", "/proc/self/task", ""},
	{"PT-KTHREAD", "It is a thread of the kernel, which runs no program.", "the line Kthread of /proc/PID/status, or PF_KTHREAD in /proc/PID/stat", ""},
	{"PT-ZOMBIE", "It has ended, and its parent has not yet waited for it; or its first thread has, and others live on.",
		"the line State of /proc/PID/status", ""},
	{"PT-OWNER", "It belongs to another user.", "the line Uid of /proc/PID/status", "be that user, or root"},
	{"PT-GROUP", "It has another group. The user is the same, but ptrace compares groups too.",
		"the line Gid of /proc/PID/status", "that group, by sg(1)"},
	{"PT-SETID", "Its real, effective and saved ids differ, as in a set-user-ID program.",
		"the lines Uid and Gid of /proc/PID/status", "be root"},
	{"PT-NODUMP", "It is not dumpable: it asked for that with prctl(PR_SET_DUMPABLE), has changed its ids, or runs a file that may not be read.",
		"the owner of /proc/PID/mem", "be root"},
	{"PT-THREAD", "The number is that of a thread, and not of its process.", "the line Tgid of /proc/PID/status", "name the process"},
}

// CodeByName finds a code.
func CodeByName(name string) (Code, bool) {
	for _, c := range Codes {
		if c.Name == name {
			return c, true
		}
	}
	return Code{}, false
}
