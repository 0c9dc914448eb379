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
	want := []string{
		"good                 1:ok 2:ok",
		"bad                  1:ok 2:no PT-YAMA-3",
		"bare                 no answer: sh: 1: ptwalk: not found",
		"away                 no answer: ssh: Could not resolve hostname away",
	}
	for name, args := range map[string][]string{"named": {"good", "bad", "bare", "away"}, "read": nil} {
		t.Run(name, func(t *testing.T) {
			check := exec.Command("sh", append([]string{"roomcheck.sh"}, args...)...)
			check.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "ANSWERS="+dir, "PTWALK=")
			check.Stdin = strings.NewReader("good\nbad\nbare\naway\n")
			out, err := check.CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != strings.Join(want, "\n") {
				t.Errorf("%v\n%s\nwant\n%s", err, got, strings.Join(want, "\n"))
			}
		})
	}
}
