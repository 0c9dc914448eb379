package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The parsers of this file are pure: bytes in, values out. The formats are
// those of proc_pid_status(5), proc_pid_stat(5) and user_namespaces(7).

// unknown is a number that a file does not give: an older kernel, for example.
const unknown = -1

// ids are the four user or group ids of a thread.
type ids struct{ Real, Effective, Saved, FS int }

// one says whether the three ids that the kernel compares are the same.
func (i ids) one() bool { return i.Real == i.Effective && i.Real == i.Saved }

// is says whether all three are id.
func (i ids) is(id int) bool { return i.one() && i.Real == id }

// status is what is needed of /proc/PID/status.
type status struct {
	Name           string
	State          byte // 'R', 'S', 'Z' ...
	Tgid, Pid      int
	PPid           int
	TracerPid      int // a thread id; 0 if there is none, or none to be seen
	UID, GID       ids
	Kthread        int // 1, 0, or unknown before Linux 6.10
	CapPrm, CapEff caps
	Seccomp        int    // 0, 1 strict, 2 filter, or unknown
	NoNewPrivs     int    // 0 or 1
	SigPnd         uint64 // signals that wait for this thread: bit n-1 is signal n
}

// parseStatus reads the text of /proc/PID/status. An error names the line that
// is missing or not of its form.
func parseStatus(text []byte) (status, error) {
	s := status{Kthread: unknown, Seccomp: unknown}
	need := map[string]bool{"Name": true, "State": true, "Tgid": true, "Pid": true,
		"PPid": true, "TracerPid": true, "Uid": true, "Gid": true}
	for line := range bytes.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), ":")
		if !ok {
			continue
		}
		value = strings.TrimPrefix(value, "\t")
		var err error
		switch key {
		case "Name":
			s.Name = unescape(value)
		case "State":
			if value == "" {
				err = errors.New("empty")
			} else {
				s.State = value[0]
			}
		case "Tgid":
			s.Tgid, err = parseID(value)
		case "Pid":
			s.Pid, err = parseID(value)
		case "PPid":
			s.PPid, err = parseID(value)
		case "TracerPid":
			s.TracerPid, err = parseID(value)
		case "Uid":
			s.UID, err = parseIDs(value)
		case "Gid":
			s.GID, err = parseIDs(value)
		case "Kthread":
			s.Kthread, err = parseID(value)
		case "CapPrm":
			s.CapPrm, err = parseCaps(value)
		case "CapEff":
			s.CapEff, err = parseCaps(value)
		case "Seccomp":
			s.Seccomp, err = parseID(value)
		case "NoNewPrivs":
			s.NoNewPrivs, err = parseID(value)
		case "SigPnd":
			s.SigPnd, err = strconv.ParseUint(value, 16, 64)
		}
		if err != nil {
			return status{}, fmt.Errorf("status: %s: %q: %w", key, value, err)
		}
		delete(need, key)
	}
	for key := range need {
		return status{}, fmt.Errorf("status: no line %s", key)
	}
	return s, nil
}

// unescape undoes what the kernel does to a name in status: a newline is
// written as \n, a backslash as \\.
func unescape(name string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(name)
}

// parseID reads one number that is not negative.
func parseID(s string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	return int(n), err
}

// parseIDs reads "real effective saved fs".
func parseIDs(s string) (ids, error) {
	field := strings.Fields(s)
	if len(field) != 4 {
		return ids{}, errors.New("not four ids")
	}
	var n [4]int
	for i := range n {
		var err error
		if n[i], err = parseID(field[i]); err != nil {
			return ids{}, err
		}
	}
	return ids{n[0], n[1], n[2], n[3]}, nil
}

// stat is what is needed of /proc/PID/stat.
type stat struct {
	Pid   int
	Comm  string
	State byte
	PPid  int
	Flags uint64 // PF_KTHREAD and others, include/linux/sched.h
	Start uint64 // when it started, in clock ticks since the boot
}

// The flags PF_KTHREAD and PF_EXITING.
const (
	kernelThreadFlag = 0x200000
	exitingFlag      = 0x4
)

// parseStat reads the text of /proc/PID/stat. The name stands in brackets and
// may hold brackets, spaces and newlines itself: it ends at the last ')'.
func parseStat(text []byte) (stat, error) {
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return stat{}, fmt.Errorf("stat: no name in brackets in %q", text)
	}
	s := stat{Comm: string(text[open+1 : end])}
	rest := strings.Fields(string(text[end+1:]))
	if len(rest) < 20 || len(rest[0]) != 1 {
		return stat{}, fmt.Errorf("stat: not a state and 19 numbers behind the name: %q", text[end+1:])
	}
	s.State = rest[0][0]
	var err [4]error
	s.Pid, err[0] = parseID(string(text[:open]))
	s.PPid, err[1] = parseID(rest[1])
	s.Flags, err[2] = strconv.ParseUint(rest[6], 10, 64)
	s.Start, err[3] = strconv.ParseUint(rest[19], 10, 64)
	if err := errors.Join(err[:]...); err != nil {
		return stat{}, fmt.Errorf("stat: %w", err)
	}
	return s, nil
}

// idRange is one line of uid_map: Count ids from Inside on, in the namespace,
// are the ids from Outside on, outside it.
type idRange struct{ Inside, Outside, Count int }

// parseUIDMap reads the text of /proc/PID/uid_map. It is empty while nothing is
// mapped.
func parseUIDMap(text []byte) ([]idRange, error) {
	var ranges []idRange
	for line := range bytes.Lines(text) {
		field := strings.Fields(string(line))
		if len(field) != 3 {
			return nil, fmt.Errorf("uid_map: %q is not three numbers", line)
		}
		var n [3]int
		for i := range n {
			var err error
			if n[i], err = parseID(field[i]); err != nil {
				return nil, fmt.Errorf("uid_map: %w", err)
			}
		}
		ranges = append(ranges, idRange{n[0], n[1], n[2]})
	}
	return ranges, nil
}

// mapped says whether the id exists inside the namespace. One that does not is
// shown as 65534.
func mapped(ranges []idRange, id int) bool {
	for _, r := range ranges {
		if id >= r.Inside && id-r.Inside < r.Count {
			return true
		}
	}
	return false
}

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
