package docs

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ptwalk/tracer/doctor"
)

// stubSSH answers for three hosts, as ssh does, and knows no other.
const stubSSH = `#!/bin/sh
for word; do
	shift
	[ "$word" = -- ] && break
done
case $1 in
good | bad) [ "$2" = "ptwalk doctor --json" ] && cat "$ANSWERS/$1.json" ;;
bare) echo "sh: 1: ptwalk: not found" >&2; exit 127 ;;
*) echo "ssh: Could not resolve hostname $1" >&2; exit 255 ;;
esac
`

// TestRoomCheck: who of a room can run which lesson, and why the others cannot. The
// answers are the doctor's own; only ssh is a stub.
func TestRoomCheck(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), data, mode); err != nil {
			t.Fatal(err)
		}
	}
	write("ssh", []byte(stubSSH), 0o755)
	for name, report := range map[string]doctor.Report{
		"good": {OK: true, Checks: []doctor.Check{{Name: "traceme", Result: "ok", Code: "PT-OK"}}, Requirements: map[string]doctor.Works{"1": "ok", "2": "ok"}},
		"bad": {Checks: []doctor.Check{{Name: "traceme", Result: "ok", Code: "PT-OK"}, {Name: "attach", Result: "fail", Code: "PT-YAMA-3", Why: "It says: no {here}."}},
			Requirements: map[string]doctor.Works{"1": "ok", "2": "no"}},
	} {
		var out bytes.Buffer
		if err := report.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		write(name+".json", out.Bytes(), 0o644)
	}
	lines := []string{
		"good                 1:ok 2:ok",
		"bad                  1:ok 2:no PT-YAMA-3",
		"bare                 no answer: sh: 1: ptwalk: not found",
		"away                 no answer: ssh: Could not resolve hostname away",
	}
	for _, tt := range []struct {
		name   string
		args   []string
		want   []string
		status int
	}{
		{"named", []string{"good", "bad", "bare", "away"}, lines, 1},
		{"read", nil, lines, 1},
		{"all well", []string{"good", "good"}, []string{lines[0], lines[0]}, 0},
		{"one refuses", []string{"bad", "good"}, []string{lines[1], lines[0]}, 1},
		{"one is away", []string{"away", "good"}, []string{lines[3], lines[0]}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := exec.Command("sh", append([]string{"roomcheck.sh"}, tt.args...)...)
			check.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "ANSWERS="+dir, "PTWALK=")
			check.Stdin = strings.NewReader("good\nbad\nbare\naway\n")
			out, err := check.CombinedOutput()
			if check.ProcessState == nil {
				t.Fatal(err)
			}
			got, want := strings.TrimSpace(string(out)), strings.Join(tt.want, "\n")
			if status := check.ProcessState.ExitCode(); status != tt.status || got != want {
				t.Errorf("status %d\n%s\nwant %d\n%s", status, got, tt.status, want)
			}
		})
	}
}
