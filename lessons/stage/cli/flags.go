package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/term"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/present"
	"ptwalk/lessons/stage/render"
)

// Flags are the flags of a lesson.
type Flags struct {
	Plain, JSON, Markdown      bool
	NoPause, Accessible, ASCII bool
	Color                      string
	Width                      width
	Record, Cast               string
	Present                    bool
	Notes                      string
	Beside                     stage.Beside // for the presenter

	auto present.Auto
}

// width is a number of columns; 0 means the terminal's.
type width int

func (w *width) String() string { return strconv.Itoa(int(*w)) }

func (w *width) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 40 {
		return errors.New("the width is a number of columns, 40 or more")
	}
	*w = width(n)
	return nil
}

// Register adds the flags to fs.
func (f *Flags) Register(fs *flag.FlagSet) {
	f.RegisterLook(fs)
	fs.Lookup("json").Usage = "one JSON object for each event (docs/events.md)"
	fs.BoolVar(&f.Markdown, "markdown", false, "a page of Markdown")
	fs.BoolVar(&f.NoPause, "no-pause", false, "do not wait between sections, and do not ask")
	fs.StringVar(&f.Record, "record", "", "also write the events to `file`")
	fs.StringVar(&f.Cast, "cast", "", "also write an asciinema recording to `file`")
	fs.BoolVar(&f.Present, "present", false, "stop before each request, for a talk (h shows the keys)")
	fs.Var(&f.auto, "auto", "present by itself: a `time` for each request, as 2s, or alone at reading speed")
	fs.StringVar(&f.Notes, "notes", "", "also write a speaker's notes to `file`, as the talk goes")
}

// RegisterLook adds the flags that say how a page of text looks, to fs.
func (f *Flags) RegisterLook(fs *flag.FlagSet) {
	fs.BoolVar(&f.Plain, "plain", false, "text without colour or pause")
	fs.BoolVar(&f.JSON, "json", false, "one JSON object")
	fs.StringVar(&f.Color, "color", "auto", "`when` to use colours: auto, always or never")
	fs.Var(&f.Width, "width", "`columns` of the text, 40 or more; no line takes more than 80 (default: the terminal's)")
	f.RegisterReading(fs)
}

// RegisterReading adds the flags for people and terminals that cannot take
// everything, to fs.
func (f *Flags) RegisterReading(fs *flag.FlagSet) {
	fs.BoolVar(&f.Accessible, "accessible", Accessible(), "for a screen reader: no columns, no drawings (chosen by ACCESSIBLE=1 too)")
	fs.Var(asciiFlag{&f.ASCII}, "ascii", "ASCII characters alone (chosen by itself without UTF-8)")
}

// Accessible says whether the environment asks for what a screen reader reads
// well: ACCESSIBLE=1.
func Accessible() bool { return os.Getenv("ACCESSIBLE") == "1" }

// Check says what is wrong with the combination.
func (f *Flags) Check() error {
	if f.Color != "auto" && f.Color != "always" && f.Color != "never" {
		return fmt.Errorf("--color is auto, always or never, not %q", f.Color)
	}
	formats := 0
	for _, on := range []bool{f.Plain, f.JSON, f.Markdown} {
		if on {
			formats++
		}
	}
	if formats > 1 {
		return errors.New("--plain, --json and --markdown exclude each other")
	}
	if f.Present && (formats > 0 || f.NoPause) {
		return errors.New("a talk has pauses and is text: --present excludes --plain, --json, --markdown and --no-pause")
	}
	if !f.presents() && f.Notes != "" {
		return errors.New("--notes belongs to --present")
	}
	files := map[string]bool{"": true}
	for _, name := range []string{f.Record, f.Cast, f.Notes} {
		if name != "" && files[name] {
			return fmt.Errorf("--record, --cast and --notes need a file each, and %q is named twice", name)
		}
		files[name] = true
	}
	return nil
}

// ParseMixed parses flags that stand before and after the operands. All that
// follows a double hyphen is an operand.
func ParseMixed(fs *flag.FlagSet, args []string) (operands []string, err error) {
	if fs.Lookup("auto") != nil {
		args = joinAuto(args)
	}
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		if used := len(args) - len(rest); used > 0 && args[used-1] == "--" {
			return append(operands, rest...), nil
		}
		if len(rest) == 0 {
			return operands, nil
		}
		operands, args = append(operands, rest[0]), rest[1:]
	}
}

// presents says whether a lesson is presented: --auto alone asks for it too.
func (f *Flags) presents() bool { return f.Present || f.auto.On }

// Columns is the width of text for standard output.
func (f *Flags) Columns() int { return f.style(os.Stdout).Width }

// style chooses width and colour for a file that we print to. A terminal that does
// not know its size says that it has no columns.
func (f *Flags) style(out *os.File) render.Style {
	st := render.Style{Width: 80, Accessible: f.Accessible}
	if columns, _, err := term.GetSize(int(out.Fd())); err == nil && 0 < columns && columns < 80 {
		st.Width = columns
	}
	if f.Width > 0 {
		st.Width = min(int(f.Width), 80)
	}
	st.Color = f.colored(term.IsTerminal(int(out.Fd())))
	return st
}

// colored decides by the flag, then NO_COLOR, then CLICOLOR_FORCE, then the
// terminal. A dumb terminal has no colours, whoever asks for them.
func (f *Flags) colored(terminal bool) bool {
	force := os.Getenv("CLICOLOR_FORCE")
	switch {
	case f.Plain, f.Color == "never", os.Getenv("TERM") == "dumb":
		return false
	case f.Color == "always":
		return true
	case os.Getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return terminal
}

// asciiFlag is the flag --ascii.
type asciiFlag struct{ on *bool }

func (asciiFlag) String() string   { return "" }
func (asciiFlag) IsBoolFlag() bool { return true }

func (a asciiFlag) Set(text string) error {
	*a.on = text == "true"
	if *a.on {
		render.UseASCII()
	}
	return nil
}

// joinAuto gives --auto its value: a time that follows it, or reading speed.
func joinAuto(args []string) []string {
	args = slices.Clone(args)
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		if args[i] != "--auto" && args[i] != "-auto" {
			continue
		}
		if i+1 < len(args) {
			if _, err := time.ParseDuration(args[i+1]); err == nil {
				args = slices.Replace(args, i, i+2, args[i]+"="+args[i+1])
				continue
			}
		}
		args[i] += "=" + present.ReadingSpeed
	}
	return args
}
