// Package memory is lesson 7: what a tracer reads and writes.
package memory

import (
	"encoding/binary"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 7, Name: "memory", Title: "a page that its owner may only read",
	Summary: "PEEK and POKE, process_vm_readv and /proc/PID/mem; PIE and copy-on-write.",
	Minutes: 25, Goal: "read and write the memory of a program, and find a variable in it",
	Can: []string{
		"change one byte of a program, by words",
		"write where the program itself may only read",
		"say why no file and no other process changes with it",
		"choose among three ways, by what they may and what they cost",
		"find a variable: its symbol, and the base from /proc/PID/maps",
	},
	Needs: []string{"traceme", "options", "cont", "syscall", "syscall-info", "peekdata", "pokedata",
		"vm-read", "proc", "proc-mem"},
	Sections: []stage.Section{
		{Title: "One byte", Run: oneByte},
		{Title: "A page that may only be read", Run: readOnly},
		{Title: "Whose page was it?", Run: whosePage},
		{Title: "Three ways to write", Run: threeWays},
		{Title: "A page with PROT_NONE", Run: closed},
		{Title: "What cannot be copied", Run: shared},
		{Title: "At the edge", Run: atTheEdge},
		{Title: "What reading costs", Run: costs},
		{Title: "Where a variable is", Run: where},
		{Title: "A place of its own at each start", Run: anew},
	},
}

func oneByte(s *stage.Stage) {
	s.Say(`hello64 has its text at 0x402000. We write a J, 0x4a,
	       over its H by PTRACE_POKEDATA. The lowest byte comes first in memory.`)
	child := s.Ready(asm.Hello64)
	text := child.Symbol("message")
	jello := stage.Answer{Text: "Jello from the tracee", Why: "That would be one byte. POKEDATA writes a word, and the other seven bytes of it are 0."}
	rest := stage.Answer{Text: "J, zeros, om the tracee", Why: "POKEDATA writes a word: the J, and seven bytes that are 0."}
	prints := s.Predict("What does hello64 print after this one request?", jello, rest)
	child.PokeData(text, 'J')
	word := child.PeekData(text)
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
	if word == 'J' {
		prints.Is(rest)
	} else {
		prints.Is(jello)
	}
	s.Say(`So a byte needs two requests: read the word, change the byte, write it.`)
	child = s.Ready(asm.Hello64)
	word = child.PeekData(text)
	child.PokeData(text, word&^0xff|'J')
	s.Briefly(func() {
		child.Cont(0)
		child.Wait()
	})
}

func readOnly(s *stage.Stage) {
	s.Say(`The program *constant* prints a text that is const in its C source.`)
	child := s.Ready(asm.Constant)
	text := child.Symbol("constant")
	s.Note("Its text is at %v. /proc/PID/maps says of that page: %s. The program may only read it.", text, child.Mapping(text).Perms)
	segv := stage.Answer{Text: "the program gets SIGSEGV", Why: "It would, if it wrote there itself. But it does nothing here: it is stopped."}
	refused := stage.Answer{Text: "an error", Why: "The page may not be written. But ptrace asks the kernel to write all the same, for debuggers."}
	written := stage.Answer{Text: "it is written", Why: "The kernel gives the process a copy of the page, and writes there. Breakpoints are made so."}
	brings := s.Predict("We POKE there. What happens?", segv, refused, written)
	s.Briefly(func() { child.PeekData(text) })
	if err := child.Tracee.PokeData(text, word("It often")); err != nil {
		brings.Is(refused)
	} else {
		brings.Is(written)
	}
	child.Cont(0)
	s.Briefly(func() { child.Wait() })
}

// word is eight bytes of text as the number that a tracee's memory has them in.
func word(text string) tracer.Word { return tracer.Word(binary.LittleEndian.Uint64([]byte(text))) }

func whosePage(s *stage.Stage) {
	s.Say(`Two processes run *constant* at the same time. They have mapped the same
	       page of the same file. We write to the first.`)
	first, second := s.Ready(asm.Constant), s.Ready(asm.Constant)
	text := first.Symbol("constant")
	both := stage.Answer{Text: "It often changes", Why: "Both had the same page of memory. But at the write the first got a copy of its own."}
	never := stage.Answer{Text: "It never changes", Why: "At the write the kernel gave the first a copy of the page: copy-on-write. The second has the old one."}
	prints := s.Predict("What does the second print?", both, never)
	first.PokeData(text, word("It often"))
	if second.PeekData(text) == word("It never") {
		prints.Is(never)
	} else {
		prints.Is(both)
	}
	s.Briefly(func() {
		second.Cont(0)
		second.Wait()
		first.End()
	})
	s.Say(`The file has not changed either. The mapping is private, the p in r--p,
	       so nothing that is written to it goes back. That is why many can be
	       debugged at once that run the same program.`)
}

func threeWays(s *stage.Stage) {
	s.Say(`There are two more ways to write: process_vm_writev, and the file
	       /proc/PID/mem. Both take many bytes at once.`)
	child := s.Ready(asm.Constant)
	text := child.Symbol("constant")
	may := s.Predict("Which of them writes to the page that may only be read?",
		stage.Answer{Text: "both", Why: "process_vm_writev keeps to what the program itself may do."},
		stage.Answer{Text: "process_vm_writev", Why: "It is the younger call, and keeps to what the program itself may do."},
		stage.Answer{Text: "/proc/PID/mem", Why: "The file forces its way as PTRACE_POKEDATA does. The call keeps to the page's rights."},
		stage.Answer{Text: "none", Why: "This kernel refuses the file too. It can be told so since Linux 6.12."})
	_, call := child.Tracee.WriteAt([]byte("It often"), text)
	mem := child.OpenMem()
	_, file := mem.File.WriteAt([]byte("It often"), text)
	mem.Close()
	switch {
	case call == nil && file == nil:
		may.Is("both")
	case call == nil:
		may.Is("process_vm_writev")
	case file == nil:
		may.Is("/proc/PID/mem")
	default:
		may.Is("none")
	}
	s.Briefly(child.End)
}

// toGetpid lets the child run to the entry of getpid, where it has prepared all.
func toGetpid(child *stage.Child) {
	child.SetOptions(tracer.TraceSysGood)
	for {
		child.Syscall(0)
		child.Wait()
		if info := child.SyscallInfo(); names.SyscallName(info.Arch(), info.Nr()) == "getpid" {
			return
		}
	}
}
