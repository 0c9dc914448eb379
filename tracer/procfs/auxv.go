package procfs

import (
	"encoding/binary"

	"ptwalk/tracer"
)

// AuxEntry is AT_ENTRY of getauxval(3): where the program itself begins, behind its
// dynamic loader.
const AuxEntry = 9

// Aux is a value of the auxiliary vector of a process, which execve(2) has made:
// /proc/PID/auxv, proc_pid_auxv(5). It is false where there is none, or no such
// process.
func Aux(pid tracer.TID, key uint64, arch tracer.Arch) (uint64, bool) {
	return parseAux([]byte(read(pid, "auxv")), key, arch)
}

// parseAux looks for the key: pairs of words, whose size is that of the process.
func parseAux(text []byte, key uint64, arch tracer.Arch) (uint64, bool) {
	size := 8
	if arch == tracer.I386 {
		size = 4
	}
	word := func(at int) uint64 {
		var all [8]byte
		copy(all[:], text[at:at+size])
		return binary.LittleEndian.Uint64(all[:])
	}
	for at := 0; at+2*size <= len(text); at += 2 * size {
		if word(at) == key {
			return word(at + size), true
		}
	}
	return 0, false
}
