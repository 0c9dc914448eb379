//go:build linux && amd64

package names_test

import (
	"debug/dwarf"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ptwalk/tracer/names"
)

// ofDWARF is the header of those constants that the standard has, and no header of C.
const ofDWARF = "DWARF 5"

// TestTagsAndAttributes holds them against those of debug/dwarf.
func TestTagsAndAttributes(t *testing.T) {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
	otherwise := map[string]string{"lexdwarfblock": "lexicalblock", "struct": "structure", "datamemberloc": "datamemberlocation"}
	compared := 0
	for _, m := range names.Macros {
		theirs := ""
		if name, ok := strings.CutPrefix(m.Name, "DW_TAG_"); ok {
			theirs = strings.TrimSuffix(plain(dwarf.Tag(m.Value).String()), "type")
			m.Name = strings.TrimSuffix(plain(name), "type")
		} else if name, ok := strings.CutPrefix(m.Name, "DW_AT_"); ok {
			theirs = strings.TrimPrefix(plain(dwarf.Attr(m.Value).String()), "attr")
			m.Name = plain(name)
		} else {
			continue
		}
		if compared++; theirs != m.Name && otherwise[theirs] != m.Name {
			t.Errorf("%#x is %s here, and %s in debug/dwarf", m.Value, m.Name, theirs)
		}
	}
	if compared < 60 {
		t.Errorf("%d were compared, which shows little", compared)
	}
}

// program has what the constants of DWARF are about: a structure, an array, a block,
// an inlined function, variables that move, and a function that calls itself.
const program = `
struct pair { int first; double second[3]; struct pair *next; unsigned char bits : 3; };
typedef const volatile struct pair *place;
enum colour { RED, GREEN };
union either { long number; float real; };
static inline __attribute__((always_inline)) int square(int a) { return a * a; }
__thread int own;
static int kept = 3;
int walk(int n, struct pair *p, place q, union either e, enum colour c)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		int k = square(i + own);
		sum += k * p->first + (int)p->second[i % 3] + q->first + (int)e.number + c;
		if (k > kept)
			sum -= walk(n - 1, p->next, q, e, c);
	}
	kept = sum;
	return sum;
}
int main(int argc, char **argv)
{
	struct pair p = { argc, { 1, 2, 3 }, 0, 1 };
	union either e = { 2 };
	return walk(argc, &p, &p, e, GREEN) & 1;
}
`

// TestConstantsOfTheCompiler: gcc writes beside each number of DWARF what it calls it.
func TestConstantsOfTheCompiler(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc: its numbers of DWARF cannot be read here")
	}
	beside := regexp.MustCompile(`(?m)\.(?:byte|uleb128)\s+(0x[0-9a-f]+|[0-9]+)\s+#\s*(?:\((?:TAG: )?(DW_(?:TAG|AT)_\w+)\)|(DW_(?:OP|LLE|RLE|CFA|LNS|LNE)_\w+).*)$`)
	seen := map[string]bool{}
	for _, level := range []string{"-O0", "-O2"} {
		cmd := exec.Command(gcc, "-g", "-gdwarf-5", "-dA", "-fno-dwarf2-cfi-asm", "-gno-as-loc-support", level, "-w", "-S", "-x", "c", "-o", "-", "-")
		cmd.Stdin = strings.NewReader(program)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("gcc: %v", err)
		}
		for _, found := range beside.FindAllStringSubmatch(string(out), -1) {
			value, _ := strconv.ParseInt(found[1], 0, 64)
			name := found[2] + found[3]
			m, ok := names.MacroByWord(name)
			if seen[name] = true; strings.Contains(name, "_GNU_") {
				continue
			}
			low := value // advance_loc, offset and restore have a number of 6 bits in the same byte
			if strings.HasPrefix(name, "DW_CFA_") && value >= 0x40 {
				low = value &^ 0x3f
			}
			if !ok {
				t.Errorf("gcc has %s, and no table of ours", name)
			} else if m.Value != low {
				t.Errorf("%s is %#x, and gcc says %#x", name, m.Value, value)
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("gcc wrote %d names, which shows little: %v", len(seen), seen)
	}
}
