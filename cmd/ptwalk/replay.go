package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
)

const replayUsage = "ptwalk replay FILE|LESSON [flags]"

const replayHelp = replayUsage + `

Shows a recording as the lesson was: the file that --record has written, - for
standard input, or the recording of a lesson that ptwalk carries; all is every
lesson in order. It needs no ptrace. Each screen begins with REPLAY, and the
kernel that it was recorded on.

`

// replayMain shows a recording.
func replayMain(args []string) int {
	f := cli.Flags{Beside: stage.Beside{Source: lessons.Source}}
	fs := flag.NewFlagSet("replay", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	f.Register(fs)
	operands, err := cli.ParseMixed(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return cli.Print(replayHelp + cli.FlagHelp(fs))
	}
	switch {
	case err != nil:
	case len(operands) == 0:
		err = errors.New("no recording is named")
	case len(operands) > 1:
		err = fmt.Errorf("replay takes one recording, and %q is one too many", operands[1])
	default:
		err = f.Check()
	}
	if err != nil {
		return cli.Usage(err, replayUsage)
	}
	rec, err := openRecording(operands[0])
	if err != nil {
		return cli.Report(err)
	}
	if f.JSON {
		return cli.Replay(rec.Events, f, rec.JSON(f.JSONOut()))
	}
	return cli.Replay(rec.Events, f, f.Printer())
}

// openRecording reads the embedded recording of a lesson or of all, or a file.
func openRecording(word string) (*replay.Recording, error) {
	if word == "all" {
		var ids []string
		for _, l := range lessons.All {
			ids = append(ids, lessons.ID(l))
		}
		return replay.Embedded(ids...)
	}
	if l, ok := lessons.Find(word); ok {
		return replay.Embedded(lessons.ID(l))
	}
	name, in := strconv.Quote(word), os.Stdin
	if word == "-" {
		name = "standard input"
	} else {
		var err error
		if in, err = os.Open(word); err != nil {
			return nil, missingRecording(word, err)
		}
		defer in.Close()
	}
	rec, err := replay.Read(in)
	var refused *fs.PathError
	if errors.As(err, &refused) {
		err = errnoOf(err) // the path is in name
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be replayed: %w", name, err)
	}
	return rec, nil
}

func missingRecording(word string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.Failure{Exit: exit.Missing, Err: fmt.Errorf("there is no lesson and no file %q", word)}
	}
	return fmt.Errorf("%q cannot be read: %w", word, errnoOf(err))
}
