package site

import (
	"regexp"
	"strings"
)

// language is what the colours of a language need to know. A token is a
// comment, a string, a number or a word, and of words some are keywords.
type language struct {
	token    *regexp.Regexp // groups: comment, string, number, word
	keywords map[string]bool
}

const (
	quoted  = `"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`
	numbers = `\b(?:0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?)\b`
	words   = `[A-Za-z_][A-Za-z0-9_]*`
	slashes = `//[^\n]*|(?s:/\*.*?\*/)`
)

// languages are those of the fences in docs. A fence of another one has no
// colours.
var languages = map[string]language{
	"go": newLanguage(slashes, "`[^`]*`|"+quoted,
		`break case chan const continue default defer else fallthrough for func go goto if import interface map
		 package range return select struct switch type var nil true false iota`),
	"c": newLanguage(slashes+`|#[a-z]+`, quoted,
		`break case char const continue default do double else enum extern float for goto if inline int long
		 return short signed sizeof static struct switch typedef union unsigned void volatile while NULL`),
	"nasm": newLanguage(`;[^\n]*`, quoted,
		`bits section global default rel equ db dw dd dq resb resq mov lea push pop xor add sub inc dec cmp test
		 jmp je jne jz jnz call ret syscall int rep stosb movsb nop ud2`),
	"json": newLanguage(`\z.`, quoted, `true false null`),
}

func newLanguage(comment, str, keywords string) language {
	l := language{
		token:    regexp.MustCompile("(" + comment + ")|(" + str + ")|(" + numbers + ")|(" + words + ")"),
		keywords: map[string]bool{},
	}
	for _, word := range strings.Fields(keywords) {
		l.keywords[word] = true
	}
	return l
}

// coloured is code as lines of HTML. A token that goes over several lines is
// closed and opened again, so that each line stands by itself.
func coloured(name, code string) []string {
	l, ok := languages[name]
	if !ok {
		return strings.Split(escape(code), "\n")
	}
	var out strings.Builder
	end := 0
	for _, m := range l.token.FindAllStringSubmatchIndex(code, -1) {
		out.WriteString(escape(code[end:m[0]]))
		end = m[1]
		text := code[m[0]:m[1]]
		class := ""
		switch {
		case m[2] >= 0:
			class = "comment"
		case m[4] >= 0:
			class = "string"
		case m[6] >= 0:
			class = "number"
		case l.keywords[text]:
			class = "keyword"
		}
		out.WriteString(span(class, text))
	}
	out.WriteString(escape(code[end:]))
	return strings.Split(out.String(), "\n")
}

func span(class, text string) string {
	if class == "" {
		return escape(text)
	}
	lines := strings.Split(escape(text), "\n")
	for i := range lines {
		lines[i] = `<span class="` + class + `">` + lines[i] + "</span>"
	}
	return strings.Join(lines, "\n")
}

// withoutComments is code of as many lines, with nothing where a comment was.
func withoutComments(name, code string) string {
	l := languages[name]
	var out strings.Builder
	end := 0
	for _, m := range l.token.FindAllStringSubmatchIndex(code, -1) {
		if m[2] < 0 {
			continue
		}
		out.WriteString(code[end:m[0]])
		out.WriteString(strings.Repeat("\n", strings.Count(code[m[0]:m[1]], "\n")))
		end = m[1]
	}
	return out.String() + code[end:]
}
