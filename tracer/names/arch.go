package names

// Arch is the architecture of a program's code. A 64-bit tracer traces 32-bit
// programs too, so it is a value and not a property of this build.
type Arch string

// The architectures that an x86-64 kernel runs.
const (
	X8664 Arch = "x86-64"
	I386  Arch = "i386"
)

// Archs are those whose tables are here.
var Archs = []Arch{X8664, I386}
