// Package docs keeps the pages of this folder true: what they show of the code
// and of a run is taken from the code and from the goldens.
//
// The pages are hand-written Markdown. A directive is an HTML comment on a line
// of its own, so it is invisible where the page is rendered. What stands between
// a directive and the line <!-- end --> is generated:
//
//	<!-- code lessons/01-traceme/traceme.go theVolunteer -->
//	<!-- code tracer/tracee.go Tracee.SingleStep -->
//	<!-- lines asm/src/hello64.asm _start: "mov eax, 60" -->
//	<!-- run 01-traceme 3 -->
//	<!-- run 01-traceme 3 "waitid .. a zombie" "exit status is" -->
//	<!-- run 04-count 6 each "COUNT instructions" -->
//	<!-- try 03-singlestep 2 -->
//	<!-- tried 03-singlestep 2 -->
//	<!-- event call PTRACE_PEEKUSER -->
//	<!-- lessons summaries -->
//	<!-- plan 90 -->
//	<!-- rooms -->
//	<!-- scenarios -->
//	<!-- codes -->
//	<!-- glossary -->
//	<!-- kernels -->
//	<!-- requests -->
//	<!-- end -->
//
// code is a Go declaration by its name, with its doc comment; a group in
// parentheses comes whole. lines is a part of a file: from the first line that
// holds the first text to the first line after it that holds the second, or one
// line if there is one text; a text with spaces stands in double quotes, and a run
// of spaces in it stands for any white space. It stands at the margin, whatever it
// was in. run is a section of a lesson's golden, by number, or pieces of it: a line
// by a text in it, the lines "from .. to" another, or each line that holds a text.
// try is the commands of an exercise, and tried the commands with what they
// printed, from docs/plain/testdata/tries. event is a line of docs/testdata, which
// a test takes from a run: the first of its kind that holds the text. lessons is a
// list of the lessons, plan their sections in classes of so many minutes, and rooms
// a list of the packages. scenarios is the table of docs/scenarios.txt, with the tests that are named by its rows. codes is the table
// of the doctor's codes, glossary the words of package names. kernels is the table
// of the kernels that "make kernels" has booted, and requests of what these answer
// differently.
//
// The pictures that are drawn from recordings, package pictures, are kept true in the
// same way.
//
// "go test ./docs" fails when a page is not up to date, and "make docs" writes
// the pages anew.
package docs
