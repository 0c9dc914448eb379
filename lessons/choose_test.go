package lessons

import (
	"fmt"
	"strings"
	"testing"
)

// What a word of the command line chooses: the numbers of lessons, each with the
// section that it begins at.
func TestChoose(t *testing.T) {
	for word, want := range map[string]string{
		"3": "3", "03": "3", "singlestep": "3", "03-singlestep": "3", "1-3": "1 2 3", "2-2": "2",
		"3.1": "3.1", "3.2": "3.2", "singlestep.2": "3.2", "3.7": "3.7",
		"nothing": "", "nothing.2": "", "1-two": "", "-1": "",
		"3.0": "error", "3.8": "error", "3.99": "error", "3.x": "error", "0-2": "error", "3-2": "error", "1-99": "error",
	} {
		chosen, err := Choose(word)
		var got []string
		for _, l := range chosen {
			text := fmt.Sprint(l.Number)
			if l.From > 0 {
				text += fmt.Sprintf(".%d", l.From)
			}
			got = append(got, text)
		}
		if err != nil {
			got = append(got, "error")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q chooses %v, %v; want %q", word, got, err, want)
		}
	}
}
