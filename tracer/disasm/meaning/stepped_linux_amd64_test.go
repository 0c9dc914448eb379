package meaning_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/disasm/meaning"
)

// both runs a test on 64-bit and on 32-bit code, each with a target of its own.
func both(t *testing.T, test func(t *testing.T, m *machine)) {
	for _, arch := range []tracer.Arch{tracer.X8664, tracer.I386} {
		t.Run(string(arch), func(t *testing.T) { test(t, newMachine(t, arch)) })
	}
}

// trials are how often each form is tried in each shape, with other values.
const trials = 4

// new makes a trial. The numbers are the same in every run.
func (m *machine) trial(f form, size int, seed uint64) *trial {
	return &trial{Rand: rand.New(rand.NewPCG(seed, uint64(size))), m: m, f: f, size: size}
}

// sizes are those that the form has in this code.
func (m *machine) sizes(f form) []int {
	var out []int
	for _, size := range f.sizes {
		switch {
		case m.arch == tracer.X8664 || size != 64:
			out = append(out, size)
		case f.fixed && !f.long && f.vector == nil && f.prefix == 0:
			out = append(out, 32) // the size of the stack, and of nothing
		case f.fixed && !f.long:
			out = append(out, 64)
		}
	}
	return out
}

func (m *machine) shapes(f form) []string {
	var out []string
	if f.only != "memory" {
		out = append(out, "")
	}
	if f.only == "" || f.only == "memory" {
		if m.arch == tracer.I386 {
			return append(out, shapes32...)
		}
		return append(out, shapes64...)
	}
	return out
}

func (m *machine) try(t *testing.T, f form) {
	if f.long && m.arch == tracer.I386 || f.old && m.arch != tracer.I386 {
		return
	}
	for _, size := range m.sizes(f) {
		for n, shape := range m.shapes(f) {
			for k := range trials {
				if f.inReg && f.op[0] == 0x0f && size == 16 {
					continue
				}
				trial := m.trial(f, size, uint64(1000*n+k))
				trial.build(shape)
				trial.e.bare = trial.e.bare || f.only == "none"
				trial.run(t, trial.e.encode(trial.rip, trial.ea))
			}
		}
	}
}

// Every form that has words, in registers and in memory of each shape, with
// values at the edges: each number of each sentence is what the registers and
// memory say.
func TestEverySentence(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		for _, f := range forms() {
			m.try(t, f)
		}
		t.Logf("%d instructions", m.steps)
	})
}

// The moves of vectors and BMI, as far as this processor has them.
func TestEveryVectorSentence(t *testing.T) {
	for _, arch := range []tracer.Arch{tracer.X8664, tracer.I386} {
		for needs, all := range vectorForms() {
			t.Run(string(arch)+"/"+needs, func(t *testing.T) {
				m := newMachine(t, arch)
				m.vectors = true
				if !m.has(t, needs) {
					t.Skip("this processor has no ", needs)
				}
				for _, f := range all {
					m.try(t, f)
				}
			})
		}
	}
}

// has asks the processor, and whether the kernel keeps its vector registers.
func (m *machine) has(t *testing.T, feature string) bool {
	leaf1, leaf7 := m.cpuid(t, 1, 0), m.cpuid(t, 7, 0)
	avx := leaf1.c>>27&1 == 1 && leaf1.c>>28&1 == 1
	avx512 := avx && leaf7.b>>16&1 == 1
	return map[string]bool{"sse2": true, "avx": avx, "bmi1": leaf7.b>>3&1 == 1, "bmi2": leaf7.b>>8&1 == 1,
		"avx512f": avx512, "avx512vl": avx512 && leaf7.b>>31&1 == 1, "avx512bw": avx512 && leaf7.b>>30&1 == 1 && leaf7.b>>31&1 == 1}[feature]
}

