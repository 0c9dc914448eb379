package docs

import (
	"os"
	"testing"

	"ptwalk/lessons"
)

// TestSectionMinutes: the minutes of the sections are those of the lesson, and each
// section has some.
func TestSectionMinutes(t *testing.T) {
	for _, l := range lessons.All {
		minutes, err := sectionMinutes(os.DirFS(root), l)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for i, m := range minutes {
			if sum += m; m < 1 {
				t.Errorf("section %d.%d has %d minutes", l.Number, i+1, m)
			}
		}
		if sum != l.Minutes || len(minutes) != len(l.Sections) {
			t.Errorf("lesson %d has %d minutes, and its sections %v", l.Number, l.Minutes, minutes)
		}
	}
}
