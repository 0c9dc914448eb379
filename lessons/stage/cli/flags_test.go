package cli

import (
	"flag"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMixed(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
		err  bool
	}{
		{[]string{"1", "--plain", "2"}, []string{"1", "2"}, false},
		{[]string{"--plain", "1"}, []string{"1"}, false},
		{[]string{"1", "--", "--plain"}, []string{"1", "--plain"}, false},
		{[]string{"--width", "60", "1"}, []string{"1"}, false},
		{[]string{"1", "--width", "39"}, nil, true},
		{[]string{"1", "--width=x"}, nil, true},
		{[]string{"--nosuch"}, nil, true},
		{nil, nil, false},
	} {
		var f Flags
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		f.Register(fs)
		got, err := ParseMixed(fs, c.args)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.err {
			t.Errorf("%q: %v, error %v", c.args, got, err)
		}
	}
}

func TestColored(t *testing.T) {
	for _, c := range []struct {
		flag, noColor, force, term string
		terminal, want             bool
	}{
		{"auto", "", "", "xterm", true, true},
		{"auto", "", "", "xterm", false, false},
		{"auto", "1", "", "xterm", true, false},
		{"auto", "", "1", "xterm", false, true},
		{"auto", "", "0", "xterm", false, false},
		{"auto", "1", "1", "xterm", true, false},
		{"auto", "", "1", "dumb", true, false},
		{"always", "1", "", "xterm", false, true},
		{"never", "", "1", "xterm", true, false},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("CLICOLOR_FORCE", c.force)
		t.Setenv("TERM", c.term)
		f := Flags{Color: c.flag}
		if got := f.colored(c.terminal); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
