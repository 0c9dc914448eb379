package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
)

// neverStepped is why count and step take no process that runs already.
const neverStepped = "a process that runs already is never stepped, because it would die if ptwalk were killed meanwhile"

// refusePID adds the flag -p, which strace and gdb have, to a command that only
// starts programs. The flag is there to be refused with its reason.
func refusePID(fs *flag.FlagSet) {
	fs.Func("p", "a `pid` is refused: "+neverStepped, func(pid string) error {
		if _, err := onePID([]string{pid}); err != nil {
			return errors.New(neverStepped)
		}
		return fmt.Errorf("%s; ptwalk attach %s looks at it", neverStepped, pid)
	})
}

// asPID is what to add when a program is not found whose name is the number of a
// process.
func asPID(name string) string {
	if n, err := strconv.Atoi(name); err != nil || n <= 0 {
		return ""
	}
	if _, err := os.Stat("/proc/" + name); err != nil {
		return ""
	}
	return fmt.Sprintf("; as for process %s, %s", name, neverStepped)
}
