package main

import "ptwalk/lessons/stage"

const presentUsage = "ptwalk present LESSON... [flags]"

const presentHelp = presentUsage + `

Runs a lesson for a talk. It stops before each request and shows the C line
with its result still open. The keys:

  Enter  make the request happen     s  more of them, up to the next words
  b      back, from the recording    n  next section
  l      the source of this line     r  this section again
  a b c  answer a question           q  quit
  :      ask the kernel at this      ?  the keys
         stop: peekuser 8*RIP, regs, mem rsp 64, status, siginfo, maps,
         dis rip 5

`

// presentMain is lessons with --present.
func presentMain(args []string) int {
	f, words, fs, err := lessonFlags(args)
	f.Present = true
	return runLessons(&f, words, err, presentHelp+stage.FlagHelp(fs), presentUsage)
}
