// Package peekuser is lesson 2: reading a tracee's registers, word by word.
package peekuser

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
	"ptwalk/tracer/user"
)

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 2, Name: "peekuser", Title: "one word of the tracee's registers",
	Summary: "PTRACE_PEEKUSER, its offsets, and the system call that a child made.",
	Minutes: 30, Goal: "read a register of another process, and name the system call it is in",
	Can: []string{
		"read any register of a stopped tracee by its offset",
		"name the system call that it is in, and its table",
		"tell -1 that is a word from -1 that is an error",
		"say why old texts print 11, and new ones 59",
		"stop a program at the entry of its next system call",
	},
	Needs: []string{"traceme", "getregs", "peekuser", "options", "syscall", "pokedata", "vm-read",
		"peekdata?", "32-bit?", "syscall-info if 32-bit", "cont unless 32-bit"},
	Sections: []stage.Section{
		{Title: "Four arguments", Run: fourArguments},
		{Title: "Which system call was it?", Run: whichCall},
		{Title: "The same question on i386", Run: onI386},
		{Title: "An old offset", Run: wrongOffset},
		{Title: "Is -1 an error?", Run: minusOne},
		{Title: "The whole USER area", Run: wholeArea},
		{Title: "Two tables of system calls", Run: twoTables},
		{Title: "The number at the entry", Run: atTheEntry},
		{Title: "int 0x80 in 64-bit code", Run: int80},
	},
}

func fourArguments(s *stage.Stage) {
	s.Say(`There is one function for all that a tracer can ask:

	       | long ptrace(enum __ptrace_request request, pid_t pid,
	       |             void *addr, void *data);

	       The request says what. The pid says whose; it is a thread's id.
	       What addr and data mean depends on the request.`)
	child := s.Ready(asm.Hello64)
	s.Say(`Every stopped tracee has a USER area: a view of its saved
	       registers. PTRACE_PEEKUSER reads one word of it. Its addr is an
	       offset in bytes. In C its data is not used.`)
	rip := child.PeekUser(user.RIP)
	s.Note("RIP is word %d of the area, and a word has 8 bytes here: offset %d. rip is %v.",
		user.RIP/8, user.RIP, rip)
	child.End()
}

func whichCall(s *stage.Stage) {
	s.Say(`On a system call rax is overwritten by the result. So the kernel keeps
	       the number of the call in a word of its own: ORIG_RAX.`)
	child := s.Ready(asm.Hello64)
	yes := stage.Answer{Text: "yes", Why: "The word stays as it is until the next system call. 59 is execve in the table of x86-64."}
	no := stage.Answer{Text: "no", Why: "It would be so for rax, which holds the result by now."}
	known := s.Predict("execve is over, and rax holds its result. Is its number still known?", yes, no)
	nr := child.PeekUser(user.OrigRAX)
	if names.SyscallName("x86-64", int64(nr)) == "execve" {
		known.Is(yes)
	} else {
		known.Is(no)
	}
	child.End()
}

func onI386(s *stage.Stage) {
	s.Say(`A 64-bit kernel still runs programs of 32-bit machines. The same request
	       from the same tracer reads the word of a 32-bit child, which was
	       started in the same way, by call 59.`)
	if why := s.CannotRun(asm.Hello32); why != "" {
		s.Note("This kernel does not run 32-bit programs (%v), so it cannot be shown here. On a kernel with IA32 emulation the word is %d, %s in that table.",
			stage.Fact(why), i386("execve"), "execve")
		return
	}
	child := s.Ready(asm.Hello32)
	nr := s.Predict("And which number is it now?",
		stage.Answer{Text: "11", Why: "execve, in the table of the image that the child has become: i386."},
		stage.Answer{Text: "59", Why: "59 is execve in the table of x86-64. The kernel shows the number of the new image's table."})
	nr.Is(child.PeekUser(user.OrigRAX))
	cs := child.PeekUser(user.CS)
	s.Note("%d is %s: the code segment of 32-bit programs. The call was 59; when the kernel makes the new image a 32-bit one, it writes 11 into the word. So old texts, which print 11, and new ones are both right.", int(cs), cs.Hex())
	child.End()
}

