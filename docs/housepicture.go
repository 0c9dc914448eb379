package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// What the picture of the house looks like, in pixels.
const (
	boxWidth, boxHeight = 132, 34
	gapAcross, gapDown  = 14, 26
	edge                = 20
	most                = 7 // boxes on a floor; a floor with more has two rows
)

// wings are the parts of the house, by the first element of their paths.
var wings = map[string]string{"cmd": "#dbe7f5", "lessons": "#e3f1df", "tracer": "#f7e6cf", "asm": "#ead9ee", "docs": "#eeeeee"}

// floors are the rooms by how far they are from the ground: each stands above all
// that it imports. Programs that stand alone are left out.
func floors() [][]room {
	var out [][]room
	floor := map[string]int{}
	for _, r := range slices.Backward(rooms) {
		alone := r.imports == "" && !slices.ContainsFunc(rooms, func(o room) bool { return slices.Contains(strings.Fields(o.imports), r.path) })
		if alone || strings.HasPrefix(r.path, "internal/") || strings.HasPrefix(r.path, "cmd/ptwalk/internal/") {
			continue
		}
		n := 0
		for _, below := range strings.Fields(r.imports) {
			n = max(n, floor[below]+1)
		}
		floor[r.path] = n
		for len(out) <= n {
			out = append(out, nil)
		}
		out[n] = append(out[n], r)
	}
	return out
}

// housePicture draws the floors as SVG, the roof first.
func housePicture() string {
	var boxes strings.Builder
	y, width := edge, 2*edge+most*(boxWidth+gapAcross)-gapAcross
	for _, floor := range slices.Backward(floors()) {
		slices.SortFunc(floor, func(a, b room) int { return strings.Compare(a.path, b.path) })
		for row := range slices.Chunk(floor, most) {
			x := (width - len(row)*(boxWidth+gapAcross) + gapAcross) / 2
			for _, r := range row {
				wing, _, _ := strings.Cut(r.path, "/")
				fmt.Fprintf(&boxes, "<g><title>%s imports %s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#555\"/>"+
					"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></g>\n",
					r.path, r.imports, x, y, boxWidth, boxHeight, wings[wing], x+boxWidth/2, y+boxHeight/2+4, boxName(r.path))
				x += boxWidth + gapAcross
			}
			y += boxHeight + gapDown
		}
	}
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n"+
		"<title>The rooms of ptwalk: each stands above all that it imports</title>\n"+
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n%s</svg>\n", width, y, boxes.String())
}

// boxName is what fits into a box: the last elements of a path.
func boxName(room string) string {
	switch room {
	case "lessons/[0-9]*":
		return "lessons 1, 2, 3 ..."
	case "cmd/[0-9]*":
		return "cmd/01-traceme ..."
	}
	if len(room) > 20 {
		return path.Join(path.Base(path.Dir(room)), path.Base(room))
	}
	return room
}
