// Command checkevents holds the sentences of a stream of events against the
// registers beside them.
//
//	ptwalk step --json --limit 10000 -- PROG | checkevents
//	checkevents FILE...
//
// It prints each sentence that does not agree, and the totals. Its exit status is
// 1 if there is one, and 2 where a stream cannot be read.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"ptwalk/tracer/disasm/meaning/sentencecheck"
)

func main() {
	var all sentencecheck.Totals
	status := 0
	check := func(name string, in io.Reader) {
		totals, err := sentencecheck.Stream(in, func(line int, s *sentencecheck.Step, wrong []string) {
			fmt.Printf("%s:%d: %x %s\n\t%s\n\t%s\n", name, line, s.Code, s.Text, s.Meaning, strings.Join(wrong, "\n\t"))
		})
		all.Add(totals)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			status = 2
		}
	}
	if len(os.Args) == 1 {
		check("-", os.Stdin)
	}
	for _, name := range os.Args[1:] {
		f, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		check(name, f)
		f.Close()
	}
	fmt.Printf("%d instructions, %d sentences checked, %d rows without, %d wrong\n", all.Instructions, all.Checked, all.Others, all.Wrong)
	if all.Wrong > 0 && status == 0 {
		status = 1
	}
	os.Exit(status)
}
