package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/site"
	"ptwalk/lessons/stage"
)

const siteUsage = "ptwalk site DIR"

// siteMain writes the walk as pages for a browser. The runs in them are the
// recordings that ptwalk carries.
func siteMain(args []string) int {
	fs := flag.NewFlagSet("site", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	operands, err := stage.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return stage.Print("usage: " + siteUsage + `

Writes the chapters and a player for each lesson to DIR, as pages for a browser.
They need no server and no network: open DIR/index.html. DIR is made, or it is
empty, or it holds an earlier site, which is renewed. Nothing is deleted.
`)
	}
	if err == nil && len(operands) != 1 {
		err = fmt.Errorf("site takes one folder, and %d are named", len(operands))
	}
	if err != nil {
		return stage.Usage(err, siteUsage)
	}
	if err := site.Fit(operands[0]); err != nil {
		return stage.Report(err)
	}
	var recordings []site.Recording
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return stage.Report(err)
		}
		recordings = append(recordings, site.Recording{ID: lessons.ID(l), Lesson: l, Events: rec.Events})
	}
	files, err := site.Files(recordings)
	if err == nil {
		err = site.Write(operands[0], files)
	}
	if err != nil {
		return stage.Report(err)
	}
	return stage.Print(fmt.Sprintf("%d files written. Open %s/index.html.\n", len(files), operands[0]))
}
