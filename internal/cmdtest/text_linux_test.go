package cmdtest

import (
	"strings"
	"testing"
)

// TestCheckCast sees that the check can fail.
func TestCheckCast(t *testing.T) {
	const header = `{"version":2,"width":40,"height":24}` + "\n"
	for _, bad := range []string{
		"", "hello", `{"version":1,"width":40,"height":24}`, header, header + "{}",
		header + `[1,"o","x"]` + "\n" + `[0.5,"o","x"]`, header + `[1,"i","x"]`, header + `[1,"o","\u0000"]`,
		header + `[1,"o","a\n"]`, header + `[1,"o","` + strings.Repeat("x", 41) + `"]`,
	} {
		if CheckCast(bad) == nil {
			t.Errorf("nothing is wrong with %q", bad)
		}
	}
}
