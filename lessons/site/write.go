package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// mark is in the first page of every site that we write.
const mark = `<meta name="generator" content="ptwalk site">`

// Write puts the files into dir, which is made if it is not there. It takes an
// empty folder, or one that holds an earlier site of ours; files that are not of
// the site are left alone. Each file is written under another name first and
// renamed when all are there, so an error leaves dir as it was.
func Write(dir string, files []File) (err error) {
	if err := Fit(dir); err != nil {
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
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		folders, err := makeFolders(filepath.Dir(name))
		made = append(made, folders...)
		if err != nil {
			return err
		}
		made = append(made, name+fresh)
		if err := os.WriteFile(name+fresh, f.Data, 0o666); err != nil {
			return err
		}
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.Rename(name+fresh, name); err != nil {
			return err
		}
	}
	return nil
}

// Fit says why a site cannot be written to dir.
func Fit(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is a file; name a folder for the site", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || !bytes.Contains(index, []byte(mark)) {
		return fmt.Errorf("%s holds other files; name an empty folder, or a new one", dir)
	}
	return nil
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
