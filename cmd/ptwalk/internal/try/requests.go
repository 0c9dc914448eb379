package try

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ptwalk/lessons/stage/query"
	"ptwalk/tracer"
	"ptwalk/tracer/names"
)

// request is a command: what stands behind its name, what Tab offers there, and what
// makes it.
type request struct {
	usage string
	words func(*session) []string
	do    func(*session, []string) error
}

var errUsage = errors.New("usage")

// requests are those of ptrace(2), by their names without PTRACE_. One that writes a
// structure takes it as it was read in this stop, with the fields that are named.
var requests map[string]request

func init() {
	requests = map[string]request{
		"TRACEME":                          {"", nil, (*session).traceMe},
		"PEEKTEXT":                         {"ADDRESS", places, peek((*tracer.Tracee).PeekText)},
		"PEEKDATA":                         {"ADDRESS", places, peek((*tracer.Tracee).PeekData)},
		"PEEKUSER":                         {"OFFSET, as 8*RIP", offsets, (*session).peekUser},
		"POKETEXT":                         {"ADDRESS WORD", places, poke((*tracer.Tracee).PokeText)},
		"POKEDATA":                         {"ADDRESS WORD", places, poke((*tracer.Tracee).PokeData)},
		"POKEUSER":                         {"OFFSET WORD", offsets, (*session).pokeUser},
		"CONT":                             {"[SIGNAL]", signals, restart((*tracer.Tracee).Cont)},
		"SINGLESTEP":                       {"[SIGNAL]", signals, restart((*tracer.Tracee).SingleStep)},
		"SYSCALL":                          {"[SIGNAL]", signals, toCall((*tracer.Tracee).Syscall)},
		"SYSEMU":                           {"[SIGNAL]", signals, toCall((*tracer.Tracee).SysEmu)},
		"SYSEMU_SINGLESTEP":                {"[SIGNAL]", signals, restart((*tracer.Tracee).SysEmuSingleStep)},
		"SINGLEBLOCK":                      {"[SIGNAL]", signals, restart((*tracer.Tracee).SingleBlock)},
		"DETACH":                           {"[SIGNAL]", signals, (*session).detach},
		"KILL":                             {"", nil, (*session).kill},
		"ATTACH":                           {"", nil, (*session).attach},
		"SEIZE":                            {"[OPTION|OPTION]", options, (*session).seize},
		"INTERRUPT":                        {"", nil, (*session).interrupt},
		"LISTEN":                           {"", nil, (*session).listen},
		"SETOPTIONS":                       {"OPTION|OPTION, or 0", options, setOptions((*tracer.Tracee).SetOptions)},
		"OLDSETOPTIONS":                    {"OPTION|OPTION, or 0", options, setOptions((*tracer.Tracee).OldSetOptions)},
		"GETEVENTMSG":                      {"", nil, (*session).eventMsg},
		"GETSIGINFO":                       {"", nil, (*session).sigInfo},
		"SETSIGINFO":                       {"[si_signo=N] [si_code=N] [si_pid=N] [si_uid=N]", sigInfoFields, (*session).setSigInfo},
		"PEEKSIGINFO":                      {"[OFF [SHARED [NR]]]", nil, (*session).peekSigInfo},
		"GETSIGMASK":                       {"", nil, (*session).sigMask},
		"SETSIGMASK":                       {"SIGNAL|SIGNAL, or 0", signals, (*session).setSigMask},
		"GETREGS":                          {"[REGISTER ...]", registers, (*session).regs},
		"SETREGS":                          {"[REGISTER=WORD ...]", registerFields, (*session).setRegs},
		"GETFPREGS":                        {"", nil, fpRegs((*tracer.Tracee).GetFPRegs)},
		"SETFPREGS":                        {"[mxcsr=N] [xmm0=WORD ...]", nil, setFPRegs((*tracer.Tracee).SetFPRegs)},
		"GETFPXREGS":                       {"", nil, fpRegs((*tracer.Tracee).GetFPXRegs)},
		"SETFPXREGS":                       {"", nil, setFPRegs((*tracer.Tracee).SetFPXRegs)},
		"GETREGSET":                        {"[NT_PRSTATUS|NT_PRFPREG|NT_X86_XSTATE]", sets, (*session).regSet},
		"SETREGSET":                        {"[NT_PRSTATUS|NT_PRFPREG|NT_X86_XSTATE]", sets, (*session).setRegSet},
		"GET_THREAD_AREA":                  {"INDEX", nil, (*session).threadArea},
		"SET_THREAD_AREA":                  {"INDEX [base=N] [limit=N] [flags=N]", nil, (*session).setThreadArea},
		"ARCH_PRCTL":                       {"CODE [WORD], as ARCH_GET_FS", archCodes, (*session).archPrctl},
		"GET_SYSCALL_INFO":                 {"", nil, (*session).syscallInfo},
		"SET_SYSCALL_INFO":                 {"[nr=N] [arg0=WORD ...] [rval=N]", nil, (*session).setSyscallInfo},
		"SECCOMP_GET_FILTER":               {"INDEX [INSTRUCTIONS]", nil, (*session).filter},
		"SECCOMP_GET_METADATA":             {"INDEX", nil, (*session).metadata},
		"GET_RSEQ_CONFIGURATION":           {"", nil, (*session).rseq},
		"GET_SYSCALL_USER_DISPATCH_CONFIG": {"", nil, (*session).dispatch},
		"SET_SYSCALL_USER_DISPATCH_CONFIG": {"[mode=N] [selector=N] [offset=N] [len=N]", nil, (*session).setDispatch},
	}
}

