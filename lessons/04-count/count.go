// Package count is lesson 4: counting instructions, and what a count is worth.
package count

import (
	_ "embed" // for the source of the loop
	"os"

	"ptwalk/asm"
	"ptwalk/lessons/stage"
	"ptwalk/tracer"
)

//go:embed count.go
var source string

// Lesson is the lesson.
var Lesson = stage.Lesson{
	Number: 4, Name: "count", Title: "how many instructions is hello world?",
	Summary: "A loop around PTRACE_SINGLESTEP, and why its number can be trusted or not.",
	Minutes: 30, Goal: "say what an instruction count means, and doubt one",
	Can: []string{
		"count the instructions of a program, and say what was counted",
		"pass a signal on, and say what happens when you do not",
		"plant a breakpoint, and put everything back as it was",
		"say what changes a count: the library, the environment",
		"count any program: ptwalk count -- PROGRAM ARGS",
	},
	Needs: []string{"traceme", "singlestep", "siginfo", "getregs", "peekuser", "pokeuser", "peekdata", "pokedata", "cont",
		"vm-read?"},
	Sections: []stage.Section{
		{Title: "The loop", Run: theLoop},
		{Title: "Why it is seven", Run: whySeven},
		{Title: "A swallowed signal", Run: swallowed},
		{Title: "The signal passed on", Run: passedOn},
		{Title: "C against assembly", Run: against},
		{Title: "The same count twice, and once more", Run: again},
		{Title: "A breakpoint", Run: oneStop},
		{Title: "What a stop costs", Run: cost},
		{Title: "What the number is not", Run: limits},
	},
}

// exit is the instruction that no stop follows.
const exit = 1

// countStops steps a program to its end and counts its stops. It drops every signal.
func countStops(child *stage.Child) (stops int) {
	for stop := child.Wait(); !stop.Ended(); stop = child.Wait() {
		stops++
		child.SingleStep(0)
	}
	return stops
}

// stepAll is countStops with one change: it passes every signal on but SIGTRAP,
// which its steps make.
func stepAll(child *stage.Child) (stops int, end tracer.Stop) {
	for end = child.Wait(); !end.Ended(); end = child.Wait() {
		stops++
		sig := end.Signal
		if sig == tracer.SIGTRAP {
			sig = 0
		}
		child.SingleStep(sig)
	}
	return stops, end
}

func theLoop(s *stage.Stage) {
	s.Say(`To count the instructions of a program: step, count the stop, and
	       again, until wait4 reports the end.`)
	s.Function(source, "countStops")
	guess := s.Predict("hello64 has seven instructions. How many stops does the loop count?",
		stage.Answer{Text: "6", Why: "The stop of execve counts too."},
		stage.Answer{Text: "7", Why: "Seven stops, and seven instructions. But look at the next section."},
		stage.Answer{Text: "8", Why: "The last instruction is exit, which leaves nothing behind that could stop."})
	var child *stage.Child
	s.Briefly(func() { child = s.Start(asm.Hello64) })
	stops := 0
	s.Loop(func() { stops = countStops(child) })
	guess.Is(stops)
}

func whySeven(s *stage.Stage) {
	s.Say(`Seven stops for seven instructions looks right. We look at each stop,
	       and at what had been executed when it came.`)
	var rows [][]any
	s.Briefly(func() {
		child := s.Start(asm.Hello64)
		did := "nothing of hello64 yet: the stop of execve"
		for stop := child.Wait(); ; stop = child.Wait() {
			if stop.Ended() {
				rows = append(rows, []any{"-", did})
				return
			}
			rows = append(rows, []any{len(rows) + 1, did})
			did = child.Instruction(child.Regs()).Text
			child.SingleStep(0)
		}
	})
	s.Table("", []stage.Column{{Name: "stop", Right: true}, {Name: "executed since the stop before"}}, rows)
	stops := len(rows) - 1
	s.Note("%d stops. One too many: the first comes before any instruction. One too few: the last instruction is the exit, and no stop follows it. The two errors cancel.", stops)
	steps := stops - 1
	s.Note("ptwalk counts instructions so: the stops of steps, %d, and %d for the exit. That makes %d.", steps, exit, steps+exit)
}

