package stage

// Here is nil where lessons can be run: on Linux and x86-64.
func Here() error { return nil }
