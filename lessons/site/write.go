package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// mark is in every file that we write: by it we know our own again.
const mark = "ptwalk site"

// Write puts the files into dir, which is made if it is not there. It takes an
// empty folder, or one that holds an earlier site of ours; files that are not of
// the site are left alone. Each file is written under another name first and
// renamed when all are there, so an error, or the end of ctx, leaves dir as it
// was.
func Write(ctx context.Context, dir string, files []File) (err error) {
	if err := fits(dir, files); err != nil {
		return err
	}
	var made []string // what a failure takes away again, in order
	defer func() {
		if err != nil {
			for i := len(made) - 1; i >= 0; i-- {
				os.Remove(made[i])
			}
		}
	}()
	const fresh = ".ptwalk-new"
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		folders, err := makeFolders(filepath.Dir(name))
		made = append(made, folders...)
		if err != nil {
			return refused(err)
		}
		made = append(made, name+fresh)
		if err := os.WriteFile(name+fresh, f.Data, 0o666); err != nil {
			return refused(err)
		}
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.Rename(name+fresh, name); err != nil {
			return refused(err)
		}
	}
	return nil
}

func refused(err error) error {
	return fmt.Errorf("the site is not written: %w; name another folder", err)
}

// fits says why the files must not be written to dir.
func fits(dir string, files []File) error {
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		if to, err := os.Readlink(dir); err == nil {
			return fmt.Errorf("%s is a link to %s, which is not there; name another folder", dir, to)
		}
		return nil
	case err != nil:
		return refused(err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file; name a folder for the site", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return refused(err)
	}
	if len(entries) > 0 && !ours(filepath.Join(dir, "index.html")) {
		return fmt.Errorf("%s holds other files; name an empty folder, or a new one", dir)
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if _, err := os.Lstat(name); err == nil && !ours(name) {
			return fmt.Errorf("%s is not of an earlier site; move it away, or name another folder", name)
		}
	}
	return nil
}

// ours says whether a file is one that we have written.
func ours(name string) bool {
	data, err := os.ReadFile(name)
	return err == nil && bytes.Contains(data, []byte(mark))
}

// makeFolders makes a folder and those above it, and returns those that it made.
func makeFolders(dir string) (made []string, err error) {
	if _, err := os.Stat(dir); err == nil {
		return nil, nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if made, err = makeFolders(parent); err != nil {
			return made, err
		}
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return made, err
	}
	return append(made, dir), nil
}
