package stage

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// atFunc is the place of a function: a section, or what a command does.
func atFunc(f any) string {
	pc := reflect.ValueOf(f).Pointer()
	file, line := runtime.FuncForPC(pc).FileLine(pc)
	return place(file, line)
}

// place is file and line relative to the module, for the files of lessons and
// commands; "" for others.
func place(file string, line int) string {
	i := max(strings.LastIndex(file, "/lessons/"), strings.LastIndex(file, "/cmd/"))
	if i < 0 || strings.HasPrefix(file[i:], "/lessons/stage/") {
		return ""
	}
	return file[i+1:] + ":" + itoa(line)
}

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

func itoa(n int) string { return strconv.Itoa(n) }