func wrongOffset(s *stage.Stage) {
	s.Say(`Old programs multiply the index by 4, the size of a word on i386. If
	       that stays on x86-64, 4*ORIG_RAX is 4*15 = 60.`)
	child := s.Ready(asm.Hello64)
	answer := s.Predict("What does PTRACE_PEEKUSER answer at offset 60?",
		stage.Answer{Text: "59", Why: "That word begins at offset 120."},
		stage.Answer{Text: "0", Why: "Nothing is read: 60 is no multiple of 8."},
		stage.Answer{Text: "EIO", Why: "The kernel reads whole words of 8 bytes, at multiples of 8."})
	w, err := child.Tracee.PeekUser(4 * user.OrigRAX / 8)
	if err == nil {
		answer.Is(w)
	} else {
		answer.Is(stage.ErrnoName(err))
	}
	s.Note("glibc's ptrace returns -1 then. A program that does not look at errno prints: system call -1.")
	child.End()
}

func minusOne(s *stage.Stage) {
	s.Say(`Section 4 showed a -1 that is an error. A word can also happen to be
	       -1, and glibc returns both in the same way. So C has to set errno to
	       0 before the call and look at it after. ptwalk makes the system call
	       itself.`)
	child := s.Ready(asm.Hello64)
	place := child.Symbol("message")
	minus := ^tracer.Word(0)
	child.PokeData(place, minus)
	fails := stage.Answer{Text: "an error", Why: "That is what a C program must think that does not set errno to 0 first."}
	word1 := stage.Answer{Text: "a word", Why: "The system call itself returns 0, and stores the word elsewhere. The C line shows what glibc returns: the word."}
	is := s.Predict("We have written -1 there. What does the system call say when we read it?", fails, word1)
	word, err := child.Tracee.PeekData(place)
	if err != nil {
		is.Is(fails)
	} else {
		is.Is(word1)
	}
	s.Note("A real -1: errno is %s. The system call returned 0, and stored the word %v.", stage.ErrnoName(err), word)
	_, err = child.Tracee.PeekData(0)
	s.Note("A failed read, for nothing is mapped there: errno is %s. The system call returned -%s, and stored no word. The -1 is glibc's.", stage.ErrnoName(err), stage.ErrnoName(err))
	child.End()
}

func wholeArea(s *stage.Stage) {
	s.Say(`How much is there to read? All of it, word by word.`)
	var rows [][]any
	var end error
	more, same := 0, 0
	var other []string // the words behind the registers that are not 0
	s.Briefly(func() {
		child := s.Ready(asm.Hello64)
		all := child.Regs().All() // one request for all of them
		for offset := uint64(0); offset < user.Size; offset += 8 {
			w := child.PeekUser(offset) // one request for each
			if offset >= user.Registers {
				more++
				if w != 0 {
					other = append(other, behind(offset))
				}
				continue
			}
			reg, whole := all[offset/8], "same"
			if reg.Value == w {
				same++
			} else {
				whole = reg.String()
			}
			rows = append(rows, []any{int(offset), reg.Name, tracer.Reg{Name: reg.Name, Value: w}, whole})
		}
		_, end = child.Tracee.PeekUser(user.Size)
		child.End()
	})
	s.Table("", []stage.Column{
		{Name: "at", Right: true}, {Name: "name"}, {Name: "PEEKUSER", Right: true}, {Name: "GETREGS"},
		{Name: "at", Right: true}, {Name: "name"}, {Name: "PEEKUSER", Right: true}, {Name: "GETREGS"},
	}, sideBySide(rows))
	s.Note("%d of %d words agree: PTRACE_GETREGS copies all in one request.", same, len(rows))
	s.Note("%d words follow, all 0 but %s. At %d the area ends: %s.",
		more, cmp.Or(strings.Join(other, ", "), "none"), user.Size, stage.ErrnoName(end))
}

// behind names a word behind the registers: the debug registers have names.
func behind(offset uint64) string {
	if offset >= user.DebugRegs && offset < user.DebugRegs+8*8 {
		return fmt.Sprintf("the debug register DR%d at %d", (offset-user.DebugRegs)/8, offset)
	}
	return fmt.Sprintf("that at %d", offset)
}

// sideBySide puts the second half of the rows beside the first, so that all of
// them fit on a screen.
func sideBySide(rows [][]any) (wide [][]any) {
	if len(rows)%2 == 1 {
		rows = append(rows, []any{"", "", "", ""})
	}
	half := len(rows) / 2
	for i := range half {
		wide = append(wide, slices.Concat(rows[i], rows[half+i]))
	}
	return wide
}
