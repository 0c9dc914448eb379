package try

import (
	"strings"

	"ptwalk/lessons/stage/query"
	"ptwalk/lessons/stage/readline"
	"ptwalk/tracer/names"
)

// complete says what the word before the cursor may become.
func (se *session) complete(before string) (from int, words []string) {
	from = strings.LastIndexAny(before, " |") + 1
	typed, earlier := before[from:], strings.Fields(before[:from])
	if len(earlier) == 0 {
		if strings.HasPrefix(strings.ToUpper(typed), "PTRACE_") {
			return from, readline.Matching(typed, prefixed(requestNames()))
		}
		return from, readline.Matching(typed, append(requestNames(), "help", "explain", "start", "quit"))
	}
	switch first := strings.ToUpper(earlier[0]); first {
	case "HELP":
		return from, readline.Matching(typed, requestNames())
	case "EXPLAIN":
		return from, readline.Matching(typed, query.Vocabulary())
	default:
		r := requests[strings.TrimPrefix(first, "PTRACE_")]
		if r.words == nil {
			return from, nil
		}
		return from, readline.Matching(typed, r.words(se))
	}
}

func prefixed(words []string) (with []string) {
	for _, w := range words {
		with = append(with, "PTRACE_"+w)
	}
	return with
}

// What may stand behind a request.

func places(se *session) []string { return query.Places(se.table()) }

func offsets(*session) []string { return query.Offsets() }

func registers(*session) []string { return query.Registers() }

func registerFields(*session) (words []string) {
	for _, r := range query.Registers() {
		words = append(words, r+"=")
	}
	return words
}

func signals(*session) (words []string) {
	for _, s := range names.Signals {
		words = append(words, s.Name)
	}
	return words
}

func options(*session) (words []string) {
	for _, o := range names.Options {
		words = append(words, o.Name, strings.TrimPrefix(o.Name, "PTRACE_O_"))
	}
	return words
}

func sets(*session) []string { return []string{"NT_PRSTATUS", "NT_PRFPREG", "NT_X86_XSTATE"} }

func archCodes(*session) []string {
	return []string{"ARCH_GET_FS", "ARCH_SET_FS", "ARCH_GET_GS", "ARCH_SET_GS"}
}

func sigInfoFields(*session) []string {
	return []string{"si_signo=", "si_code=", "si_errno=", "si_pid=", "si_uid="}
}
