package supervise

import (
	"os"
	"testing"
)

func TestParentStandsBehindTheName(t *testing.T) {
	for stat, want := range map[string]int{
		"7 (a) S 4 7 7": 4, "7 (a) R 9) S 4 7": 4, "7 (a\n) S 4": 4, "7 (a) S": 0, "7 (a) S -1": 0, "7 (a) S x": 0, "": 0,
	} {
		if got := parentIn(stat); got != want {
			t.Errorf("parentIn(%q) = %d, want %d", stat, got, want)
		}
	}
}

func FuzzParentIn(f *testing.F) {
	if own, err := os.ReadFile("/proc/self/stat"); err == nil {
		f.Add(string(own))
	}
	f.Add("7 (a) R (b) S 1 2\n")
	f.Fuzz(func(t *testing.T, stat string) {
		if got := parentIn(stat); got < 0 {
			t.Errorf("%q gives %d", stat, got)
		}
	})
}