// requestNames are their names, in order.
func requestNames() []string { return slices.Sorted(maps.Keys(requests)) }

// help lists the requests, or tells one.
func (se *session) help(words []string) error {
	if len(words) > 0 {
		name := strings.TrimPrefix(strings.ToUpper(words[0]), "PTRACE_")
		r, ok := requests[name]
		if !ok {
			return unknown(words[0])
		}
		known, _ := names.RequestByName(name)
		se.s.Note("%s. %s", strings.TrimSpace(name+" "+r.usage), known.Sentence)
		return nil
	}
	lines := []string{}
	line := "   "
	for _, name := range requestNames() {
		if len(line)+1+len(name) > 76 {
			lines, line = append(lines, line), "   "
		}
		line += " " + name
	}
	lines = append(lines, line)
	se.list(lines)
	se.s.Note("help REQUEST says what stands behind it. Others: explain WORD, start [PROG], quit.")
	return nil
}

// asked is whom the words of a request are about, for the query room.
func (se *session) asked() *query.Tracee {
	return &query.Tracee{Source: se.child.Tracee, TID: se.child.TID(), Symbols: se.table(), Emit: se.s.Emit, Showing: se.s.Showing}
}

// value reads a word: a number, a symbol, a register, and what is added.
func (se *session) value(word string) (tracer.Word, error) {
	w, err := se.asked().Value(word)
	return w, ours(err)
}

// offset reads an offset into the USER area.
func offset(word string) (uint64, error) {
	at, err := query.Offset(word)
	return at, ours(err)
}

// ours makes an error of the query room one of ours; a refusal stays what it is.
func ours(err error) error {
	var refused *tracer.Error
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return wrong{err.Error()}
}

// none refuses words behind a request that takes none.
func none(words []string) error {
	if len(words) > 0 {
		return errUsage
	}
	return nil
}

// number reads what is a number and nothing else.
func number(word string) (uint64, error) {
	var n uint64
	if _, err := fmt.Sscanf(word, "%v", &n); err != nil || strings.ContainsAny(word, " ") {
		return 0, wrong{fmt.Sprintf("%q is no number.", word)}
	}
	return n, nil
}
