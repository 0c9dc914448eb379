package lessons

import "testing"

// TestParts: each lesson stands in one part, and the parts keep their order.
func TestParts(t *testing.T) {
	n := 0
	for _, p := range Parts() {
		for _, l := range p.Lessons() {
			if n >= len(All) || All[n] != l {
				t.Fatalf("%s: lesson %d is out of order", p.Title, l.Number)
			}
			n++
		}
		if p.Title == "" || p.About == "" {
			t.Errorf("a part without a title, or without a word about it: %+v", p)
		}
	}
	if n != len(All) {
		t.Errorf("%d of %d lessons stand in a part", n, len(All))
	}
	for i, p := range parts[1:] {
		if p.first != parts[i].last+1 {
			t.Errorf("%s begins with %d, after %d", p.Title, p.first, parts[i].last)
		}
	}
}
