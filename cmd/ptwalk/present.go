package main

import "ptwalk/lessons/stage"

const presentUsage = "ptwalk present LESSON... [flags]"

const presentHelp = presentUsage + `

Runs a lesson for a talk. It stops before each request and shows the C line
with its result still open. The keys:

  Enter  make the request happen     n  next section
  b      back, from the recording    r  this section again
  l      the source of this line     q  quit
  :      ask the kernel at this stop: peekuser 8*RIP, regs, mem rsp 64,
         status, siginfo, maps, dis rip 5
  a b c  answer a question           ?  the keys

`

// presentMain is lessons with --present.
func presentMain(args []string) int {
	f, words, fs, err := lessonFlags(args)
	f.Present = true
	return runLessons(&f, words, err, presentHelp+stage.FlagHelp(fs), presentUsage)
}
