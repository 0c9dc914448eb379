package explain

import (
	"slices"
	"testing"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/stage/cli"
)

// FuzzApart: a result such as -38 is no flag, and no word is lost.
func FuzzApart(f *testing.F) {
	f.Add("errno", "-38", "--json")
	f.Add("-1", "-1", "--")
	f.Add("--width", "-5", "--width=50")
	f.Add("--- SIGCHLD ---", "--request", "ATTACH")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var look cli.Flags
		fs := base.NewFlags()
		look.RegisterLook(fs)
		args := []string{a, b, c}
		flags, words := apart(fs, args)
		if args[0] != a || args[1] != b || args[2] != c {
			t.Errorf("its operand was changed: %q", args)
		}
		for i, arg := range args {
			first := slices.Index(args, "--") == i
			if !first && !slices.Contains(flags, arg) && !slices.Contains(words, arg) {
				t.Errorf("%q gives the flags %q and the words %q", args, flags, words)
			}
		}
	})
}