// Jumps, calls and returns: where execution goes on is where the sentence says.
func TestEveryJump(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		long := m.arch != tracer.I386
		try := func(name string, code func(*trial) []byte) {
			t.Helper()
			for k := range 4 * trials {
				trial := m.trial(form{name: name, general: strings.HasPrefix(name, "loope") || strings.HasPrefix(name, "loopne")}, 64, uint64(k))
				trial.fill(64)
				trial.rip = codeAt + 0x200
				trial.run(t, code(trial))
			}
		}
		rel8 := func(t *trial) byte { return byte(t.Uint32()) }
		rel32 := func(t *trial) []byte { return le32(int32(t.IntN(0x200) - 0x200)) }
		for n := range byte(16) {
			try(fmt.Sprintf("j%d short", n), func(t *trial) []byte { return []byte{0x70 + n, rel8(t)} })
			try(fmt.Sprintf("j%d", n), func(t *trial) []byte { return append([]byte{0x0f, 0x80 + n}, rel32(t)...) })
		}
		counter := func(t *trial) { t.regs[1] = t.regs[1]&^0xffffffff | uint64(t.IntN(3)) }
		for op, name := range map[byte]string{0xe0: "loopne", 0xe1: "loope", 0xe2: "loop", 0xe3: "jrcxz"} {
			try(name, func(t *trial) []byte { t.regs[1] = uint64(t.IntN(3)); return []byte{op, rel8(t)} })
			if long {
				try(name+" with ecx", func(t *trial) []byte { counter(t); return []byte{0x67, op, rel8(t)} })
			}
		}
		try("jmp short", func(t *trial) []byte { return []byte{0xeb, rel8(t)} })
		try("jmp", func(t *trial) []byte { return append([]byte{0xe9}, rel32(t)...) })
		try("call", func(t *trial) []byte { return append([]byte{0xe8}, rel32(t)...) })
		for digit, name := range map[byte]string{2: "call", 4: "jmp"} {
			try(name+" register", func(t *trial) []byte {
				t.regs[3] = codeAt + uint64(t.IntN(0x400))
				return []byte{0xff, 0xc3 | digit<<3}
			})
			try(name+" memory", func(t *trial) []byte {
				t.regs[3] = dataAt
				t.put(dataAt+8, codeAt+uint64(t.IntN(0x400)), 64)
				return []byte{0xff, 0x43 | digit<<3, 8}
			})
		}
		back := func(t *trial) { t.put(stackAt, codeAt+uint64(t.IntN(0x400)), 64) }
		try("ret", func(t *trial) []byte { back(t); return []byte{0xc3} })
		try("ret 8", func(t *trial) []byte { back(t); return []byte{0xc2, 8, 0} })
	})
}

// String instructions, one item a step, forwards and backwards.
func TestEveryString(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		for op, name := range map[byte]string{0xaa: "stos", 0xa4: "movs", 0xac: "lods", 0xae: "scas", 0xa6: "cmps"} {
			for _, size := range m.sizes(form{sizes: all}) {
				for _, rep := range []byte{0, 0xf3, 0xf2} {
					for k := range 3 * trials {
						// lods has no words where it repeats, nor has what DF and segments make unclear.
						trial := m.trial(form{name: name, general: name == "lods" && rep != 0}, size, uint64(k))
						trial.fill(size)
						trial.rip = codeAt
						trial.regs[6], trial.regs[7] = dataAt+0x400+uint64(8*trial.IntN(16)), dataAt+0x600+uint64(8*trial.IntN(16))
						for _, at := range []uint64{trial.regs[6], trial.regs[7]} {
							trial.put(at, uint64(trial.IntN(2)), 64)
						}
						trial.regs[0] = uint64(trial.IntN(2)) | trial.Uint64()<<32
						trial.regs[1] = uint64(trial.IntN(4))
						trial.eflags |= trial.Uint64() & 0x400 // DF
						var code []byte
						if k%3 == 2 && m.arch != tracer.I386 {
							code = append(code, 0x67)
							trial.f.general = true // of rcx 0 the processor may clear the upper half
							for _, n := range []int{1, 6, 7} {
								trial.regs[n] |= trial.Uint64() << 32
							}
						}
						trial.e = encoding{long: m.arch != tracer.I386, size: size, rep: rep, bare: true, opcode: []byte{op | byte(btoi(size > 8))}}
						if size == 8 {
							trial.e.high = true
						}
						trial.run(t, append(code, trial.e.bytes(0)...))
					}
				}
			}
		}
	})
}

// System calls: number, table and result.
func TestEverySystemCall(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		long := m.arch != tracer.I386
		try := func(name string, code []byte, rax, first uint64, want string) {
			t.Helper()
			trial := m.trial(form{name: name}, 64, 1)
			trial.fill(64)
			trial.rip = codeAt
			trial.regs[0], trial.regs[7], trial.regs[3], trial.regs[2] = rax, first, first, 0
			trial.regs[1], trial.regs[6] = 0, 0
			trial.edit = func(r *tracer.Regs) { r.OrigRAX = r.RAX } // as the event of the step before has it
			if got := trial.run(t, code); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		pid := fmt.Sprint(int(m.TID))
		if long {
			code := []byte{0x0f, 0x05}
			try("getpid", code, 39, 0, "The kernel runs system call 39, getpid. Its result is "+pid+".")
			try("close", code, 3, ^uint64(0), "The kernel runs system call 3, close. It fails: the result is -9, EBADF.")
			try("brk", code, 12, 0, "The kernel runs system call 12, brk. Its result is 0x")
			try("none", code, 9999, 0, "The kernel is asked for system call 9999. It fails: the result is -38, ENOSYS.")
			try("int 0x80", []byte{0xcd, 0x80}, 20, 0, "The kernel runs i386 system call 20, getpid. Its result is "+pid+".")
			return
		}
		try("getpid", []byte{0xcd, 0x80}, 20, 0, "The kernel runs system call 20, getpid. Its result is "+pid+".")
		try("close", []byte{0xcd, 0x80}, 6, 0xffffffff, "The kernel runs system call 6, close. It fails: the result is -9, EBADF.")
	})
}

