package procfs

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"

	"ptwalk/tracer"
)

// Map is one line of /proc/PID/maps, see proc_pid_maps(5).
type Map struct {
	Start, End tracer.Addr // End is the first address behind it
	Perms      string      // "r-xp"
	Offset     uint64      // of Start in the file, in bytes
	Dev        string      // "08:01"
	Inode      uint64      // 0 if no file is mapped
	Path       string      // of the file; a name like "[stack]"; or ""
	Deleted    bool        // the kernel wrote " (deleted)" behind the path
}

// Contains says whether a lies in the mapping.
func (m Map) Contains(a tracer.Addr) bool { return m.Start <= a && a < m.End }

// Maps reads the mappings of a process, in the order of their addresses. The error
// is that of reading /proc/PID/maps: [os.ErrNotExist] if there is no such process,
// [os.ErrPermission] if it is not ours to look at.
func Maps(pid tracer.TID) ([]Map, error) {
	f, err := os.Open(file(pid, "maps"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 64<<20))
	if err != nil {
		return nil, err
	}
	maps, err := ParseMaps(text)
	if err != nil {
		return nil, fmt.Errorf("process %v: %w", pid, err)
	}
	return maps, nil
}

// MapOf returns the mapping, of all in the order of their addresses, that a lies
// in.
func MapOf(all []Map, a tracer.Addr) (Map, bool) {
	n := sort.Search(len(all), func(n int) bool { return all[n].End > a })
	if n < len(all) && all[n].Contains(a) {
		return all[n], true
	}
	return Map{}, false
}

// FixedCode says whether the code of a mapping stays what it is as long as all
// the mappings do: it is private, the program may not write it, and no other
// mapping is for writing the same file.
func FixedCode(m Map, all []Map) bool {
	if m.Perms != "r-xp" || m.Path == "[vsyscall]" {
		return false
	}
	return m.Inode == 0 || !slices.ContainsFunc(all, func(o Map) bool {
		return o.Inode == m.Inode && o.Dev == m.Dev && o.Perms[1] == 'w' && o.Perms[3] == 's'
	})
}

// Executable says whether the mapping may hold code that runs.
func (m Map) Executable() bool { return len(m.Perms) > 2 && m.Perms[2] == 'x' }

// ParseMaps reads the text of /proc/PID/maps. An error names the line that is
// not of its form. A newline in a path, which the kernel writes as \012, comes
// out as a newline: quote a path before it is printed.
func ParseMaps(text []byte) ([]Map, error) {
	var maps []Map
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		m, ok := parseMap(strings.TrimSuffix(line, "\n"))
		if !ok {
			return nil, fmt.Errorf("line %d of maps: %q is not a mapping", n, line)
		}
		maps = append(maps, m)
	}
	return maps, nil
}

// parseMap reads "start-end perms offset dev inode path". The path begins at
// the first byte after the spaces and may hold spaces itself.
func parseMap(line string) (m Map, ok bool) {
	var field [5]string
	rest := line
	for n := range field {
		field[n], rest, _ = strings.Cut(rest, " ")
	}
	start, end, _ := strings.Cut(field[0], "-")
	var errs [4]error
	var from, to uint64
	from, errs[0] = strconv.ParseUint(start, 16, 64)
	to, errs[1] = strconv.ParseUint(end, 16, 64)
	m.Offset, errs[2] = strconv.ParseUint(field[2], 16, 64)
	m.Inode, errs[3] = strconv.ParseUint(field[4], 10, 64)
	for _, err := range errs {
		if err != nil {
			return Map{}, false
		}
	}
	m.Start, m.End, m.Perms, m.Dev = tracer.Addr(from), tracer.Addr(to), field[1], field[3]
	if m.Start > m.End || len(m.Perms) != 4 || m.Dev == "" {
		return Map{}, false
	}
	m.Path, m.Deleted = strings.CutSuffix(strings.TrimLeft(rest, " "), " (deleted)")
	m.Path = strings.ReplaceAll(m.Path, `\012`, "\n")
	return m, true
}
