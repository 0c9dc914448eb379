package site

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var small = []File{{"assets/a.css", []byte("a " + mark)}, {"index.html", []byte("i " + mark)}}

// tree is what lies below a folder: names and contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		data, _ := os.ReadFile(name)
		found[rel] = string(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestWrite: a folder is taken if it is new, empty or ours, and what somebody
// else has there stays.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "site")
	if err := Write(t.Context(), dir, small); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	newer := []File{small[0], {"index.html", []byte("newer " + mark)}}
	if err := Write(t.Context(), dir, newer); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"assets": "", "assets/a.css": "a " + mark, "index.html": "newer " + mark, "notes.txt": "mine"}
	if got := tree(t, dir); !maps.Equal(got, want) {
		t.Errorf("the folder holds %q", got)
	}
}

// TestWriteRefuses: one clear sentence, and all is as it was.
func TestWriteRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		there map[string]string // what stands in the folder before; a name that ends in / is a folder
		files []File
		says  string
	}{
		{"somebody's folder", map[string]string{"letter.txt": "mine"}, small, "holds other files; name an empty folder"},
		{"somebody's page", map[string]string{"index.html": "mine"}, small, "holds other files"},
		{"a hidden file", map[string]string{".hidden": ""}, small, "holds other files"},
		{"somebody's file in our place", map[string]string{"index.html": mark, "assets/": "", "assets/a.css": "mine"}, small,
			"a.css is not of an earlier site; move it away"},
		{"a folder in our place", map[string]string{"index.html": mark, "assets/": "", "assets/a.css/": ""}, small,
			"a.css is not of an earlier site"},
		{"a file where a folder must be", map[string]string{"index.html": mark, "assets": "mine"}, small, "the site is not written"},
		{"a failure half-way", nil, []File{{"a/b.html", []byte("b")}, {"a/b.html.ptwalk-new/c", []byte("c")}}, "the site is not written"},
	} {
		dir := t.TempDir()
		for _, name := range slices.Sorted(maps.Keys(c.there)) {
			var err error
			if at := filepath.Join(dir, name); strings.HasSuffix(name, "/") {
				err = os.Mkdir(at, 0o777)
			} else {
				err = os.WriteFile(at, []byte(c.there[name]), 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		before := tree(t, dir)
		if err := Write(t.Context(), dir, c.files); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
		if after := tree(t, dir); !maps.Equal(before, after) {
			t.Errorf("%s: before %q, after %q", c.name, before, after)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), file, small); err == nil || !strings.Contains(err.Error(), "is a file; name a folder") {
		t.Errorf("a file as folder: %v", err)
	}
}

// TestWriteInterrupted: an end half-way takes away what was made, the new
// folders too.
func TestWriteInterrupted(t *testing.T) {
	ctx := &endsAfter{t.Context(), 1}
	above := t.TempDir()
	if err := Write(ctx, filepath.Join(above, "new", "site"), small); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if got := tree(t, above); len(got) != 0 {
		t.Errorf("it leaves %q", got)
	}
}

// endsAfter is a context that is canceled after its error was asked for a number
// of times.
type endsAfter struct {
	context.Context
	left int
}

func (c *endsAfter) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
