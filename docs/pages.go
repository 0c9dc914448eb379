package docs

import "embed"

// Pages are the Markdown files of this folder, "01-traceme.md", "glossary.md", and
// the pictures that they show, and the programs of docs/plain.
//
//go:embed *.md plain/README.md plain/c/*.c plain/*/main.go pictures/*.svg
var Pages embed.FS
