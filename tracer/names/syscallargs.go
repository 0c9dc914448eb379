package names

// syscallArgs are the arguments of the commonest system calls, by the names of
// their manual pages.
var syscallArgs = map[string]string{
	"accept":            "sockfd, addr, addrlen",
	"accept4":           "sockfd, addr, addrlen, flags",
	"access":            "path, mode",
	"alarm":             "seconds",
	"arch_prctl":        "code, addr",
	"bind":              "sockfd, addr, addrlen",
	"brk":               "addr",
	"chdir":             "path",
	"clock_gettime":     "clockid, tp",
	"clock_nanosleep":   "clockid, flags, request, remain",
	"clone":             "flags, stack, parent_tid, child_tid, tls",
	"clone3":            "args, size",
	"close":             "fd",
	"connect":           "sockfd, addr, addrlen",
	"dup":               "oldfd",
	"dup2":              "oldfd, newfd",
	"dup3":              "oldfd, newfd, flags",
	"epoll_ctl":         "epfd, op, fd, event",
	"epoll_pwait":       "epfd, events, maxevents, timeout, sigmask, sigsetsize",
	"epoll_wait":        "epfd, events, maxevents, timeout",
	"execve":            "path, argv, envp",
	"exit":              "status",
	"exit_group":        "status",
	"faccessat":         "dirfd, path, mode",
	"fcntl":             "fd, op, arg",
	"fork":              "",
	"fstat":             "fd, statbuf",
	"futex":             "uaddr, op, val, timeout, uaddr2, val3",
	"getcwd":            "buf, size",
	"getdents64":        "fd, dirp, count",
	"getpid":            "",
	"getppid":           "",
	"getrandom":         "buf, size, flags",
	"gettid":            "",
	"getuid":            "",
	"ioctl":             "fd, op, arg",
	"kill":              "pid, sig",
	"listen":            "sockfd, backlog",
	"lseek":             "fd, offset, whence",
	"madvise":           "addr, size, advice",
	"mkdir":             "path, mode",
	"mmap":              "addr, length, prot, flags, fd, offset",
	"mprotect":          "addr, size, prot",
	"munmap":            "addr, length",
	"nanosleep":         "duration, rem",
	"newfstatat":        "dirfd, path, statbuf, flags",
	"open":              "path, flags, mode",
	"openat":            "dirfd, path, flags, mode",
	"pause":             "",
	"pipe":              "pipefd",
	"pipe2":             "pipefd, flags",
	"poll":              "fds, nfds, timeout",
	"prctl":             "op, arg2, arg3, arg4, arg5",
	"pread64":           "fd, buf, count, offset",
	"prlimit64":         "pid, resource, new_limit, old_limit",
	"ptrace":            "request, pid, addr, data",
	"read":              "fd, buf, count",
	"readlink":          "path, buf, bufsiz",
	"recvfrom":          "sockfd, buf, size, flags, src_addr, addrlen",
	"restart_syscall":   "",
	"rseq":              "rseq, rseq_len, flags, sig",
	"rt_sigaction":      "signum, act, oldact, sigsetsize",
	"rt_sigprocmask":    "how, set, oldset, sigsetsize",
	"rt_sigreturn":      "",
	"sched_getaffinity": "pid, cpusetsize, mask",
	"sched_yield":       "",
	"sendto":            "sockfd, buf, size, flags, dest_addr, addrlen",
	"set_robust_list":   "head, size",
	"set_tid_address":   "tidptr",
	"sigaltstack":       "ss, old_ss",
	"socket":            "domain, type, protocol",
	"tgkill":            "tgid, tid, sig",
	"time":              "tloc",
	"uname":             "buf",
	"unlink":            "path",
	"vfork":             "",
	"wait4":             "pid, wstatus, options, rusage",
	"write":             "fd, buf, count",
	"writev":            "fd, iov, iovcnt",
}

// syscallArgsI386 are those that differ on i386, or exist there alone.
var syscallArgsI386 = map[string]string{
	"clone":           "flags, stack, parent_tid, tls, child_tid",
	"getuid32":        "",
	"mmap":            "args",
	"mmap2":           "addr, length, prot, flags, fd, pgoffset",
	"pread64":         "fd, buf, count, offset_low, offset_high",
	"set_thread_area": "u_info",
	"sigreturn":       "",
	"waitpid":         "pid, wstatus, options",
}

// SyscallArgs names the arguments of the system call name of arch, separated by
// ", ": "fd, buf, count" for write. It says whether the call is known; one of
// the commonest that takes no argument, as getpid, is known and "".
func SyscallArgs(arch Arch, name string) (string, bool) {
	if _, ok := SyscallNumber(arch, name); !ok {
		return "", false
	}
	if args, ok := syscallArgsI386[name]; ok && arch == I386 {
		return args, true
	}
	args, ok := syscallArgs[name]
	return args, ok
}
