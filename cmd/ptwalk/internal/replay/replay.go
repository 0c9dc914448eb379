// Package replay shows recordings.
package replay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/exit"
)

// Command shows a recording as the lesson was.
var Command = &base.Command{
	Name:      "replay",
	UsageLine: "replay FILE|LESSON [flags]",
	Detail:    "replay FILE|LESSON [--svg FILE#STEP] [flags]",
	Short:     "show a recording; needs no ptrace",
	Long: `Shows a recording as the lesson was: the file that --record has written, - for
standard input, or the recording of a lesson that ptwalk carries; all is every
lesson in order. It needs no ptrace. Each screen begins with REPLAY, and the
kernel that it was recorded on.

With --svg FILE#STEP nothing is shown: step STEP of the recording is written to
FILE as a picture for a slide, - for standard output. Steps are its requests,
from 1; so they are numbered in the player of the site, whose address ends in
#step-STEP.
`,
	Run: run,
}

func run(cmd *base.Command, args []string) int {
	f := cli.Flags{Beside: stage.Beside{Source: lessons.Source}}
	fs := base.NewFlags()
	f.Register(fs)
	var slide step
	fs.Var(&slide, "svg", "write one step as a picture, for a slide: `file#step`, as in step.svg#55")
	operands, err := cli.ParseMixed(fs, args)
	switch {
	case err != nil:
	case len(operands) == 0:
		err = errors.New("no recording is named")
	case len(operands) > 1:
		err = fmt.Errorf("replay takes one recording, and %q is one too many", operands[1])
	case slide.number > 0:
		err = alone(fs)
	default:
		err = f.Check()
	}
	if status, done := cmd.Done(fs, err); done {
		return status
	}
	rec, err := openRecording(operands[0])
	if err != nil {
		return cli.Report(err)
	}
	if slide.number > 0 {
		return slide.write(rec)
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
		err = base.Errno(err) // the path is in name
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
	return fmt.Errorf("%q cannot be read: %w", word, base.Errno(err))
}
