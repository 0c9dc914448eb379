package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestPackedComesBack: any bytes cross a line of JSON, and lost ones are noticed.
func TestPackedComesBack(t *testing.T) {
	for _, text := range []Packed{"", "one\ntwo\r\n", "\x00\xff\x1b[0m", Packed(strings.Repeat("much ", 1<<16))} {
		line, err := json.Marshal(Event{Run: &Run{Case: 3, Output: text}})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(line), "\n\r\x00\x1b") {
			t.Errorf("the line of %.20q is no line of plain text: %.80q", text, line)
		}
		var back Event
		if err := json.Unmarshal(line, &back); err != nil || back.Run.Output != text {
			t.Errorf("%.20q comes back as %.20q, %v", text, back.Run.Output, err)
		}
		at := strings.Index(string(line), `"Output":"`) + len(`"Output":"`) + 20
		if err := json.Unmarshal([]byte(string(line[:at])+string(line[at+4:])), &back); err == nil {
			t.Errorf("of %.20q four bytes are lost, and nobody says so", text)
		}
	}
}
