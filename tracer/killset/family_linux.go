package killset

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"ptwalk/tracer/procfs"
)

// adoptOrphans asks for the orphans among our descendants, or asks no more. See
// prctl(2), PR_SET_CHILD_SUBREAPER (since Linux 3.4).
func adoptOrphans(on bool) bool {
	arg := uintptr(0)
	if on {
		arg = 1
	}
	return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, arg, 0, 0, 0) == nil
}

// childrenOf are the children of a process. Where the kernel lists them for each
// thread, the many other processes need not be looked at: CONFIG_PROC_CHILDREN.
func childrenOf(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, word := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(word); err == nil {
				all = append(all, child)
			}
		}
	}
	if len(lists) > 0 {
		return all
	}
	for _, p := range procfs.Processes() {
		if p.PPid == pid {
			all = append(all, p.Pid)
		}
	}
	return all
}
