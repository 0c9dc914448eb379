package handout

import "testing"

// A chapter with what the parts have to get right: a heading inside a fence is none,
// directives and links are not for paper.
const someChapter = "# 1. traceme\n\n## Try it\n\nBuild it *once*. [Solutions](#solutions) are at\nthe end. See [ptrace(2)](https://man7.org).\n\n" +
	"### 1. Look\n\n<!-- try 01 1 -->\n```sh\n## Solutions\necho [a](b)\n```\n<!-- end -->\n\n### 2. Change\n\nIt.\n\n## Solutions\n\n**1.** Yes.\n\n## More\n"

// TestParts: what is to try, its first exercise with what stands before, and the
// solutions.
func TestParts(t *testing.T) {
	one := "Build it *once*. See ptrace(2).\n\n### 1. Look\n\n```sh\n## Solutions\necho [a](b)\n```"
	try := part(someChapter, tryPart)
	for _, tt := range []struct{ what, got, want string }{
		{"to try", try, one + "\n\n### 2. Change\n\nIt."},
		{"the first exercise", first(try), one},
		{"of exercises with their numbers in the text", first("**1. A.** b\n\n**2. C.** d"), "**1. A.** b"},
		{"of one exercise", first("### 1. A\n\nb"), "### 1. A\n\nb"},
		{"of a text", first("Try it."), "Try it."},
		{"solutions", part(someChapter, solutionPart), "**1.** Yes."},
		{"what is not there", part(someChapter, "Exercises"), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, tt.got, tt.want)
		}
	}
}
