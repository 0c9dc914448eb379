package symbols

import (
	"cmp"
	"debug/dwarf"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"ptwalk/tracer"
)

// Range is a piece of code, in the addresses of the file.
type Range struct {
	Start, End tracer.Addr // End is the first address behind it
}

// Contains says whether a lies in the range.
func (r Range) Contains(a tracer.Addr) bool { return r.Start <= a && a < r.End }

// maxRows bounds the line table of a hostile file.
const maxRows = 1 << 24

// Lines returns the code that was compiled from one line of a source file, by
// the line table of DWARF (.debug_line), in order of addresses. file is
// compared by base name. No error and no range: the line made no code. An
// error: f has no DWARF or a broken one. It takes as long as .debug_info is.
//
// Use it for programs that you built. A file made to do harm can name a number
// of source files for which debug/dwarf asks for more memory than there is.
func Lines(f *elf.File, file string, line int) (ranges []Range, err error) {
	entries := uint64(0) // each has a byte at least
	for _, s := range f.Sections {
		if strings.Contains(s.Name, "debug_") && s.Size > maxSection {
			return nil, fmt.Errorf("section %s has %d bytes, too many to read", clean(s.Name), s.Size)
		}
		if strings.HasSuffix(s.Name, "debug_info") {
			entries += s.Size
		}
	}
	// debug/dwarf promises no error for every broken file.
	defer func() {
		if r := recover(); r != nil {
			ranges, err = nil, fmt.Errorf("DWARF is broken: %v", r)
		}
	}()
	data, err := f.DWARF()
	if err != nil {
		return nil, err
	}
	units, rows := data.Reader(), 0
	for {
		unit, err := units.Next()
		if err != nil || unit == nil {
			return merge(ranges), err
		}
		// debug/dwarf does not get past a number that is cut off at the end.
		if entries == 0 {
			return nil, errors.New("DWARF is broken: .debug_info does not end")
		}
		entries--
		// No SkipChildren: it follows offsets in the file, and a broken one that
		// leads back would keep it for ever.
		if unit.Tag != dwarf.TagCompileUnit {
			continue
		}
		table, err := data.LineReader(unit)
		if err != nil {
			return nil, err
		}
		if table == nil {
			continue
		}
		found, err := linesOf(table, path.Base(file), line, &rows)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, found...)
	}
}

// linesOf reads the rows of one unit. A row holds to the next one's address.
func linesOf(table *dwarf.LineReader, file string, line int, rows *int) (ranges []Range, err error) {
	var row dwarf.LineEntry
	inside, start := false, tracer.Addr(0)
	for {
		if err := table.Next(&row); err == io.EOF {
			return ranges, nil
		} else if err != nil {
			return nil, err
		}
		if *rows++; *rows > maxRows {
			return nil, errors.New("the line table is too long")
		}
		here := tracer.Addr(row.Address)
		if inside && here > start {
			ranges = append(ranges, Range{start, here})
		}
		inside = !row.EndSequence && row.Line == line && row.File != nil && path.Base(row.File.Name) == file
		start = here
	}
}

// merge sorts the ranges and joins those that touch.
func merge(ranges []Range) []Range {
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	var out []Range
	for _, r := range ranges {
		if last := len(out) - 1; last >= 0 && r.Start <= out[last].End {
			out[last].End = max(out[last].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}
