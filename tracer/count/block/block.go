// Package block counts the instructions of a program without stepping most of
// them. It plants an int3 at the end of each piece of straight code, lets the
// program run to it, and knows then what was executed in between.
//
// # How
//
// Code goes on along near jumps and calls, and along a conditional jump on the
// side that is expected: backwards it is taken, forwards it is not. The other side
// has an int3 too, and a program that stops there was executed up to the jump. An
// expectation that is wrong more often than right is turned round, and then given
// up. That costs stops and changes no count.
//
// The end is the first other branch, system call, or instruction that has to be
// looked at by itself. A near jump, call or return there is carried out by
// us, on the registers and the stack, so that it costs no second stop. A system
// call ends the code by PTRACE_SYSCALL and needs no int3. Everything else at the
// end is stepped: a repeated string instruction, of which each turn
// counts; a move to ss, which holds a trap back; far branches; int3, and what the
// decoder does not know.
//
// A signal that comes in the middle stops the program at an
// instruction of it. Those before have been executed.
//
// # Where it steps
//
// Int3 is planted only where it stays what it is: in a private mapping that the
// program may read and execute and not write. Generated code that can be
// written is stepped, and so is code of a file that is also mapped for writing,
// the vsyscall page, a restartable sequence of rseq(2), and all code of a process
// whose memory is shared with another thread or process. A restartable sequence
// that the scheduler interrupts in the middle of a block ends the count with an
// error, or is not noticed: count programs that have them by stepping.
//
// # What the program can see
//
// It runs with its own flags, and its system calls find its memory without an
// int3 where they look at code: at fork, clone, write, send and the calls that
// change mappings. A program that loads its own code as data, to checksum it, reads
// it from /proc/self/mem, or has io_uring write it, finds the int3 there. A page
// that we have planted in is a copy of the program's own: if it changes the file
// afterwards, by write(2) or through a mapping that it makes later, its code does
// not change with it. Count such programs by stepping. Another process that changes
// this code, through /proc/PID/mem or in its file, is not noticed by either engine.
//
// All of this is about x86-64 and i386: another machine has other branches, and
// another breakpoint.
//
// Nothing is planted in a process that we did not start, and PTRACE_O_EXITKILL
// ends what we have started with us.
package block

import (
	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// Engine is a [count.Engine].
type Engine struct{}

// Name is "block".
func (Engine) Name() string { return "block" }

// Space begins with the memory of a process as it is now.
func (Engine) Space(pid tracer.TID) count.Space { return newSpace(pid) }
