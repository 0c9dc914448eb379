package stage

import (
	"errors"
	"syscall"

	"ptwalk/asm"
	"ptwalk/tracer"
)

// CannotRun says why this kernel does not run the target, or "". It tries: the
// target is started untraced and killed at once. A kernel without IA32
// emulation answers ENOEXEC for a 32-bit program.
func (s *Stage) CannotRun(target asm.Target) string {
	image, err := target.Open()
	if err != nil {
		return err.Error()
	}
	defer image.Close()
	quiet := &tracer.Tracer{} // a try is no part of the lesson
	c, err := quiet.Spawn(tracer.Command{Path: image.Path(), Argv: []string{target.Name}})
	if err != nil {
		if !errors.Is(err, syscall.ENOEXEC) {
			s.failStart(target.Name, err)
		}
		return err.Error()
	}
	c.Kill()
	for {
		stop, err := c.Wait()
		if err != nil || stop.Ended() {
			return ""
		}
	}
}
