package symbols

import (
	"maps"
	"slices"
)

// Names are the names that [Table.Lookup] finds, in order.
func (t *Table) Names() []string { return slices.Sorted(maps.Keys(t.byName)) }

// Names are the names of the program itself, in order: of the first file that is
// mapped. Those of its libraries are found too, and would be thousands.
func (p *Process) Names() []string {
	for _, m := range p.maps {
		if img := p.image(m); img != nil && img.table != nil {
			return img.table.Names()
		}
	}
	return nil
}
