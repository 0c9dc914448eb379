package cli

import (
	"testing"

	"ptwalk/lessons/stage/event"
)

// What somebody types who wants to say an answer, and what says none.
func TestMeant(t *testing.T) {
	answers := []event.Answer{{Text: "yes"}, {Text: "no, it waits"}, {Text: "no such call"}, {Text: "10"}, {Text: "a page"}}
	for line, want := range map[string]int{
		"a": 0, "B": 1, "b)": 1, "c.": 2, "yes": 0, "YES": 0, "no, it waits": 1, "c) no such call": 2, "no such": 2, "10": 3, "a page": 4,
		"no": -1, "ye": -1, "1": -1, "f": -1, "ab": -1, "?": -1, "x) yes": -1, "maybe": -1,
	} {
		got, is := meant(line, answers)
		if !is {
			got = -1
		}
		if got != want {
			t.Errorf("%q means %d, want %d", line, got, want)
		}
	}
	if i, is := meant("no", []event.Answer{{Text: "yes"}, {Text: "no"}}); !is || i != 1 {
		t.Errorf("no means %d, %v", i, is)
	}
}
