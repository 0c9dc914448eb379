package docs

import "embed"

// Pages are the Markdown files of this folder: "01-traceme.md", "glossary.md".
//
//go:embed *.md plain/README.md
var Pages embed.FS