// The call that nothing comes back from: the status that is announced is the one
// that the parent gets.
func TestEveryExit(t *testing.T) {
	for _, test := range []struct {
		name string
		arch tracer.Arch
		code []byte
		rax  tracer.Word
		want string
	}{
		{"exit", tracer.X8664, []byte{0x0f, 0x05}, 60, "The kernel runs system call 60, exit: status 7."},
		{"exit_group", tracer.X8664, []byte{0x0f, 0x05}, 231, "The kernel runs system call 231, exit_group: status 7."},
		{"int 0x80", tracer.X8664, []byte{0xcd, 0x80}, 1, "The kernel runs i386 system call 1, exit: status 9."},
		{"int 0x80", tracer.I386, []byte{0xcd, 0x80}, 252, "The kernel runs system call 252, exit_group: status 9."},
		{"sysenter", tracer.I386, []byte{0x0f, 0x34}, 252, "The kernel runs system call 252, exit_group: status 9."},
	} {
		t.Run(string(test.arch)+"/"+test.name, func(t *testing.T) {
			m := newMachine(t, test.arch)
			if test.name == "sysenter" && m.vendor(t) != "GenuineIntel" {
				t.Skip("sysenter of this processor is not for compatible code")
			}
			regs := m.base
			regs.RIP, regs.RAX, regs.RDI, regs.RBX, regs.RBP = codeAt, test.rax, 0x107, 0x209, stackAt
			said := meaning.Intent(disasm.Decode(test.code, codeAt, test.arch), regs)
			_, stop := m.step(t, test.code, regs)
			if said != test.want || stop.Kind != tracer.Exited || !strings.HasSuffix(said, fmt.Sprintf("status %d.", stop.ExitCode)) {
				t.Errorf("%q, and it ended with %v, %d; want %q", said, stop.Kind, stop.ExitCode, test.want)
			}
		})
	}
}

func (m *machine) vendor(t *testing.T) string {
	id := m.cpuid(t, 0, 0)
	b := binary.LittleEndian.AppendUint32(nil, id.b)
	b = binary.LittleEndian.AppendUint32(b, id.d)
	return string(binary.LittleEndian.AppendUint32(b, id.c))
}

// 32-bit code with segments that begin elsewhere: set_thread_area(2) makes one, and
// where it begins is in a table that the registers do not show.
func TestSegmentsOfAProgram(t *testing.T) {
	m := newMachine(t, tracer.I386)
	trial := m.trial(form{name: "set_thread_area"}, 32, 1)
	trial.fill(32)
	trial.rip = codeAt
	trial.regs[0], trial.regs[3] = 243, dataAt
	desc := binary.LittleEndian.AppendUint32(nil, 0xffffffff)  // any entry
	desc = binary.LittleEndian.AppendUint32(desc, dataAt)      // it begins here
	desc = binary.LittleEndian.AppendUint32(desc, 0xfffff)     // and has all there is
	desc = binary.LittleEndian.AppendUint32(desc, 1|1<<4|1<<6) // 32 bits, pages, usable
	trial.data[dataAt] = desc
	trial.run(t, []byte{0xcd, 0x80})
	entry, _ := m.seen(dataAt, 4, true)
	selector := tracer.Word(binary.LittleEndian.Uint32(entry)<<3 | 3)

	for _, test := range []struct {
		name, want string
		code       []byte
		edit       func(*tracer.Regs)
	}{
		{"gs", "eax becomes 7, read from an address in segment gs.", []byte{0x65, 0x8b, 0x03}, func(r *tracer.Regs) { r.GS, r.GSBase = selector, dataAt }},
		{"ds", "eax becomes 7, read from an address in segment ds.", []byte{0x8b, 0x03}, func(r *tracer.Regs) { r.DS = selector }},
		{"es", "eax becomes 7, read from an address in segment es.", []byte{0x26, 0x8b, 0x03}, func(r *tracer.Regs) { r.ES = selector }},
		{"cs", "eax becomes 7, read from 0x404200.", []byte{0x2e, 0x8b, 0x83, 0x00, 0x40, 0x40, 0x00}, func(r *tracer.Regs) { r.DS = selector }},
		{"movs", "Changes esi to 0x404 and edi to 0x404204.", []byte{0xa5}, func(r *tracer.Regs) { r.DS, r.RSI, r.RDI = selector, 0x400, dataAt+0x200 }},
	} {
		trial := m.trial(form{name: test.name, general: true}, 32, 1)
		trial.fill(32)
		trial.rip = codeAt
		trial.eflags = 0x202
		trial.regs[3] = 0x200
		trial.put(dataAt+0x200, 7, 32)
		trial.edit = test.edit
		if got := trial.run(t, test.code); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
