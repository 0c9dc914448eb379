package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRoomsImportOneWay holds the list of rooms against the code: each package is
// in a room, imports the rooms that the list names and no others, and none that
// stands above its own.
func TestRoomsImportOneWay(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "ptwalk/"
	used := make([][]string, len(rooms))
	filled := make([]bool, len(rooms))
	for in := json.NewDecoder(strings.NewReader(string(out))); in.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := in.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		from := roomOf(name)
		if from < 0 {
			t.Errorf("%s is in no room: docs/rooms.go lists them", name)
			continue
		}
		filled[from] = true
		for _, imported := range p.Imports {
			name, ours := strings.CutPrefix(imported, module)
			to := roomOf(name)
			switch {
			case !ours:
			case to < from:
				t.Errorf("%s imports %s, which stands above it", p.ImportPath, imported)
			case !slices.Contains(used[from], rooms[to].path):
				used[from] = append(used[from], rooms[to].path)
			}
		}
	}
	for i, r := range rooms {
		if !filled[i] {
			t.Errorf("%s is no package", r.path)
		}
		may := strings.Fields(r.imports)
		for _, name := range used[i] {
			if !slices.Contains(may, name) {
				t.Errorf("%s imports %s, and docs/rooms.go does not say so", r.path, name)
			}
		}
		for _, name := range may {
			if !slices.Contains(used[i], name) {
				t.Errorf("docs/rooms.go says that %s imports %s, and it does not", r.path, name)
			}
		}
	}
}

// TestHousePicture holds the picture of the rooms against the list.
func TestHousePicture(t *testing.T) {
	const file = "pictures/house.svg"
	want := housePicture()
	if *weave {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("docs/%s does not show docs/rooms.go (%v). This repairs it: %s", file, err, repair)
	}
}

// TestArchitectureNamesWhatIsThere: each link of the page to a Go file has a
// declaration for its text, and the file has it.
func TestArchitectureNamesWhatIsThere(t *testing.T) {
	page, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, link := range regexp.MustCompile("\\[`([A-Za-z.]+)`\\]\\(([^)]+\\.go)\\)").FindAllStringSubmatch(string(page), -1) {
		found++
		if _, _, err := declaration(os.DirFS(root), []string{path.Join("docs", link[2]), link[1]}); err != nil {
			t.Errorf("docs/architecture.md: %v", err)
		}
	}
	if found < 10 {
		t.Errorf("docs/architecture.md has %d links to declarations: this test looks in the wrong place", found)
	}
}
