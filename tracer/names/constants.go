package names

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

// constants has a file for each subject. A line "header: <elf.h>" says where C has the
// names from that follow it, a line each: the name, its number, a sentence.
//
//go:embed constants
var constants embed.FS

func readConstants() (all []Macro) {
	files, _ := constants.ReadDir("constants") // embedded, as are its files: they are there
	for _, f := range files {
		text, _ := constants.ReadFile("constants/" + f.Name())
		header := ""
		for _, line := range strings.Split(string(text), "\n") {
			name, rest, _ := strings.Cut(line, " ")
			if name == "header:" {
				header = rest
				continue
			}
			number, sentence, ok := strings.Cut(rest, " ")
			if value, err := strconv.ParseInt(number, 0, 64); ok && err == nil {
				all = append(all, Macro{Name: name, Value: value, Header: header, Sentence: sentence})
			}
		}
	}
	return all
}

// numbered are the constants of DWARF of which there are 32 in a row.
var numbered = []struct {
	prefix   string
	first    int64
	sentence string
}{
	{"DW_OP_lit", 0x30, "Pushes the number %d."},
	{"DW_OP_reg", 0x50, "The variable is in register %d of DWARF, %s."},
	{"DW_OP_breg", 0x70, "Pushes register %d of DWARF, %s, plus the number that follows."},
}

// dwarfRegisters are the general registers of x86-64 in the order of DWARF: the ABI of
// x86-64, "DWARF Register Number Mapping".
var dwarfRegisters = []string{"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "the return address"}

// DWARFRegister is the name of register n of DWARF on x86-64, "rsp" for 7.
func DWARFRegister(n int) string {
	if n >= 0 && n < len(dwarfRegisters) {
		return dwarfRegisters[n]
	}
	if 17 <= n && n <= 32 {
		return fmt.Sprintf("xmm%d", n-17)
	}
	return fmt.Sprintf("register %d", n)
}

// numberedConstant finds "DW_OP_breg7" and its like.
func numberedConstant(name string) (Macro, bool) {
	for _, c := range numbered {
		if len(name) <= len(c.prefix) || !strings.EqualFold(name[:len(c.prefix)], c.prefix) {
			continue
		}
		n, err := strconv.Atoi(name[len(c.prefix):])
		if err != nil || n < 0 || n > 31 {
			continue
		}
		m := Macro{Name: fmt.Sprintf("%s%d", c.prefix, n), Value: c.first + int64(n), Header: "DWARF 5"}
		if m.Sentence = fmt.Sprintf(c.sentence, n); strings.Contains(c.sentence, "%s") {
			m.Sentence = fmt.Sprintf(c.sentence, n, DWARFRegister(n))
		}
		return m, true
	}
	return Macro{}, false
}
