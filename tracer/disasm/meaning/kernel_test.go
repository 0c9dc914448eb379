package meaning

import (
	"testing"

	"ptwalk/tracer"
	"ptwalk/tracer/disasm"
)

func TestSystemCall(t *testing.T) {
	means(t, start, []example{
		{"0f 05", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX, r.RCX = 22, 0x401002 }, "The kernel runs system call 1, write. Its result is 22."},
		{"0f 05", func(r regs) { r.RAX = 1 }, func(r regs) { r.RAX = 1<<64 - 9 }, "The kernel runs system call 1, write. It fails: the result is -9, EBADF."},
		{"0f 05", func(r regs) { r.RAX = 59 }, func(r regs) { r.RAX, r.RIP = 0, 0x500000 }, "The kernel runs system call 59, execve. Execution goes on at 0x500000."},
		{"cd 80", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX = 23 }, "The kernel runs i386 system call 4, write. Its result is 23."},
		{"0f 05", func(r regs) { r.RAX = 59 }, func(r regs) { r.RAX = 1<<64 - 2 }, "The kernel runs system call 59, execve. It fails: the result is -2, ENOENT."},

		// Numbers are numbers, and addresses are addresses.
		{"0f 05", func(r regs) { r.RAX = 39 }, func(r regs) { r.RAX = 24655 }, "The kernel runs system call 39, getpid. Its result is 24655."},
		{"0f 05", func(r regs) { r.RAX = 12 }, func(r regs) { r.RAX = 0x405000 }, "The kernel runs system call 12, brk. Its result is 0x405000."},
		{"0f 05", func(r regs) { r.RAX = 9 }, func(r regs) { r.RAX = 0x7f0000000000 }, "The kernel runs system call 9, mmap. Its result is 0x7f0000000000."},
		{"0f 05", func(r regs) { r.RAX = 8 }, func(r regs) { r.RAX = 1 << 40 }, "The kernel runs system call 8, lseek. Its result is 1099511627776."},
		{"0f 05", func(r regs) { r.RAX = 9999 }, func(r regs) { r.RAX = 1<<64 - 38 }, "The kernel is asked for system call 9999. It fails: the result is -38, ENOSYS."},
		{"0f 05", func(r regs) { r.RAX = 15 }, func(r regs) { r.RAX = 1<<64 - 11 }, "The kernel runs system call 15, rt_sigreturn."},
	})
}

// In 32-bit code all doors lead to the table of i386. syscall, which processors of
// AMD have there too, and sysenter go on in the vdso and not behind themselves.
func TestSystemCallI386(t *testing.T) {
	means(t, narrow, []example{
		{"cd 80", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX = 0xfffffff7 }, "The kernel runs system call 4, write. It fails: the result is -9, EBADF."},
		{"cd 80", func(r regs) { r.RAX = 192 }, func(r regs) { r.RAX = 0xf7f00000 }, "The kernel runs system call 192, mmap2. Its result is 0xf7f00000."},
		{"0f 34", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX, r.RIP = 22, 0xf7fc5579 },
			"The kernel runs system call 4, write. Its result is 22. Execution goes on at 0xf7fc5579."},
		{"0f 05", func(r regs) { r.RAX = 4 }, func(r regs) { r.RAX, r.RIP = 22, 0xf7fc5579 },
			"The kernel runs system call 4, write. Its result is 22. Execution goes on at 0xf7fc5579."},
		{"0f 05", func(r regs) { r.RAX = 11 }, func(r regs) { r.RAX, r.RIP = 0, 0x8049000 }, "The kernel runs system call 11, execve. Execution goes on at 0x8049000."},
	})
	for _, code := range []string{"0f 05", "0f 34", "cd 80"} {
		if !disasm.Decode(bytesOf(t, code), 0, tracer.I386).EntersKernel() {
			t.Errorf("%s enters the kernel", code)
		}
	}
}

func TestIntent(t *testing.T) {
	for _, test := range []struct {
		code string
		arch tracer.Arch
		regs tracer.Regs
		want string
	}{
		{"0f 05", tracer.X8664, tracer.Regs{RAX: 60, RDI: 1}, "The kernel runs system call 60, exit: status 1."},
		{"0f 05", tracer.X8664, tracer.Regs{RAX: 231, RDI: 256 + 7}, "The kernel runs system call 231, exit_group: status 7."},
		{"0f 34", tracer.I386, tracer.Regs{RAX: 252, RBX: 3}, "The kernel runs system call 252, exit_group: status 3."},
		{"0f 05", tracer.I386, tracer.Regs{RAX: 252, RBX: 3}, "The kernel runs system call 252, exit_group: status 3."},
		{"cd 80", tracer.I386, tracer.Regs{RAX: 1, RBX: 1}, "The kernel runs system call 1, exit: status 1."},
		{"cd 80", tracer.X8664, tracer.Regs{RAX: 1}, "The kernel runs i386 system call 1, exit: status 0."},
		{"90", tracer.X8664, tracer.Regs{}, "What it did is not seen: no stop follows it."},
	} {
		if got := Intent(disasm.Decode(bytesOf(t, test.code), 0, test.arch), test.regs); got != test.want {
			t.Errorf("%s: got %s\nwant %s", test.code, got, test.want)
		}
	}
}
