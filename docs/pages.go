package docs

import "embed"

// Pages are the Markdown files of this folder, "01-traceme.md", "glossary.md", and
// the pictures that they show.
//
//go:embed *.md plain/README.md pictures/performance.svg pictures/house.svg
var Pages embed.FS
