package docs

import (
	"os"
	"path/filepath"
	"testing"

	"ptwalk/docs/pictures"
)

// TestPicturesAreUpToDate holds the pictures that are drawn from recordings
// against them, or draws them anew.
func TestPicturesAreUpToDate(t *testing.T) {
	drawn, err := pictures.All()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range drawn {
		file := filepath.Join("pictures", name)
		if *weave {
			if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != want {
			t.Errorf("docs/%s is not what the recordings show (%v). This repairs it: %s", file, err, repair)
		}
	}
}
