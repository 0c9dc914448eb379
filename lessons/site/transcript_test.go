package site

import (
	"strings"
	"testing"
)

// TestWhatThePageShows: a transcript on the site has the lines that the chapter
// shows of it, and no others: neither more of a piece, nor all for want of a match.
func TestWhatThePageShows(t *testing.T) {
	all, _ := built(t)
	r := all[0]
	tr := &transcripts{recording: r, run: runOf(r.Events), anchors: map[string]bool{}, shown: map[int]bool{}}
	events := section(r.Events, 1)
	whole := transcript(events, nil)
	for _, tt := range []struct{ page, want string }{
		{"  tracer  fork()                                                = child", "fork()"},
		{"  tracer  fork()                                                = child\n  ...\n" +
			"  tracer  wait4(child, &status, __WALL|__WNOTHREAD, NULL)       = child", "fork() ... wait4("},
	} {
		groups, omits := tr.chosen(events, tt.page)
		if len(groups) != strings.Count(tt.page, "tracer") {
			t.Fatalf("%q: %d groups are shown of %d", tt.page, len(groups), len(whole))
		}
		got := ""
		for i, g := range groups {
			if omits[i] {
				got += " ... "
			}
			got += strings.Join(g.lines, "\n")
		}
		for _, want := range strings.Split(tt.want, " ... ") {
			if !strings.Contains(got, want) {
				t.Errorf("%q is shown as %q, without %q", tt.page, got, want)
			}
		}
		if strings.Contains(got, "child") || strings.Contains(tt.want, "...") != strings.Contains(got, "...") {
			t.Errorf("%q is shown as %q", tt.page, got)
		}
	}
	if groups, _ := tr.chosen(events, "  tracer  no such line"); len(groups) != len(whole) {
		t.Errorf("of another run %d groups are shown, want all %d", len(groups), len(whole))
	}
}
