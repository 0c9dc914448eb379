package sentencecheck

import (
	"strconv"
	"strings"
)

// argument is one operand of the instruction's text.
type argument struct {
	register string
	constant uint64
	memory   bool
	size     int // of the memory in bytes, 0 where the text has none
}

var sizes = map[string]int{"byte": 1, "word": 2, "dword": 4, "qword": 8, "tbyte": 10, "xmmword": 16, "ymmword": 32, "zmmword": 64}

// read splits the text of an instruction into its name and operands.
func read(text string) (name string, args []argument) {
	for {
		var rest string
		name, rest, _ = strings.Cut(text, " ")
		switch name {
		case "lock", "rep", "repe", "repne", "bnd", "notrack", "xacquire", "xrelease":
			text = rest
			continue
		}
		if rest != "" {
			for _, word := range strings.Split(rest, ", ") {
				args = append(args, readArgument(word))
			}
		}
		return name, args
	}
}

func readArgument(word string) argument {
	if strings.Contains(word, "[") {
		size, _, _ := strings.Cut(word, " ")
		return argument{memory: true, size: sizes[size]}
	}
	if n, ok := parse(word); ok {
		return argument{constant: modulo(n, 64).Uint64()}
	}
	word, _, _ = strings.Cut(word, " {") // a mask
	return argument{register: word}
}

// width is the size of an operand in bits, or 0.
func (a argument) width() uint {
	if p, ok := parts[a.register]; ok {
		return p.bits
	}
	if segments[a.register] {
		return 16
	}
	return uint(8 * a.size)
}

// vectorSize is how many bytes a vector register has.
func vectorSize(name string) int {
	for prefix, size := range map[string]int{"mm": 8, "xmm": 16, "ymm": 32, "zmm": 64} {
		if number, ok := strings.CutPrefix(name, prefix); ok {
			if _, err := strconv.Atoi(number); err == nil {
				return size
			}
		}
	}
	return 0
}
