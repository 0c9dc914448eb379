package procfs

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// IDs are the four user or group ids of a thread.
type IDs struct{ Real, Effective, Saved, FS int }

// One says whether the three ids that the kernel compares are the same.
func (i IDs) One() bool { return i.Real == i.Effective && i.Real == i.Saved }

// Is says whether all three are id.
func (i IDs) Is(id int) bool { return i.One() && i.Real == id }

// Status is what is needed of /proc/TID/status, proc_pid_status(5).
type Status struct {
	Name           string
	State          byte // 'R', 'S', 'Z' ...
	Tgid, Pid      int
	PPid           int
	TracerPid      int // a thread id; 0 if there is none, or none to be seen
	UID, GID       IDs
	Kthread        int // 1, 0, or Unknown before Linux 6.10
	CapPrm, CapEff Caps
	Seccomp        int           // 0, 1 strict, 2 filter, or Unknown
	NoNewPrivs     int           // 0 or 1
	SigPnd         tracer.SigSet // signals that wait for this thread
}

// ParseStatus reads the text of /proc/TID/status. An error names the line that
// is missing or not of its form.
func ParseStatus(text []byte) (Status, error) {
	s := Status{Kthread: Unknown, Seccomp: Unknown}
	need := map[string]bool{"Name": true, "State": true, "Tgid": true, "Pid": true,
		"PPid": true, "TracerPid": true, "Uid": true, "Gid": true}
	numbers := map[string]*int{"Tgid": &s.Tgid, "Pid": &s.Pid, "PPid": &s.PPid, "TracerPid": &s.TracerPid,
		"Kthread": &s.Kthread, "Seccomp": &s.Seccomp, "NoNewPrivs": &s.NoNewPrivs}
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
		case "Uid":
			s.UID, err = parseIDs(value)
		case "Gid":
			s.GID, err = parseIDs(value)
		case "CapPrm":
			s.CapPrm, err = ParseCaps(value)
		case "CapEff":
			s.CapEff, err = ParseCaps(value)
		case "SigPnd":
			s.SigPnd, err = parseSignals(value)
		default:
			if n := numbers[key]; n != nil {
				*n, err = parseID(value)
			}
		}
		if err != nil {
			return Status{}, fmt.Errorf("status: %s: %q: %w", key, value, err)
		}
		delete(need, key)
	}
	for key := range need {
		return Status{}, fmt.Errorf("status: no line %s", key)
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
func parseIDs(s string) (IDs, error) {
	field := strings.Fields(s)
	if len(field) != 4 {
		return IDs{}, errors.New("not four ids")
	}
	var n [4]int
	for i := range n {
		var err error
		if n[i], err = parseID(field[i]); err != nil {
			return IDs{}, err
		}
	}
	return IDs{n[0], n[1], n[2], n[3]}, nil
}

// IDRange is one line of /proc/PID/uid_map, user_namespaces(7): Count ids from Inside on, in the namespace,
// are the ids from Outside on, outside it.
type IDRange struct{ Inside, Outside, Count int }

// ParseIDMap reads the text of /proc/PID/uid_map. It is empty while nothing is
// mapped.
func ParseIDMap(text []byte) ([]IDRange, error) {
	var ranges []IDRange
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
		ranges = append(ranges, IDRange{n[0], n[1], n[2]})
	}
	return ranges, nil
}

// Mapped says whether the id exists inside the namespace. One that does not is
// shown as 65534.
func Mapped(ranges []IDRange, id int) bool {
	for _, r := range ranges {
		if id >= r.Inside && id-r.Inside < r.Count {
			return true
		}
	}
	return false
}
