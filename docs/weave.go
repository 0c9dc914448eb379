package docs

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Change is a generated part of a page that is not up to date.
type Change struct {
	Page          string // as given to Weave
	Line          int    // of the directive, from 1
	Directive     string // the whole line
	Before, After string // what stands between directive and end, and what should
}

// Weave returns the page with its generated parts filled anew from the files of
// module, and the parts that were different. All other bytes stay as they are.
// The error joins one error for each directive that cannot be followed, each
// with page and line; the page is returned unchanged then.
func Weave(module fs.FS, page, text string) (woven string, changes []Change, err error) {
	var out strings.Builder
	var errs []error
	fail := func(line int, err error) { errs = append(errs, fmt.Errorf("%s:%d: %w", page, line, err)) }

	var open *Change // the directive whose end has not come
	fence := ""      // the fence of a hand-written block: no directive is in there
	for i, line := range strings.SplitAfter(text, "\n") {
		directive, is := cutDirective(line)
		switch {
		case open != nil && is && directive == "end":
			after, err := generate(module, open.Directive)
			if err != nil {
				fail(open.Line, err)
			}
			open.After = after
			if open.Before != open.After {
				changes = append(changes, *open)
			}
			out.WriteString(after + line)
			open = nil
		case open != nil && is && known(directive):
			fail(open.Line, fmt.Errorf("%s: no <!-- end --> before line %d", open.Directive, i+1))
			open = &Change{Page: page, Line: i + 1, Directive: strings.TrimSpace(line)}
		case open != nil:
			open.Before += line
		case fence != "":
			if strings.TrimSpace(line) == fence {
				fence = ""
			}
			out.WriteString(line)
		case strings.HasPrefix(line, "```"):
			fence = line[:len(line)-len(strings.TrimLeft(line, "`"))]
			out.WriteString(line)
		default:
			out.WriteString(line)
			if !is {
				break
			}
			if !known(directive) {
				fail(i+1, fmt.Errorf("%s: unknown directive", strings.TrimSpace(line)))
				break
			}
			open = &Change{Page: page, Line: i + 1, Directive: strings.TrimSpace(line)}
		}
	}
	if open != nil {
		fail(open.Line, fmt.Errorf("%s: no <!-- end --> before the end of the page", open.Directive))
	}
	if len(errs) > 0 {
		return text, nil, errors.Join(errs...)
	}
	return out.String(), changes, nil
}

// sources are the directives: how many words may follow, and where the text
// comes from.
var sources = map[string]struct {
	least, most int
	from        func(module fs.FS, words []string) (language, text string, err error)
}{
	"code":  {2, 2, declaration},
	"lines": {2, 3, fromTo},
	"run":   {2, 9, section},
	"try":   {2, 2, commands},
	"tried": {2, 2, outcome},
	"event": {1, 2, recorded},

	"lessons":   {1, 1, lessonList},
	"coverage":  {1, 1, coverage},
	"plan":      {1, 1, plan},
	"rooms":     {0, 0, roomTable},
	"scenarios": {0, 0, scenarios},
	"codes":     {0, 0, codes},
	"glossary":  {0, 0, glossary},
	"kernels":   {0, 0, kernels},
	"requests":  {0, 0, requests},
}

// generate is what a directive stands for: nearly always a fence with the text
// in it.
func generate(module fs.FS, directive string) (string, error) {
	inner, _ := cutDirective(directive)
	words, err := split(inner)
	if err != nil {
		return "", fmt.Errorf("%s: %w", directive, err)
	}
	source, operands := sources[words[0]], words[1:]
	if len(operands) < source.least || len(operands) > source.most {
		return "", fmt.Errorf("%s: %d words after %s, want %d to %d", directive, len(operands), words[0], source.least, source.most)
	}
	language, text, err := source.from(module, operands)
	if err != nil {
		return "", fmt.Errorf("%s: %w", directive, err)
	}
	if language == "" {
		return text, nil // Markdown itself, which stands in no fence
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n", nil
}

// cutDirective is the text of a line that is an HTML comment.
func cutDirective(line string) (string, bool) {
	line = strings.TrimSpace(line)
	inner, opens := strings.CutPrefix(line, "<!--")
	inner, closes := strings.CutSuffix(inner, "-->")
	return strings.TrimSpace(inner), opens && closes
}

func known(directive string) bool {
	word, _, _ := strings.Cut(directive, " ")
	_, ok := sources[word]
	return ok
}

// split is the words of a directive; one with spaces stands in double quotes.
func split(directive string) (words []string, err error) {
	for rest := directive; rest != ""; rest = strings.TrimLeft(rest, " ") {
		if rest[0] != '"' {
			word, after, _ := strings.Cut(rest, " ")
			words, rest = append(words, word), after
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, errors.New("a double quote without its second one")
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		words, rest = append(words, word), rest[len(quoted):]
	}
	return words, nil
}
