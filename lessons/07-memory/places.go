package memory

import (
	"fmt"
	"slices"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
)

// The sections about what can be read where, and about where things are.

// The pages of walls.
const (
	closedPage  = tracer.Addr(0x500000)
	sharedPage  = tracer.Addr(0x501000)
	nothing     = tracer.Addr(0x502000)
	lastOfPages = nothing - 8
)

func closed(s *stage.Stage) {
	s.Say(`The program *walls* has written a text to a page, and then has given up
	       all its rights there: PROT_NONE.`)
	child := s.Ready(asm.Walls)
	s.Briefly(func() { toGetpid(child) })
	s.Note("/proc/PID/maps says: %v %s.", closedPage, child.Mapping(closedPage).Perms)
	refused := stage.Answer{Text: "an error", Why: "The program would get SIGSEGV. For a private page ptrace does not ask for its rights."}
	read := stage.Answer{Text: "the text", Why: "For a private page ptrace does not ask for its rights, and the page is still there."}
	brings := s.Predict("What does PEEKDATA bring from there?", refused, read)
	if _, err := child.Tracee.PeekData(closedPage); err != nil {
		brings.Is(refused)
	} else {
		brings.Is(read)
	}
	s.Say(`process_vm_readv keeps to the rights, as its twin did:`)
	child.Tracee.ReadAt(make([]byte, 13), closedPage)
	child.End()
}

func shared(s *stage.Stage) {
	s.Say(`The next page of *walls* is the first one of its file, mapped shared and
	       read-only.`)
	child := s.Ready(asm.Walls)
	s.Briefly(func() { toGetpid(child) })
	s.Note("/proc/PID/maps says: %v %s.", sharedPage, child.Mapping(sharedPage).Perms)
	written := stage.Answer{Text: "it is written", Why: "A private page is copied for it. A write to a shared one would be seen by all who share it."}
	refused := stage.Answer{Text: "an error", Why: "A copy would not be shared any more, and into a shared page the kernel does not force its way."}
	brings := s.Predict("We POKE there, as into the private page before. What happens?", written, refused)
	word := child.PeekData(sharedPage)
	if err := child.Tracee.PokeData(sharedPage, word); err != nil {
		brings.Is(refused)
	} else {
		brings.Is(written)
	}
	child.End()
}

func atTheEdge(s *stage.Stage) {
	s.Say(`Behind that page nothing is mapped. We ask for 16 bytes, of which 8 are
	       on the page.`)
	child := s.Ready(asm.Walls)
	s.Briefly(func() { toGetpid(child) })
	eight := stage.Answer{Text: "8 bytes", Why: "Both stop at the edge and say how many they have read."}
	none := stage.Answer{Text: "an error", Why: "That is what a word does. These two read what is there."}
	brings := s.Predict("What do process_vm_readv and /proc/PID/mem bring?", eight, none)
	n, err := child.Tracee.ReadAt(make([]byte, 16), lastOfPages)
	mem := child.OpenMem()
	m, also := mem.File.ReadAt(make([]byte, 16), lastOfPages)
	mem.Close()
	if err == nil && also == nil && n == 8 && m == 8 {
		brings.Is(eight)
	} else {
		brings.Is(none)
	}
	s.Say(`A word that crosses the edge is not read at all:`)
	child.Tracee.PeekData(nothing - 4)
	child.End()
}

// One section reads a page, by two of the ways in so many rounds.
const (
	pageSize = 4096
	rounds   = 51
)

func costs(s *stage.Stage) {
	s.Say(`We read one page, 4096 bytes, in three ways.`)
	child := s.Ready(asm.Walls)
	s.Briefly(func() { toGetpid(child) })
	page := make([]byte, pageSize)

	words := median(s, 1, child, func() {
		for a := sharedPage; a < nothing; a += 8 {
			child.PeekData(a)
		}
	})
	call := median(s, rounds, child, func() { child.Tracee.ReadAt(page, sharedPage) })
	mem := child.OpenMem()
	file := median(s, rounds, child, func() { mem.File.ReadAt(page, sharedPage) })
	mem.Close()
	s.Table("", []stage.Column{{Name: "how"}, {Name: "requests", Right: true}, {Name: "times as long", Right: true}}, [][]any{
		{"PTRACE_PEEKDATA", pageSize / 8, ratio(words, call)},
		{"process_vm_readv", 1, ratio(call, call)},
		{"/proc/PID/mem", 1, ratio(file, call)},
	})
	s.Say(`The last two are medians of many reads, on this machine and at this moment.
	       Neither needs the tracee to be stopped.`)
	s.Briefly(child.End)
}

// median is the middle one of n times that do takes, in seconds.
func median(s *stage.Stage, n int, child *stage.Child, do func()) float64 {
	var times []float64
	s.Briefly(func() {
		s.Loop(func() {
			for range n {
				timer := child.Timer()
				do()
				times = append(times, timer())
			}
		})
	})
	slices.Sort(times)
	return times[n/2]
}

func ratio(seconds, one float64) stage.Fact { return stage.Fact(fmt.Sprintf("%.1f", seconds/one)) }

func where(s *stage.Stage) {
	s.Say(`The program *wanderer* is position-independent, as most programs of a system are: a
	       PIE. It has set its variable to 42.`)
	child := s.Ready(asm.Wanderer)
	s.Briefly(func() { toGetpid(child) })
	symbol := child.Symbol("counter")
	s.Note("Its symbol table says: counter is at %v.", symbol)
	value := stage.Answer{Text: "42", Why: "It would, if the program were loaded at 0. It is somewhere else."}
	refused := stage.Answer{Text: "an error", Why: "The address counts from where the program begins, and nothing is mapped so low."}
	brings := s.Predict("What does PEEKDATA bring from there?", value, refused)
	if _, err := child.Tracee.PeekData(symbol); err != nil {
		brings.Is(refused)
	} else {
		brings.Is(value)
	}
	base := child.Base()
	s.Note("/proc/PID/maps says that the program begins at %v. The two are added:", base)
	child.PeekData(base + symbol)
	child.End()
}

func anew(s *stage.Stage) {
	s.Say(`The same program, started again.`)
	child := s.Ready(asm.Wanderer)
	first := child.Base()
	s.Briefly(child.End)
	same := stage.Answer{Text: "yes", Why: "Here address randomisation is switched off: /proc/sys/kernel/randomize_va_space is 0."}
	other := stage.Answer{Text: "no", Why: "The kernel draws a place at each start: address space layout randomisation, ASLR."}
	again := s.Predict("Does it begin at the same address?", same, other)
	child = s.Ready(asm.Wanderer)
	second := child.Base()
	s.Table("", []stage.Column{{Name: "start"}, {Name: "begins at"}}, [][]any{{1, first}, {2, second}})
	if first == second {
		again.Is(same)
	} else {
		again.Is(other)
	}
	s.Say(`Debuggers switch that off for the programs that they start, by
	       personality(2). For a process that runs already, only
	       /proc/PID/maps tells.`)
	s.Briefly(child.End)
}
