package procfs

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Caps is a set of capabilities, one bit each: see capabilities(7).
type Caps uint64

// CapSysPtrace is CAP_SYS_PTRACE, which overrides owners, Yama up to 2 and the
// dumpable flag.
const CapSysPtrace Caps = 1 << 19

// ParseCaps reads sixteen hexadecimal digits, as of the line CapEff.
func ParseCaps(s string) (Caps, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 16, 64)
	return Caps(n), err
}

// Has says whether all of want are in the set.
func (c Caps) Has(want Caps) bool { return c&want == want }

// Without are the capabilities of c that other lacks.
func (c Caps) Without(other Caps) Caps { return c &^ other }

// String names the capability, or the first of several and how many follow.
func (c Caps) String() string {
	for bit := range 64 {
		one := Caps(1) << bit
		if !c.Has(one) {
			continue
		}
		name := fmt.Sprintf("capability %d", bit)
		if bit < len(capNames) {
			name = "CAP_" + capNames[bit]
		}
		if more := bits.OnesCount64(uint64(c)) - 1; more > 0 {
			name += fmt.Sprintf(" and %d more", more)
		}
		return name
	}
	return "no capability"
}

// capNames are the names by bit, from include/uapi/linux/capability.h.
var capNames = []string{
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
	"SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
	"CHECKPOINT_RESTORE",
}
