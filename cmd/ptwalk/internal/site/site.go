// Package site writes the walk as pages for a browser.
package site

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/site"
	"ptwalk/lessons/stage/cli"
)

// Command writes the walk as pages for a browser. The runs in them are the
// recordings that ptwalk carries.
var Command = &base.Command{
	Name:      "site",
	UsageLine: "site [--student] DIR",
	Short:     "write the walk as pages for a browser",
	Long: `Writes the chapters and a player for each lesson to DIR, as pages for a browser.
They need no server and no network: open DIR/index.html. DIR is made, or it is
empty, or it holds an earlier site, which is renewed. Nothing is deleted.
With --student the solutions of exercises and handouts are left out, and so is
the page for teachers.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	flags := base.NewFlags()
	student := flags.Bool("student", false, "without solutions, for students")
	operands, err := cli.ParseMixed(flags, args)
	readers := site.Everybody
	if *student {
		readers = site.Students
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return cli.Print("usage: " + cmd.Help(flags))
	case err == nil && len(operands) != 1:
		err = fmt.Errorf("site takes one folder, and %d are named", len(operands))
	case err == nil && operands[0] == "":
		err = errors.New("the name of the folder is empty")
	}
	if err != nil {
		return cli.Usage(err, cmd.Usage())
	}
	all, err := pages(readers)
	if err != nil {
		return cli.Report(err)
	}
	ended, err := base.UntilSignal(func(ctx context.Context) error { return site.Write(ctx, operands[0], all) })
	switch {
	case errors.Is(err, context.Canceled):
		return 128 + int(ended)
	case err != nil:
		return cli.Report(err)
	}
	return cli.Print(fmt.Sprintf("%d files written. Open %s.\n", len(all), filepath.Join(operands[0], "index.html")))
}

// pages makes the pages for these readers from the recordings of all lessons.
func pages(readers site.For) ([]site.File, error) {
	var recordings []site.Recording
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return nil, err
		}
		recordings = append(recordings, site.Recording{ID: lessons.ID(l), Lesson: l, Events: rec.Events})
	}
	return site.Files(recordings, readers)
}
