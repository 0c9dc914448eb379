// Gen writes the two tables of system call numbers, syscalls-x86-64.txt and
// syscalls-i386.txt, from the lists of golang.org/x/sys/unix, which are made
// from the kernel's own headers. Run it with go generate in tracer/names.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// constant is one line of a zsysnum file: SYS_EXECVE = 59.
var constant = regexp.MustCompile(`(?m)^\s+SYS_(\w+)\s+=\s+(\d+)$`)

func main() {
	log.SetFlags(0)
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		log.Fatal(err)
	}
	unix := filepath.Join(strings.TrimSpace(string(dir)), "unix")
	table(filepath.Join(unix, "zsysnum_linux_amd64.go"), "syscalls-x86-64.txt")
	table(filepath.Join(unix, "zsysnum_linux_386.go"), "syscalls-i386.txt")
}

// table writes one line "number name" for each constant of source.
func table(source, target string) {
	text, err := os.ReadFile(source)
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	for _, m := range constant.FindAllSubmatch(text, -1) {
		fmt.Fprintf(&out, "%s %s\n", m[2], strings.ToLower(string(m[1])))
	}
	if err := os.WriteFile(target, out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
