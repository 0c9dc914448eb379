package names

import "fmt"

// Errno is one error number of Linux, or one of the kernel's own restart codes,
// which never leave the kernel but are seen in rax at a syscall-exit-stop.
type Errno struct {
	Number   int
	Name     string // "EPERM"
	Text     string // as glibc's strerror(3) spells it in the C locale
	Sentence string // what it means to a tracer; "" for those that ptrace does not meet
}

// Errnos are all error numbers of Linux on x86, by number. 41 and 58 are not
// used. The last five are internal to the kernel, include/linux/errno.h.
var Errnos = []Errno{
	{1, "EPERM", "Operation not permitted",
		"The kernel refuses. For ATTACH and SEIZE it has many causes: ptwalk doctor names the one that applies."},
	{2, "ENOENT", "No such file or directory",
		"No such file. For a script it can be the interpreter that is missing, not the script."},
	{3, "ESRCH", "No such process",
		"No such tracee: it is gone, or not stopped, or traced by another thread of ours, or by nobody."},
	{4, "EINTR", "Interrupted system call",
		"A signal came while the call was waiting. Ask again."},
	{5, "EIO", "Input/output error",
		"The kernel cannot do that: a bad address, a bad offset, a bad signal number, or an unknown request."},
	{6, "ENXIO", "No such device or address", ""},
	{7, "E2BIG", "Argument list too long",
		"The arguments and the environment of execve are too long together, or one of them alone is."},
	{8, "ENOEXEC", "Exec format error",
		"The file is not a program that this kernel can run: no #! line, no ELF header, or another machine's code."},
	{9, "EBADF", "Bad file descriptor", ""},
	{10, "ECHILD", "No child processes",
		"There is no child and no tracee of ours to wait for, or none that the flags select."},
	{11, "EAGAIN", "Resource temporarily unavailable",
		"Not now: a limit is reached, such as the number of processes. Asking again later may work."},
	{12, "ENOMEM", "Cannot allocate memory",
		"The kernel has no memory left for it."},
	{13, "EACCES", "Permission denied",
		"Permission denied by the file system: the file is not executable, a directory, or not ours to open."},
	{14, "EFAULT", "Bad address",
		"An address that we passed is not ours to read or write. It speaks of the tracer's memory, not of the tracee's."},
	{15, "ENOTBLK", "Block device required", ""},
	{16, "EBUSY", "Device or resource busy",
		"The thing asked for is in use by somebody else."},
	{17, "EEXIST", "File exists", ""},
	{18, "EXDEV", "Invalid cross-device link", ""},
	{19, "ENODEV", "No such device",
		"This processor or kernel does not have what was asked for, such as that set of registers."},
	{20, "ENOTDIR", "Not a directory", ""},
	{21, "EISDIR", "Is a directory", ""},
	{22, "EINVAL", "Invalid argument",
		"An argument makes no sense to this request, or the tracee is not in a state that has an answer."},
	{23, "ENFILE", "Too many open files in system", ""},
	{24, "EMFILE", "Too many open files",
		"This process has reached its limit of open files."},
	{25, "ENOTTY", "Inappropriate ioctl for device", ""},
	{26, "ETXTBSY", "Text file busy",
		"The program file is open for writing, so it cannot be run."},
	{27, "EFBIG", "File too large", ""},
	{28, "ENOSPC", "No space left on device",
		"No room. For a debug register: the processor's watchpoints are all in use."},
	{29, "ESPIPE", "Illegal seek", ""},
	{30, "EROFS", "Read-only file system", ""},
	{31, "EMLINK", "Too many links", ""},
	{32, "EPIPE", "Broken pipe", ""},
	{33, "EDOM", "Numerical argument out of domain", ""},
	{34, "ERANGE", "Numerical result out of range",
		"A number is outside what the request can take."},
	{35, "EDEADLK", "Resource deadlock avoided", ""},
	{36, "ENAMETOOLONG", "File name too long",
		"A file name, or one part of it, is too long."},
	{37, "ENOLCK", "No locks available", ""},
	{38, "ENOSYS", "Function not implemented",
		"The kernel has no such system call, or a filter hides it. At a syscall-enter-stop rax holds -38, which is this number."},
	{39, "ENOTEMPTY", "Directory not empty", ""},
	{40, "ELOOP", "Too many levels of symbolic links",
		"Too many symbolic links on the way to the file."},
	{42, "ENOMSG", "No message of desired type", ""},
	{43, "EIDRM", "Identifier removed", ""},
	{44, "ECHRNG", "Channel number out of range", ""},
	{45, "EL2NSYNC", "Level 2 not synchronized", ""},
	{46, "EL3HLT", "Level 3 halted", ""},
	{47, "EL3RST", "Level 3 reset", ""},
	{48, "ELNRNG", "Link number out of range", ""},
	{49, "EUNATCH", "Protocol driver not attached", ""},
	{50, "ENOCSI", "No CSI structure available", ""},
	{51, "EL2HLT", "Level 2 halted", ""},
	{52, "EBADE", "Invalid exchange", ""},
	{53, "EBADR", "Invalid request descriptor", ""},
	{54, "EXFULL", "Exchange full", ""},
	{55, "ENOANO", "No anode", ""},
	{56, "EBADRQC", "Invalid request code", ""},
	{57, "EBADSLT", "Invalid slot", ""},
	{59, "EBFONT", "Bad font file format", ""},
	{60, "ENOSTR", "Device not a stream", ""},
	{61, "ENODATA", "No data available", ""},
	{62, "ETIME", "Timer expired", ""},
	{63, "ENOSR", "Out of streams resources", ""},
	{64, "ENONET", "Machine is not on the network", ""},
	{65, "ENOPKG", "Package not installed", ""},
	{66, "EREMOTE", "Object is remote", ""},
	{67, "ENOLINK", "Link has been severed", ""},
	{68, "EADV", "Advertise error", ""},
	{69, "ESRMNT", "Srmount error", ""},
	{70, "ECOMM", "Communication error on send", ""},
	{71, "EPROTO", "Protocol error", ""},
	{72, "EMULTIHOP", "Multihop attempted", ""},
	{73, "EDOTDOT", "RFS specific error", ""},
	{74, "EBADMSG", "Bad message", ""},
	{75, "EOVERFLOW", "Value too large for defined data type", ""},
	{76, "ENOTUNIQ", "Name not unique on network", ""},
	{77, "EBADFD", "File descriptor in bad state", ""},
	{78, "EREMCHG", "Remote address changed", ""},
	{79, "ELIBACC", "Can not access a needed shared library", ""},
	{80, "ELIBBAD", "Accessing a corrupted shared library", ""},
	{81, "ELIBSCN", ".lib section in a.out corrupted", ""},
	{82, "ELIBMAX", "Attempting to link in too many shared libraries", ""},
	{83, "ELIBEXEC", "Cannot exec a shared library directly", ""},
	{84, "EILSEQ", "Invalid or incomplete multibyte or wide character", ""},
	{85, "ERESTART", "Interrupted system call should be restarted", ""},
	{86, "ESTRPIPE", "Streams pipe error", ""},
	{87, "EUSERS", "Too many users", ""},
	{88, "ENOTSOCK", "Socket operation on non-socket", ""},
	{89, "EDESTADDRREQ", "Destination address required", ""},
	{90, "EMSGSIZE", "Message too long", ""},
	{91, "EPROTOTYPE", "Protocol wrong type for socket", ""},
	{92, "ENOPROTOOPT", "Protocol not available", ""},
	{93, "EPROTONOSUPPORT", "Protocol not supported", ""},
	{94, "ESOCKTNOSUPPORT", "Socket type not supported", ""},
	{95, "EOPNOTSUPP", "Operation not supported",
		"The kernel knows the operation, but not for this object."},
	{96, "EPFNOSUPPORT", "Protocol family not supported", ""},
	{97, "EAFNOSUPPORT", "Address family not supported by protocol", ""},
	{98, "EADDRINUSE", "Address already in use", ""},
	{99, "EADDRNOTAVAIL", "Cannot assign requested address", ""},
	{100, "ENETDOWN", "Network is down", ""},
	{101, "ENETUNREACH", "Network is unreachable", ""},
	{102, "ENETRESET", "Network dropped connection on reset", ""},
	{103, "ECONNABORTED", "Software caused connection abort", ""},
	{104, "ECONNRESET", "Connection reset by peer", ""},
	{105, "ENOBUFS", "No buffer space available", ""},
	{106, "EISCONN", "Transport endpoint is already connected", ""},
	{107, "ENOTCONN", "Transport endpoint is not connected", ""},
	{108, "ESHUTDOWN", "Cannot send after transport endpoint shutdown", ""},
	{109, "ETOOMANYREFS", "Too many references: cannot splice", ""},
	{110, "ETIMEDOUT", "Connection timed out", ""},
	{111, "ECONNREFUSED", "Connection refused", ""},
	{112, "EHOSTDOWN", "Host is down", ""},
	{113, "EHOSTUNREACH", "No route to host", ""},
	{114, "EALREADY", "Operation already in progress", ""},
	{115, "EINPROGRESS", "Operation now in progress", ""},
	{116, "ESTALE", "Stale file handle", ""},
	{117, "EUCLEAN", "Structure needs cleaning", ""},
	{118, "ENOTNAM", "Not a XENIX named type file", ""},
	{119, "ENAVAIL", "No XENIX semaphores available", ""},
	{120, "EISNAM", "Is a named type file", ""},
	{121, "EREMOTEIO", "Remote I/O error", ""},
	{122, "EDQUOT", "Disk quota exceeded", ""},
	{123, "ENOMEDIUM", "No medium found", ""},
	{124, "EMEDIUMTYPE", "Wrong medium type",
		"For PTRACE_SECCOMP_GET_FILTER: the filter is not a classic BPF program."},
	{125, "ECANCELED", "Operation canceled", ""},
	{126, "ENOKEY", "Required key not available", ""},
	{127, "EKEYEXPIRED", "Key has expired", ""},
	{128, "EKEYREVOKED", "Key has been revoked", ""},
	{129, "EKEYREJECTED", "Key was rejected by service", ""},
	{130, "EOWNERDEAD", "Owner died", ""},
	{131, "ENOTRECOVERABLE", "State not recoverable", ""},
	{132, "ERFKILL", "Operation not possible due to RF-kill", ""},
	{133, "EHWPOISON", "Memory page has hardware error", ""},
	{512, "ERESTARTSYS", "Interrupted system call should be restarted",
		"A signal interrupted the call. It is restarted, unless a handler without SA_RESTART makes it EINTR."},
	{513, "ERESTARTNOINTR", "Interrupted system call will be restarted",
		"A signal interrupted the call. It is always restarted, after any handler."},
	{514, "ERESTARTNOHAND", "Interrupted system call will be restarted if there is no handler",
		"A signal interrupted the call. It is restarted if no handler ran, and becomes EINTR if one did."},
	{515, "ENOIOCTLCMD", "No such ioctl command",
		"A driver does not know the ioctl. The kernel turns it into ENOTTY before the program sees it."},
	{516, "ERESTART_RESTARTBLOCK", "Interrupted system call will be restarted by restart_syscall",
		"A signal interrupted a call with a time limit. Without a handler it goes on through restart_syscall for the time left; a handler makes it EINTR, even with SA_RESTART."},
}

// Restarts says whether the result -n of a system call asks the kernel to make the
// call again once the signal that interrupted it has been seen to: ERESTARTSYS,
// ERESTARTNOINTR, ERESTARTNOHAND and ERESTART_RESTARTBLOCK of include/linux/errno.h.
// 515 lies between them and is another thing.
func Restarts(n int) bool { return 512 <= n && n <= 514 || n == 516 }

// ErrnoName is the name of error number n, "EPERM", or "errno 999" for one that
// is not known.
func ErrnoName(n int) string {
	if e, ok := errnoByNumber(n); ok {
		return e.Name
	}
	return fmt.Sprintf("errno %d", n)
}

// ErrnoText is the text of error number n as strerror(3) gives it, "Operation
// not permitted", or "Unknown error 999" for one that is not known.
func ErrnoText(n int) string {
	if e, ok := errnoByNumber(n); ok {
		return e.Text
	}
	return fmt.Sprintf("Unknown error %d", n)
}

func errnoByNumber(n int) (Errno, bool) {
	for _, e := range Errnos {
		if e.Number == n {
			return e, true
		}
	}
	return Errno{}, false
}
