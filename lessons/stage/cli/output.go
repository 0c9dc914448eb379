package cli

import (
	"io"
	"os"

	"golang.org/x/term"

	"ptwalk/lessons/stage"
	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// Printer is the sink for standard output.
func (f *Flags) Printer() event.Sink {
	switch {
	case f.JSON:
		return render.NewJSON(f.JSONOut())
	case f.Markdown:
		return render.NewMarkdown(render.Screen(os.Stdout), f.style(os.Stdout))
	}
	return render.NewText(render.Screen(os.Stdout), f.style(os.Stdout))
}

// JSONOut is standard output for JSON.
func (f *Flags) JSONOut() io.Writer { return f.JSONTo(os.Stdout) }

// JSONTo is w for JSON, which is UTF-8 unless --ascii is asked for.
func (f *Flags) JSONTo(w io.Writer) io.Writer {
	if f.ASCII {
		return render.ASCIIJSON(w)
	}
	return w
}

// openFiles makes the sinks that write to files.
func (f *Flags) openFiles(opt *stage.Options) (files []*os.File, err error) {
	create := func(name string, sink func(*os.File) event.Sink) {
		if name == "" || err != nil {
			return
		}
		var file *os.File
		if file, err = os.Create(name); err == nil {
			files = append(files, file)
			opt.Sinks = append(opt.Sinks, sink(file))
		}
	}
	create(f.Record, func(file *os.File) event.Sink { return render.NewJSON(file) })
	create(f.Cast, func(file *os.File) event.Sink {
		style := f.style(os.Stdout)
		style.Color = f.Color == "always"
		return render.NewCast(file, style)
	})
	return files, err
}

// pauses says whether somebody sits at the terminal and wants to be asked.
func (f *Flags) pauses() bool {
	return !f.Plain && !f.JSON && !f.Markdown && !f.NoPause &&
		term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
}
