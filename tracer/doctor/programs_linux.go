package doctor

import (
	"errors"
	"io/fs"
	"os"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// The probes that run a program to its end, untraced.

func (p *probeTarget) runs32() error {
	if err := p.spawn(asm.Hello32); err != nil {
		return err
	}
	return p.exits()
}

func (p *probeTarget) runsMemfd() error {
	image, err := asm.Hello64.OpenMemfd()
	if err != nil {
		return err
	}
	return p.runsFrom(image)
}

func (p *probeTarget) runsTemp() error {
	image, err := asm.Hello64.OpenIn(os.TempDir())
	var failed *fs.PathError
	// access(2) asks whether the file may be executed; all before it creates the file.
	p.uncreated = errors.As(err, &failed) && failed.Op != "access"
	if err != nil {
		return err
	}
	return p.runsFrom(image)
}

func (p *probeTarget) runsFrom(image *asm.Image) error {
	defer image.Close()
	if err := p.runImage(asm.Hello64, image, (*tracer.Tracer).Spawn); err != nil {
		return err
	}
	return p.exits()
}
