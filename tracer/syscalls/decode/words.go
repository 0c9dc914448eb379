package decode

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// speller spells one argument. The parameter is what stands behind the colon of its
// kind.
type speller func(d *Decoder, v uint64, parameter string) string

// kindsOf are the kinds of syscallkinds.txt that take one argument. One that is not
// here is a word in hexadecimal.
var kindsOf map[string]speller

func init() {
	kindsOf = map[string]speller{
		"ioctlreq":   spellIoctlRequest,
		"int":        func(_ *Decoder, v uint64, _ string) string { return decimal(int64(int32(v))) },
		"uint":       func(_ *Decoder, v uint64, _ string) string { return strconv.FormatUint(v&0xffffffff, 10) },
		"size":       func(_ *Decoder, v uint64, _ string) string { return strconv.FormatUint(v, 10) },
		"off":        func(d *Decoder, v uint64, _ string) string { return decimal(d.signed(v)) },
		"addr":       func(_ *Decoder, v uint64, _ string) string { return addr(v) },
		"offset":     spellHex,
		"pageoffset": func(_ *Decoder, v uint64, _ string) string { return hex(v << 12) },
		"fd":         func(_ *Decoder, v uint64, _ string) string { return decimal(int64(int32(v))) },
		"pid":        func(_ *Decoder, v uint64, _ string) string { return decimal(int64(int32(v))) },
		"dirfd":      spellDirFD,
		"uid":        spellID,
		"mode":       func(_ *Decoder, v uint64, _ string) string { return octal(v) },
		"signal":     func(_ *Decoder, v uint64, _ string) string { return signalName(int(int32(v))) },
		"c":          func(_ *Decoder, v uint64, set string) string { return names.ArgWords(set).One(v & 0xffffffff) },
		"f":          spellFlags,
		"openflags":  func(_ *Decoder, v uint64, _ string) string { return names.ArgWords("open").Flags(v & 0xffffffff) },
		"protocol":   spellProtocol,
		"dev":        func(_ *Decoder, v uint64, _ string) string { return device(v) },
		"mknodmode":  func(_ *Decoder, v uint64, _ string) string { return fileMode(v & 0xffff) },
		"ptracereq":  func(_ *Decoder, v uint64, _ string) string { return names.RequestName(v) },
		"restarted": func(d *Decoder, _ uint64, _ string) string {
			return "<... resuming interrupted " + d.call.Before + " ...>"
		},
		"path":           spellPath,
		"str":            spellString,
		"buf":            spellBuffer,
		"hexbuf":         spellRandom,
		"pathbuf":        spellLink,
		"cwd":            spellCwd,
		"argv":           spellStrings,
		"envp":           spellEnvironment,
		"stat":           spellStat,
		"statx":          spellStatx,
		"timespec":       structOf("{tv_sec=%d, tv_nsec=%d}", word, word),
		"timespec64":     structOf("{tv_sec=%d, tv_nsec=%d}", wide, wide),
		"timeval":        structOf("{tv_sec=%d, tv_usec=%d}", word, word),
		"timezone":       structOf("{tz_minuteswest=%d, tz_dsttime=%d}", half, half),
		"itimerval":      structOf("{it_interval={tv_sec=%d, tv_usec=%d}, it_value={tv_sec=%d, tv_usec=%d}}", word, word, word, word),
		"timespecleft":   spellTimeLeft,
		"timespec64left": spellTimeLeft64,
		"timespecs":      spellFileTimes,
		"timevals":       structOf("[{tv_sec=%d, tv_usec=%d}, {tv_sec=%d, tv_usec=%d}]", word, word, word, word),
		"timep":          structOf("[%d]", word),
		"rlimit":         spellLimit,
		"rlimit64":       spellLimit,
		"fds":            structOf("[%d, %d]", half, half),
		"off64p":         structOf("[%d]", wide),
		"uidp":           structOf("[%d]", half),
		"uintp":          structOf("[%d]", half),
		"pollfds":        spellPollFDs,
		"epollevent":     spellEpollEvent,
		"epollevents":    spellEpollEvents,
		"dirents":        spellEntries,
		"cpus":           spellCPUs,
		"cpusin":         spellCPUs,
		"groups":         spellGroupsRead,
		"groupsin":       spellGroups,
		"sigset":         spellSigSet,
		"sigaction":      spellAction,
		"sigframe":       spellFrame,
		"siginfo":        spellSigInfo,
		"ss":             spellStack,
		"wstatus":        spellWaitStatus,
		"rusage":         spellUsage,
		"sysinfo":        spellSysinfo,
		"utsname":        spellUname,
		"iovec":          spellVector,
		"sockaddr":       spellAddress,
		"sockaddrlen":    spellAddressRead,
		"socklen":        spellLength,
		"msghdr":         spellMessage,
		"msghdrin":       spellMessageRead,
		"personality":    func(_ *Decoder, v uint64, _ string) string { return hex(v & 0xffffffff) },
	}
}