func swallowed(s *stage.Stage) {
	s.Say(`The loop of section 1 passes 0 at every step. For the
	       SIGTRAP of a step that is right. But 0 means: drop the signal that waits. This program writes
	       to address 0, and gets SIGSEGV.`)
	const leash = 1000
	dies := stage.Answer{Text: "it dies", Why: "It would, if the signal were delivered."}
	goesOn := stage.Answer{Text: "it goes on after the instruction", Why: "The instruction was not executed, and rip still points at it."}
	neverEnds := stage.Answer{Text: "it never ends", Why: "The instruction is tried again, faults again, and so on for ever."}
	guess := s.Predict("The loop drops the SIGSEGV. What happens next?", dies, goesOn, neverEnds)
	child := s.Start(asm.Crash)
	faults, stops := 0, 0
	var stop tracer.Stop
	s.Loop(func() {
		stop = child.Wait()
		for !stop.Ended() {
			stops++
			if stop.Signal == tracer.SIGSEGV {
				faults++
			}
			if stops == leash {
				break
			}
			child.SingleStep(0)
			stop = child.Wait()
		}
	})
	if stop.Ended() {
		guess.Is(dies)
		return
	}
	guess.Is(neverEnds)
	s.Note("%d of %d stops were the same SIGSEGV. After 1000 stops we kill it.", faults, stops)
	child.End()
}

func passedOn(s *stage.Stage) {
	s.Say(`A tracer that only watches has to pass on what is not its own, and a
	       SIGTRAP that the program has raised itself, too. The last argument of
	       the restart is the place for it.`)
	child := s.Start(asm.Crash)
	stops := 0
	s.Loop(func() { stops, _ = stepAll(child) })
	s.Note("%d stops, and the program died as it does without us.", stops)
	s.Say(`Dropping breaks programs that live by signals, too. This one sends
	       itself SIGUSR1 three times, and exits with the number that its
	       handler has counted.`)
	var end tracer.Stop
	s.Briefly(func() {
		child = s.Start(asm.Handler)
		s.Loop(func() { stops, end = stepAll(child) })
	})
	s.Note("%d stops, exit status %d.", stops, end.ExitCode)
}

func against(s *stage.Stage) {
	s.Say(`Three programs that do next to nothing, in assembly and in C.`)
	var rows [][]any
	n, _ := count(s, false, func() *stage.Child { return s.Start(asm.Hello64) })
	rows = append(rows, []any{"assembly", n, n})
	n, _ = count(s, true, func() *stage.Child { return s.Start(asm.HelloC) })
	rows = append(rows, []any{"C, static", stage.Count(n), stage.Count(n)})
	if path := dynamic(); path != "" {
		small := stage.Answer{Text: "fewer than 1,000", Why: "Its own code is as small as that."}
		middle := stage.Answer{Text: "1,000 to 50,000", Why: "A static program is like that: its library sets itself up."}
		large := stage.Answer{Text: "more than 50,000", Why: "Nearly all are the dynamic loader's."}
		guess := s.Predict("The third does nothing: "+path+". How many instructions?", small, middle, large)
		n, _ = count(s, true, func() *stage.Child { return s.StartProgram(path) })
		switch {
		case n < 1000:
			guess.Is(small)
		case n <= 50000:
			guess.Is(middle)
		default:
			guess.Is(large)
		}
		rows = append(rows, []any{"C, dynamic", stage.Count(n), stage.Count(n)})
	} else {
		s.Note("This machine has none of the programs that we look for, so the third row is missing.")
	}
	s.Table("", []stage.Column{{Name: "program"}, {Name: "instructions", Right: true}, {Name: "", Bar: true}}, rows)
	s.Say(`A library works before and after main: that counts. The environment
	       changes a count: *ptwalk count /bin/true* in a shell gives another.`)
}

// dynamic is a small program that most machines have.
func dynamic() string {
	for _, path := range []string{"/bin/true", "/usr/bin/true"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// count runs the loop over a program that exits, and prints what it counts. Its
// instructions are the stops of steps, one less than all stops, and the exit. If
// they vary, they depend on the machine.
func count(s *stage.Stage, varies bool, start func() *stage.Child) (instructions, stops int) {
	var child *stage.Child
	var end tracer.Stop
	var seconds float64
	s.Briefly(func() {
		child = start()
		timer := child.Timer()
		s.Loop(func() { stops, end = stepAll(child) })
		seconds = timer()
	})
	steps := stops - 1
	instructions = steps + exit
	child.Counted(instructions, stops, seconds, end, varies)
	return instructions, stops
}

func again(s *stage.Stage) {
	s.Say(`A count is worth something if it comes out the same again.`)
	yes := stage.Answer{Text: "yes", Why: "Nothing that it looks at has changed: no environment, no arguments, the same files."}
	no := stage.Answer{Text: "no", Why: "It would be, if it looked at the time, at random addresses or at its environment."}
	guess := s.Predict("The static C program, three times. Are the counts equal?", yes, no)
	counts := map[int]bool{}
	for range 3 {
		n, _ := count(s, true, func() *stage.Child { return s.Start(asm.HelloC) })
		counts[n] = true
	}
	if len(counts) == 1 {
		guess.Is(yes)
	} else {
		guess.Is(no)
	}
}
