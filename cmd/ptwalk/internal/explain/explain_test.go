package explain

import (
	"strings"
	"testing"
)

// FuzzNegativeNumbers: a result such as -38 is no flag, and no word is lost.
func FuzzNegativeNumbers(f *testing.F) {
	f.Add("errno", "-38", "--json")
	f.Add("-1", "-1", "--")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		args := []string{a, b, c}
		got := negativeNumbers(args)
		if args[0] != a || args[1] != b || args[2] != c {
			t.Errorf("its operand was changed: %q", args)
		}
		for _, word := range args {
			if !strings.Contains(strings.Join(got, "\x00"), word) {
				t.Errorf("%q gives %q", args, got)
			}
		}
	})
}
