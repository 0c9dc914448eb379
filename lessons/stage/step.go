package stage

import (
	"errors"
	"path"
	"slices"
	"strings"
	"syscall"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
	"ptwalk/tracer/symbols"
)

// longest is the most bytes that an instruction of x86 can have.
const longest = 15

// Instruction reads and decodes the instruction that the child is about to
// execute. It is event and text only when it has been executed: see Row.
func (c *Child) Instruction(r tracer.Regs) disasm.Inst {
	code := make([]byte, longest)
	n, err := c.Tracee.ReadAt(code, tracer.Addr(r.RIP))
	if err != nil {
		n = 0 // the [vsyscall] page, or a jump to nowhere: the row says so
	}
	return disasm.Decode(code[:n], tracer.Addr(r.RIP), r.Arch())
}

// Row steps one instruction and prints it as a row of a table: the address, the
// bytes, the instruction, what it did, and the stop after it. Its requests are
// PTRACE_GETREGS, process_vm_readv, PTRACE_SINGLESTEP, wait4,
// PTRACE_GETSIGINFO and PTRACE_GETREGS again. Sig is delivered on the way. A
// child that somebody kills meanwhile has its end reported, and no row.
func (c *Child) Row(sig tracer.Signal) (stop tracer.Stop) {
	c.s.Briefly(func() {
		var err error
		if stop, err = c.stepRow(sig); errors.Is(err, syscall.ESRCH) {
			stop, err = c.Tracee.Wait()
			c.collect(stop)
			c.tell(stop, nil)
		}
		c.must(err)
	})
	return stop
}

func (c *Child) stepRow(sig tracer.Signal) (stop tracer.Stop, err error) {
	before, err := c.Tracee.GetRegs()
	if err != nil {
		return stop, err
	}
	inst := c.Instruction(before)
	if err := c.Tracee.SingleStep(sig); err != nil {
		return stop, err
	}
	if stop, err = c.Tracee.Wait(); err != nil {
		return stop, err
	}
	if stop.Ended() {
		c.row(inst, inst.Intent(before))
		c.collect(stop)
		c.tell(stop, nil)
		return stop, nil
	}
	var code *int // a group-stop has none
	if stop.Kind != tracer.GroupStop {
		info, err := c.Tracee.SigInfo()
		if err != nil {
			return stop, err
		}
		n := int(info.Code)
		code = &n
	}
	after, err := c.Tracee.GetRegs()
	if err != nil {
		return stop, err
	}
	c.stepped = inst
	c.row(inst, inst.Meaning(before, after))
	c.s.emit(&RegsEvent{TID: c.TID(), Regs: after, Brief: true,
		Changed: after.Changed(before), Show: ofProcessor(after.Changed(before))})
	c.tell(stop, code)
	c.collect(stop)
	return stop, nil
}

func (c *Child) row(inst disasm.Inst, meaning string) {
	label := ""
	if c.Target.Source != "" {
		if sym, off, ok := c.Symbols().Find(inst.Addr); ok && off == 0 {
			label = sym.Name
		}
	}
	c.s.emit(&InstructionEvent{TID: c.TID(), Addr: inst.Addr, Bytes: inst.Bytes,
		Text: inst.Text, Meaning: meaning, Label: label})
}

// Line is the code of the target's source line that holds text, from DWARF.
func (c *Child) Line(text string) symbols.Range {
	number := 0
	for i, line := range strings.Split(c.Target.SourceText(), "\n") {
		if number == 0 && strings.Contains(line, text) {
			number = i + 1
		}
	}
	f, err := c.Target.ELF()
	c.must(err)
	ranges, err := symbols.Lines(f, path.Base(c.Target.Source), number)
	c.must(err)
	if len(ranges) == 0 {
		c.s.fail(errorf("line %d of %s has no code", number, c.Target.Source))
	}
	return ranges[0]
}

// Function is the name of the function that an address is in.
func (c *Child) Function(a tracer.Addr) string {
	if sym, _, ok := c.Symbols().Find(a); ok {
		return sym.Name
	}
	return "no symbol"
}

// Written is how many bytes the child has written so far, as far as we have
// looked: Wait looks.
func (c *Child) Written() int { return c.written }

// ofProcessor leaves out orig_rax, which the kernel keeps for itself.
func ofProcessor(registers []string) []string {
	return slices.DeleteFunc(slices.Clone(registers), func(r string) bool { return strings.HasPrefix(r, "orig_") })
}
