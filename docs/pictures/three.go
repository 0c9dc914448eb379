package pictures

// three is the picture of all: the tracer asks, the kernel does, and the tracee
// does not notice. The request and the status are those of a recorded run.
func three() (*canvas, error) {
	h, err := section("01-traceme", 2)
	if err != nil {
		return nil, err
	}
	ask, err := h.call("PTRACE_GETREGS")
	if err != nil {
		return nil, err
	}
	stop, err := h.stopAfter("execve")
	if err != nil {
		return nil, err
	}
	c := &canvas{title: "The tracer asks the kernel by ptrace and hears from it by wait4; the kernel stops the tracee and lets it run", width: 760, height: 250}
	const y, tall = 36, 150
	for _, b := range []struct {
		class          string
		x, wide        int
		name, is, for_ string
	}{
		{"running", 20, 150, "tracer", "a debugger", "it asks, and waits"},
		{"box", 322, 130, "kernel", "", "it alone reaches both"},
		{"stopped", 604, 136, "tracee", "one thread", "it runs, or is stopped"},
	} {
		c.box(b.class, b.x, y, b.wide, tall)
		c.text(b.x+b.wide/2, y+62, "head", "middle", b.name)
		c.text(b.x+b.wide/2, y+84, "soft", "middle", b.is)
		c.text(b.x+b.wide/2, y+tall+22, "soft", "middle", b.for_)
	}
	c.arrow(176, y+36, 316, y+36)
	c.text(246, y+26, "code", "middle", ask.Call.Name)
	c.text(246, y+54, "soft", "middle", "a request")
	c.arrow(316, y+106, 176, y+106)
	c.text(246, y+96, "code", "middle", "wait4: "+hex(stop.Stop.Status))
	c.text(246, y+124, "soft", "middle", "what has happened")
	c.arrow(458, y+36, 598, y+36)
	c.text(528, y+26, "", "middle", "stop, look, change,")
	c.text(528, y+54, "", "middle", "let it run")
	c.arrow(598, y+106, 458, y+106)
	c.text(528, y+96, "", "middle", stop.Stop.Signal.String())
	c.text(528, y+124, "soft", "middle", "a signal, a call, a trap")
	c.text(380, 240, "soft", "middle", "Nothing goes from the tracer to the tracee but through the kernel.")
	return c, nil
}