func hex(v uint64) string {
	if v == 0 {
		return "0"
	}
	return "0x" + strconv.FormatUint(v, 16)
}

func addr(v uint64) string {
	if v == 0 {
		return "NULL"
	}
	return hex(v)
}

func decimal(v int64) string { return strconv.FormatInt(v, 10) }

// octal writes the bits of a mode: at least three digits, or one and a 0.
func octal(v uint64) string {
	switch text := strconv.FormatUint(v&0xffff, 8); {
	case v&0xffff == 0:
		return "000"
	case len(text) == 1:
		return "00" + text
	default:
		return "0" + text
	}
}

func spellHex(_ *Decoder, v uint64, _ string) string { return hex(v) }

func spellFlags(_ *Decoder, v uint64, set string) string {
	if set != "clone" {
		v &= 0xffffffff // an int
	}
	return names.ArgWords(set).Flags(v)
}

// atCWD is AT_FDCWD of <linux/fcntl.h>.
const atCWD = -100

func spellDirFD(_ *Decoder, v uint64, _ string) string {
	if int32(v) == atCWD {
		return "AT_FDCWD"
	}
	return decimal(int64(int32(v)))
}

// spellID is a user or group id; -1 leaves it as it is.
func spellID(_ *Decoder, v uint64, _ string) string {
	if uint32(v) == 0xffffffff {
		return "-1"
	}
	return strconv.FormatUint(v&0xffffffff, 10)
}

// spellProtocol depends on the domain of the socket, the first argument.
func spellProtocol(d *Decoder, v uint64, _ string) string {
	const inet, inet6, netlink = 2, 10, 16
	switch d.arg(0) {
	case inet, inet6:
		return names.ArgWords("ipproto").One(v & 0xffffffff)
	case netlink:
		return names.ArgWords("netlink").One(v & 0xffffffff)
	}
	return decimal(int64(int32(v)))
}

// signalName is the name of a signal as strace has it: the real-time ones count from
// the kernel's own SIGRTMIN.
func signalName(n int) string {
	switch {
	case 0 < n && n < 32, n == 32:
		return names.SignalName(n)
	case 32 < n && n <= 64:
		return fmt.Sprintf("SIGRT_%d", n-32)
	}
	return strconv.Itoa(n)
}

// device takes a dev_t apart, as makedev(3) puts it together.
func device(v uint64) string {
	major := v>>8&0xfff | v>>32&^0xfff
	minor := v&0xff | v>>12&^0xff
	return fmt.Sprintf("makedev(%s, %s)", hexAlways(major&0xffffffff), hexAlways(minor&0xffffffff))
}

func hexAlways(v uint64) string { return "0x" + strconv.FormatUint(v, 16) }

// wordSize is the size of a pointer.
func (d *Decoder) wordSize() int {
	if d.call.Arch == tracer.I386 {
		return 4
	}
	return 8
}

// signed reads a word as a signed number of its size.
func (d *Decoder) signed(v uint64) int64 {
	if d.call.Arch == tracer.I386 {
		return int64(int32(v))
	}
	return int64(v)
}

// pointer reads a word of the program's size.
func (d *Decoder) pointer(a uint64) (uint64, bool) {
	b, ok := d.bytesAt(a, d.wordSize())
	if !ok {
		return 0, false
	}
	return d.wordOf(b), true
}

func (d *Decoder) wordOf(b []byte) uint64 {
	if d.call.Arch == tracer.I386 {
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}

// length64 is the number that a kind has behind its colon: "ret" for the result, or the
// argument of that number. It is false where there is none, as after a failed call.
func (d *Decoder) length64(what string) (uint64, bool) {
	if what == "ret" {
		return uint64(d.call.Result), d.exit && !d.call.Failed && d.call.Result >= 0
	}
	i, err := strconv.Atoi(what)
	return d.arg(i), err == nil
}
