package count

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ptwalk/tracer"
	"ptwalk/tracer/count"
)

// layout is how the report is written.
type layout struct {
	top        int    // rows of a table, at most
	object     string // whose functions, or "" for all
	accessible bool   // sentences for a screen reader
}

// writeText writes the report for people, 80 columns wide. Each table adds up to the
// instructions of the first line, but for the functions of one object.
func writeText(w io.Writer, res count.Result, how layout) {
	instructions := "instructions"
	if res.Instructions == 1 {
		instructions = "instruction"
	}
	fmt.Fprintf(w, "%s: %s %s in %.2f s\n", cut(printable(res.Argv[0]), 40), thousands(res.Instructions), instructions, res.Seconds)
	if why := partly(res); why != "" {
		fmt.Fprintf(w, "  partial: %s\n", why)
	}
	if res.End.Kind == tracer.Killed && !res.Partial {
		fmt.Fprintf(w, "  the program was killed by %v\n", res.End.Signal)
	}
	writeNotes(w, res)
	followed := res.Instructions - res.Exits
	if res.Engine == "step" {
		fmt.Fprintf(w, "  %s stops: %s after an instruction, %s for execve and signals\n",
			thousands(res.Stops), thousands(followed), thousands(res.Stops-followed))
	} else {
		fmt.Fprintf(w, "  %s\n", stepped(res.Stepped))
	}
	if res.Exits > 0 {
		fmt.Fprintf(w, "  %s\n", withoutStop(res.Exits))
	}
	writeFunctions(w, of(how.object, res), how)
	writeTable(w, "objects", objectRows(res), how)
	if len(res.ByThread) > 1 {
		writeTable(w, "threads", threadRows(res), how)
	}
	writeCalls(w, res)
}

// stepped says how many instructions a block engine has stepped.
func stepped(n uint64) string {
	switch n {
	case 0:
		return "none of them was stepped: all ran in blocks"
	case 1:
		return "1 of them was stepped, the others ran in blocks"
	}
	return thousands(n) + " of them were stepped, the others ran in blocks"
}

// withoutStop says which instructions have no stop after them.
func withoutStop(n uint64) string {
	if n == 1 {
		return "1 instruction has no stop after it: the exit"
	}
	return thousands(n) + " instructions have no stop after them: the exits"
}

// partly says why a count is partial, "" for one that is complete.
func partly(res count.Result) string {
	switch res.Why {
	case count.Limit:
		return "the limit is reached"
	case count.Timeout:
		return "the time is over"
	case count.Interrupted:
		return "interrupted by " + res.Signal.String()
	case count.NoProgress:
		return fmt.Sprintf("no progress: the icebp at %v stops for ever", res.At)
	}
	return ""
}

// of has of the functions those of one object alone, or all.
func of(object string, res count.Result) count.Result {
	if object == "" {
		return res
	}
	res.ByFunction = slices.DeleteFunc(slices.Clone(res.ByFunction), func(f count.FunctionCount) bool { return f.Object != object })
	res.ByProcess = slices.DeleteFunc(slices.Clone(res.ByProcess), func(p count.ProcessCount) bool { return p.Object != object })
	return res
}

func writeFunctions(w io.Writer, res count.Result, how layout) {
	title, rows := "functions", functionRows(res)
	if how.object != "" && how.top > 0 {
		title += " of " + cut(printable(how.object), 60)
		for i := range rows {
			rows[i].where = ""
		}
		if len(rows) == 0 {
			fmt.Fprintf(w, "%s\n  none: nothing of it was executed\n", title)
		}
	}
	writeTable(w, title, rows, how)
}

// bar is one row of a table of the report.
type bar struct {
	name, where string
	n           uint64
}

func functionRows(res count.Result) (rows []bar) {
	for _, f := range res.ByFunction {
		rows = append(rows, bar{f.Function, f.Object, f.Instructions})
	}
	return rows
}

func objectRows(res count.Result) (rows []bar) {
	for _, o := range res.ByObject {
		rows = append(rows, bar{o.Object, "", o.Instructions})
	}
	return rows
}

// threadRows has the threads that count most first, as the other tables have.
func threadRows(res count.Result) (rows []bar) {
	for _, th := range res.ByThread {
		where := ""
		if th.TID != th.PID {
			where = "process " + th.PID.String()
		}
		rows = append(rows, bar{th.TID.String() + " " + th.Name, where, th.Instructions})
	}
	slices.SortStableFunc(rows, func(a, b bar) int { return cmp.Compare(b.n, a.n) })
	return rows
}

// atMost are the top rows of a table, and one for the sum of the others; and the
// total of all.
func atMost(top int, rows []bar) (shown []bar, total uint64) {
	others := bar{name: fmt.Sprintf("%d more", len(rows)-top)}
	for i, row := range rows {
		total += row.n
		if i < top {
			shown = append(shown, row)
		} else {
			others.n += row.n
		}
	}
	if len(rows) > top {
		shown = append(shown, others)
	}
	return shown, total
}

// writeTable writes rows in columns with a bar for each, or as sentences.
func writeTable(w io.Writer, title string, rows []bar, how layout) {
	if len(rows) == 0 || how.top == 0 {
		return
	}
	if how.accessible {
		title += ", by instructions:"
	}
	fmt.Fprintln(w, title)
	shown, total := atMost(how.top, rows)
	for i, row := range shown {
		n, share := thousands(row.n), fmt.Sprintf("%.1f%%", float64(row.n)*100/float64(max(1, total)))
		name, where := cut(row.name, 43), ""
		if row.where != "" { // else the name has both columns
			name, where = cut(row.name, 22), cut(row.where, 20)
		}
		switch {
		case how.accessible && where != "":
			fmt.Fprintf(w, "  %s in %s: %s, %s\n", name, where, n, share)
		case how.accessible:
			fmt.Fprintf(w, "  %s: %s, %s\n", name, n, share)
		default:
			length := 0
			if i < how.top {
				length = int(row.n * barWidth / max(1, rows[0].n))
			}
			if where != "" {
				name = fmt.Sprintf("%-22s %s", name, where)
			}
			line := fmt.Sprintf("  %-43s %13s %6s  %s", name, n, share, strings.Repeat("#", length))
			fmt.Fprintln(w, strings.TrimRight(line, " "))
		}
	}
}

// barWidth is the length of the longest bar; the rest of the line is for the
// other columns.
const barWidth = 12

// writeCalls writes the system calls by name, as many on a line as fit.
func writeCalls(w io.Writer, res count.Result) {
	if len(res.Syscalls) == 0 {
		return
	}
	calls := slices.SortedFunc(maps.Keys(res.Syscalls), func(a, b string) int {
		return cmp.Or(cmp.Compare(res.Syscalls[b], res.Syscalls[a]), strings.Compare(a, b))
	})
	fmt.Fprintln(w, "system calls")
	line := " "
	for _, name := range calls {
		word := fmt.Sprintf(" %s %s", name, thousands(res.Syscalls[name]))
		if name != calls[len(calls)-1] {
			word += ","
		}
		if len(line)+len(word) > 80 {
			fmt.Fprintln(w, line)
			line = " "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}

// thousands writes a number with a comma between groups of three digits.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// cut shortens a text that does not fit.
func cut(s string, width int) string {
	if len(s) <= width {
		return s
	}
	return s[:width-3] + "..."
}

// printable writes what is not printable ASCII as a Go string does.
func printable(s string) string {
	quoted := strconv.QuoteToASCII(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
