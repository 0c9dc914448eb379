package program

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ParsePID reads the number of a process.
func ParsePID(word string) (int, error) {
	pid, err := strconv.ParseInt(word, 10, 32) // pid_t
	switch {
	case errors.Is(err, strconv.ErrRange) && pid > 0:
		return 0, fmt.Errorf("no PID is as large as %s", word)
	case err != nil || pid <= 0 || strings.HasPrefix(word, "+"):
		return 0, fmt.Errorf("a PID is a positive number, and %q is not", word)
	}
	return int(pid), nil
}

// neverStepped is why count and step take no process that runs already.
const neverStepped = "a process that runs already is never stepped, because it would die if ptwalk were killed meanwhile"

// RefusePID adds the flag -p, which strace and gdb have, to a command that only
// starts programs. The flag is there to be refused with its reason.
func RefusePID(fs *flag.FlagSet) {
	fs.Func("p", "a `pid` is refused: "+neverStepped, func(pid string) error {
		if _, err := ParsePID(pid); err != nil {
			return errors.New(neverStepped)
		}
		return fmt.Errorf("%s; ptwalk attach %s looks at it", neverStepped, pid)
	})
}

// asPID is what to add when a program is not found whose name is the number of a
// process.
func asPID(name string) string {
	if !IsPID(name) {
		return ""
	}
	return fmt.Sprintf("; as for process %s, %s", name, neverStepped)
}

// IsPID says whether a word is the number of a process that is there.
func IsPID(word string) bool {
	if n, err := strconv.Atoi(word); err != nil || n <= 0 {
		return false
	}
	_, err := os.Stat("/proc/" + word)
	return err == nil
}
