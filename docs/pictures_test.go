package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestPicturesAreShown: each is in a chapter, but for that of the cover of the site.
func TestPicturesAreShown(t *testing.T) {
	drawn, err := pictures.All()
	if err != nil {
		t.Fatal(err)
	}
	chapters, err := filepath.Glob("[0-9]*.md")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, page := range slices.Concat(chapters, []string{"../lessons/site/more.go"}) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
	}
	for name := range drawn {
		if !strings.Contains(text.String(), "pictures/"+name) {
			t.Errorf("no chapter shows docs/pictures/%s", name)
		}
	}
}
