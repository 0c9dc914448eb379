package render

import (
	"slices"
	"strings"
	"testing"
)

func TestWrapColumns(t *testing.T) {
	for _, tt := range []struct {
		line  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"0123456789", 10, []string{"0123456789"}},
		{"one two three", 13, []string{"one two three"}},
		{"one two three", 12, []string{"one two", "  three"}},
		{"one two three", 7, []string{"one two", "  three"}},
		{"one two three", 6, []string{"one", "  two", "  thre", "  e"}},
		{"    deep", 6, []string{"    de", "  ep"}},
		{"averylongword and more", 8, []string{"averylon", "  gword", "  and", "  more"}},
		{"a verylongword", 8, []string{"a", "  verylo", "  ngword"}},
		{"column    column", 12, []string{"column", "  column"}},
		{"\x1b[1mone two\x1b[0m three", 9, []string{"\x1b[1mone two\x1b[0m", "  three"}},
		{"\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9", 7, []string{"\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9"}},
	} {
		if got := WrapColumns(tt.line, tt.width, 2); !slices.Equal(got, tt.want) {
			t.Errorf("Fold(%q, %d) = %q, want %q", tt.line, tt.width, got, tt.want)
		}
	}
}

// TestFoldKeepsWords sees that the words of a C line are all there, in order, at
// every width that they fit.
func TestWrapColumnsKeepsWords(t *testing.T) {
	c := `  tracer: process_vm_readv(4211, {0x7ffdeadbeef0, 64}, 1, {0x401000, 64}, 1, 0) = -1 EFAULT (Bad address)`
	for width := 30; width < 120; width++ {
		lines := WrapColumns(c, width, 6)
		if got := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); got != strings.TrimSpace(c) {
			t.Errorf("at %d columns it becomes %q", width, got)
		}
		for _, line := range lines {
			if len(line) > width {
				t.Errorf("%d columns, and not %d: %q", len(line), width, line)
			}
		}
	}
}
