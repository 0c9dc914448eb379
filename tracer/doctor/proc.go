package doctor

import (
	"bytes"
	"strings"
)

// parseLSMs reads /sys/kernel/security/lsm, "lockdown,capability,yama".
func parseLSMs(text []byte) []string {
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r <= ' ' })
}

// emulator names what translates our instructions, as far as it shows. cpuinfo
// is the text of /proc/cpuinfo, handlers are the names in
// /proc/sys/fs/binfmt_misc, arch is the GOARCH of this program. A machine does
// not register a handler for programs that it runs itself.
func emulator(arch string, cpuinfo []byte, handlers []string) string {
	foreign := map[string]string{"amd64": "CPU implementer", "386": "CPU implementer", "arm64": "vendor_id"}[arch]
	qemu := map[string]string{"amd64": "qemu-x86_64", "386": "qemu-i386", "arm64": "qemu-aarch64"}[arch]
	rosetta := bytes.Contains(cpuinfo, []byte("VirtualApple"))
	qemuUser := foreign != "" && bytes.Contains(cpuinfo, []byte(foreign))
	for _, h := range handlers {
		rosetta = rosetta || h == "rosetta" && arch == "amd64"
		qemuUser = qemuUser || h == qemu
	}
	switch {
	case rosetta:
		return "Rosetta"
	case qemuUser:
		return "qemu-user"
	}
	return ""
}
