package render

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestLocale(t *testing.T) {
	for _, tt := range []struct {
		env    map[string]string
		system string
		want   bool
	}{
		{nil, "linux", true},
		{nil, "darwin", false},
		{nil, "windows", false},
		{map[string]string{"LANG": "C"}, "linux", true},
		{map[string]string{"LANG": "C"}, "darwin", true},
		{map[string]string{"LANG": "C.UTF-8"}, "linux", false},
		{map[string]string{"LANG": "de_DE.utf8"}, "linux", false},
		{map[string]string{"LANG": "de_DE.ISO-8859-1"}, "linux", true},
		{map[string]string{"LANG": "C.UTF-8", "LC_ALL": "C"}, "linux", true},
		{map[string]string{"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, "linux", false},
		{map[string]string{"LANG": "C.UTF-8", "TERM": "dumb"}, "linux", true},
	} {
		if got := localeASCII(func(name string) string { return tt.env[name] }, tt.system); got != tt.want {
			t.Errorf("%v on %s: %v, want %v", tt.env, tt.system, got, tt.want)
		}
	}
}

func TestASCIIWriters(t *testing.T) {
	var text, lines bytes.Buffer
	const said = "na\u00efve \u4e2d \U0001f600 \xff."
	asciiText{&text}.Write([]byte(said))
	if text.String() != "na?ve ? ? ?." {
		t.Errorf("the text is %q", text.String())
	}
	whole, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	asciiJSON{&lines}.Write(whole)
	var back, before string
	if json.Unmarshal(whole, &before) != nil || json.Unmarshal(lines.Bytes(), &back) != nil || back != before {
		t.Errorf("%s says %q, and not %q", lines.Bytes(), back, before)
	}
	for _, c := range lines.Bytes() {
		if c >= 0x80 {
			t.Fatalf("not ASCII: %s", lines.Bytes())
		}
	}
}
