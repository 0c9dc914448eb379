package explain

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/tracer"
)

// TestMacrosOfC asks the C library's macros about the same statuses.
func TestMacrosOfC(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc: the macros of C cannot be asked here")
	}
	statuses := []uint32{0x0000, 0x0100, 0x2a00, 0xff00, 0x0009, 0x000b, 0x008b, 0x0022, 0x057f, 0x0a7f, 0x137f, 0x857f, 0x4057f, 0x6057f, 0x80057f, 0x80137f, 0xffff}
	program := filepath.Join(t.TempDir(), "macros")
	compile := exec.Command(gcc, "-x", "c", "-o", program, "-")
	source := `#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
static void ask(int status)
{
	if (WIFCONTINUED(status))
		puts("WIFCONTINUED");
	else if (WIFEXITED(status))
		printf("WIFEXITED, WEXITSTATUS is %d\n", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		printf("WIFSIGNALED, WTERMSIG is %d%s\n", WTERMSIG(status), WCOREDUMP(status) ? ", WCOREDUMP" : "");
	else if (WIFSTOPPED(status) && WSTOPSIG(status) & 0x80)
		printf("WIFSTOPPED, WSTOPSIG is SIG%s|0x80\n", sigabbrev_np(WSTOPSIG(status) & 0x7f));
	else if (WIFSTOPPED(status))
		printf("WIFSTOPPED, WSTOPSIG is SIG%s, %d\n", sigabbrev_np(WSTOPSIG(status)), status >> 16);
}
int main(void)
{
`
	for _, status := range statuses {
		source += fmt.Sprintf("\task(%d);\n", status)
	}
	compile.Stdin = strings.NewReader(source + "}\n")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(statuses) {
		t.Fatalf("%d lines for %d statuses", len(lines), len(statuses))
	}
	for i, status := range statuses {
		stop := tracer.DecodeStatus(tracer.Status(status))
		ours := strings.ReplaceAll(macros(stop), "and ", "")
		for _, part := range strings.Split(lines[i], ", ") {
			if part == fmt.Sprint(stop.Event) {
				continue // told by its name, which the tables' test holds against the headers
			}
			if !strings.Contains(ours, part) {
				t.Errorf("0x%04x: C says %q, explain %q", status, lines[i], ours)
			}
		}
		if pages, err := Words([]string{"status", fmt.Sprintf("%#x", status)}, ""); err != nil || pages[0].Kind != "status" {
			t.Errorf("status %#x: %v", status, err)
		}
	}
}

// TestStatusesThatDoNotHappen: no page says that a signal has killed that cannot, or
// draws a status as what it is not.
func TestStatusesThatDoNotHappen(t *testing.T) {
	for status := range 0x10000 {
		for _, p := range statusPages(fmt.Sprint(status)) {
			if strings.Contains(p.Title, "killed by signal") || strings.Contains(p.Title, "killed by SIGSTOP") || strings.Contains(p.Title, "unknown") {
				t.Errorf("%#x: %s", status, p.Title)
			}
		}
	}
	for _, p := range statusPages("0xffff") {
		if p.Status != nil {
			t.Error("0xffff is drawn as a stop")
		}
	}
}
