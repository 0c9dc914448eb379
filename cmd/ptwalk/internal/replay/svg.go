package replay

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"ptwalk/cmd/ptwalk/internal/base"
	"ptwalk/lessons/replay"
	"ptwalk/lessons/slide"
	"ptwalk/lessons/stage/cli"
	"ptwalk/lessons/stage/event"
)

// step is the value of --svg: a file, and the number of the step that is written to
// it, 0 where none is asked for.
type step struct {
	file   string
	number int
}

func (s *step) String() string { return "" }

// Set reads FILE#STEP. A file's name may have such a mark, a number has none.
func (s *step) Set(text string) error {
	at := strings.LastIndexByte(text, '#')
	number, err := strconv.Atoi(text[at+1:])
	if at <= 0 || err != nil || number < 1 {
		return errors.New("it is a file and a step of the recording, from 1, as in step.svg#55")
	}
	s.file, s.number = text[:at], number
	return nil
}

// alone says that a flag beside --svg asks for what is not done then.
func alone(fs *flag.FlagSet) (err error) {
	fs.Visit(func(f *flag.Flag) {
		if f.Name != "svg" && f.Name != "ascii" && f.Name != "accessible" {
			err = fmt.Errorf("--svg writes a picture and shows nothing, so --%s has no place beside it", f.Name)
		}
	})
	return err
}

// write writes the step, and says which it is.
func (s *step) write(rec *replay.Recording) int {
	found, err := slide.StepOf(rec.Events, s.number)
	if err != nil {
		return cli.Report(err)
	}
	if s.file == "-" {
		return cli.Print(found.SVG())
	}
	if err := os.WriteFile(s.file, []byte(found.SVG()), 0o666); err != nil {
		return cli.Report(fmt.Errorf("%q cannot be written: %w", s.file, base.Errno(err)))
	}
	expression, outcome := found.Call.Spelled(event.Measured{})
	return cli.Print(fmt.Sprintf("%s has step %d of %d: %s = %s\n", s.file, found.Number, found.Of, expression, outcome))
}
