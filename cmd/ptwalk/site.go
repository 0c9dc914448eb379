package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/site"
	"ptwalk/lessons/stage/cli"
)

const siteUsage = "ptwalk site DIR"

// siteMain writes the walk as pages for a browser. The runs in them are the
// recordings that ptwalk carries.
func siteMain(args []string) int {
	fs := flag.NewFlagSet("site", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	operands, err := cli.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print("usage: " + siteUsage + `

Writes the chapters and a player for each lesson to DIR, as pages for a browser.
They need no server and no network: open DIR/index.html. DIR is made, or it is
empty, or it holds an earlier site, which is renewed. Nothing is deleted.
`)
	}
	if err == nil && len(operands) != 1 {
		err = fmt.Errorf("site takes one folder, and %d are named", len(operands))
	} else if err == nil && operands[0] == "" {
		err = errors.New("the name of the folder is empty")
	}
	if err != nil {
		return cli.Usage(err, siteUsage)
	}
	files, err := siteFiles()
	if err != nil {
		return cli.Report(err)
	}
	ended, err := untilSignal(func(ctx context.Context) error { return site.Write(ctx, operands[0], files) })
	if errors.Is(err, context.Canceled) {
		return 128 + int(ended)
	}
	if err != nil {
		return cli.Report(err)
	}
	return cli.Print(fmt.Sprintf("%d files written. Open %s.\n", len(files), filepath.Join(operands[0], "index.html")))
}

// siteFiles makes the pages from the recordings of all lessons.
func siteFiles() ([]site.File, error) {
	var recordings []site.Recording
	for _, l := range lessons.All {
		rec, err := replay.Embedded(lessons.ID(l))
		if err != nil {
			return nil, err
		}
		recordings = append(recordings, site.Recording{ID: lessons.ID(l), Lesson: l, Events: rec.Events})
	}
	return site.Files(recordings)
}

// untilSignal does work, and cancels its context when a signal asks us to end.
// It returns when work does, with that signal or 0.
func untilSignal(work func(context.Context) error) (syscall.Signal, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	caught := make(chan os.Signal, 1)
	defer signal.Stop(caught)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(caught, sig)
		}
	}
	done := make(chan error)
	go func() { done <- work(ctx) }()
	select {
	case err := <-done:
		return 0, err
	case sig := <-caught:
		cancel()
		return sig.(syscall.Signal), <-done
	}
}
