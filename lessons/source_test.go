package lessons_test

import (
	"os"
	"path/filepath"
	"testing"

	"ptwalk/lessons"
)

// TestSource: the binary carries the lessons as they are written.
func TestSource(t *testing.T) {
	for _, l := range lessons.All {
		names := lessons.SourceFiles(l)
		onDisk, err := filepath.Glob(lessons.ID(l) + "/*.go")
		if err != nil || len(names) != len(onDisk) {
			t.Errorf("%s: %d files are carried, %d are there (%v)", l.Name, len(names), len(onDisk), err)
		}
		for _, name := range names {
			want, err := os.ReadFile(filepath.Join("..", name))
			if err != nil {
				t.Error(err)
			}
			if got, ok := lessons.Source(name); !ok || got != string(want) {
				t.Errorf("%s differs from the file", name)
			}
		}
	}
	if _, ok := lessons.Source("lessons/99-none/none.go"); ok {
		t.Error("a file that is not there has a source")
	}
}
