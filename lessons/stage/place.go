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

// module is the folder of the module, as the compiler has written it down, with a
// slash at its end.
var module = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(file, "lessons/stage/place.go")
}()

// place is file and line relative to the module, for the files of lessons and
// commands; "" for others.
func place(file string, line int) string {
	file, ours := strings.CutPrefix(file, module)
	if !ours || strings.HasPrefix(file, "lessons/stage/") || !strings.HasPrefix(file, "lessons/") && !strings.HasPrefix(file, "cmd/") {
		return ""
	}
	return file + ":" + itoa(line)
}

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

func itoa(n int) string { return strconv.Itoa(n) }
