// Command terminal draws a screen of a terminal as SVG: terminal TEXT < CAST > SVG.
// The cast is an asciinema recording, version 2. The screen begins with the first
// line that has TEXT in it.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: terminal TEXT < CAST > SVG")
		os.Exit(2)
	}
	if err := run(os.Stdin, os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "terminal:", err)
		os.Exit(1)
	}
}

func run(cast io.Reader, svg io.Writer, from string) error {
	s, err := readCast(cast)
	if err != nil {
		return err
	}
	lines, err := s.from(from)
	if err != nil {
		return err
	}
	_, err = io.WriteString(svg, draw(lines, s.width, s.height))
	return err
}
