package sentencecheck

import "strings"

// The flags by their bits in EFLAGS.
var flags = map[string]uint{"CF": 0, "PF": 2, "ZF": 6, "SF": 7, "DF": 10, "OF": 11}

func flag(eflags uint64, name string) bool { return eflags>>flags[name]&1 == 1 }

// conditions are what the letters behind j, set and cmov ask for, in the words of
// the manual.
var conditions = map[string]func(f uint64) bool{
	"o": func(f uint64) bool { return flag(f, "OF") }, "no": func(f uint64) bool { return !flag(f, "OF") },
	"b": func(f uint64) bool { return flag(f, "CF") }, "ae": func(f uint64) bool { return !flag(f, "CF") },
	"e": func(f uint64) bool { return flag(f, "ZF") }, "ne": func(f uint64) bool { return !flag(f, "ZF") },
	"be": func(f uint64) bool { return flag(f, "CF") || flag(f, "ZF") }, "a": func(f uint64) bool { return !flag(f, "CF") && !flag(f, "ZF") },
	"s": func(f uint64) bool { return flag(f, "SF") }, "ns": func(f uint64) bool { return !flag(f, "SF") },
	"p": func(f uint64) bool { return flag(f, "PF") }, "np": func(f uint64) bool { return !flag(f, "PF") },
	"l": func(f uint64) bool { return flag(f, "SF") != flag(f, "OF") }, "ge": func(f uint64) bool { return flag(f, "SF") == flag(f, "OF") },
	"le": func(f uint64) bool { return flag(f, "ZF") || flag(f, "SF") != flag(f, "OF") },
	"g":  func(f uint64) bool { return !flag(f, "ZF") && flag(f, "SF") == flag(f, "OF") },
}

// condition says whether the condition of an instruction held before it.
func (c *checker) condition() (holds, known bool) {
	for _, prefix := range []string{"cmov", "set", "j"} {
		if letters, ok := strings.CutPrefix(c.name, prefix); ok && conditions[letters] != nil {
			return conditions[letters](c.Before["eflags"]), true
		}
	}
	return false, false
}

// because checks each fact behind "because".
func (c *checker) because(why string) {
	f := c.Before["eflags"]
	for _, fact := range strings.Split(why, " and ") {
		words := append(strings.Fields(fact), "")
		words = words[:max(len(words)-1, 1)]
		last := words[len(words)-1]
		if r := words[0]; len(words) > 1 && parts[r].bits > 0 {
			v, _, _ := registers(c.After).get(r) // "rcx is not 0": loop has counted by then
			if c.name != "loop" {
				v, _, _ = registers(c.Before).get(r)
			}
			c.claim(fact == r+map[bool]string{true: " is 0", false: " is not 0"}[v == 0], "%s", fact)
			continue
		}
		switch {
		case fact == "SF" || fact == "CF": // of "SF and OF differ", told with what follows
		case fact == "OF differ":
			c.claim(flag(f, "SF") != flag(f, "OF"), "SF and %s", fact)
		case fact == "OF are equal", fact == "SF equals OF":
			c.claim(flag(f, "SF") == flag(f, "OF"), "SF and %s", fact)
		case fact == "ZF are clear":
			c.claim(!flag(f, "CF") && !flag(f, "ZF"), "CF and %s", fact)
		case len(words) == 3 && (last == "set" || last == "clear"):
			c.claim(flag(f, words[0]) == (last == "set"), "%s", fact)
		default:
			c.claim(false, "%q is not understood", fact)
		}
	}
}
