package present

import (
	"fmt"
	"strconv"
	"strings"
)

// backward shows the request before, as it was seen.
func (p *Presenter) backward() {
	if p.back == len(p.calls) {
		p.Say("Nothing was seen before this.")
		return
	}
	p.back++
	p.showBack()
}

// forward shows the next of those that were seen, and announces the live one
// behind the last.
func (p *Presenter) forward(m prompt) {
	if p.back--; p.back > 0 {
		p.showBack()
		return
	}
	p.present(m)
}

// present shows the live stop again.
func (p *Presenter) present(m prompt) {
	p.back = 0
	if m.call == nil {
		p.Say("Here the run goes on.")
	}
	p.announce(m)
}

// showBack shows one request and what it brought; every line says REPLAY.
func (p *Presenter) showBack() {
	i := len(p.calls) - p.back
	p.Say(fmt.Sprintf("%d back of %d", p.back, len(p.calls)))
	end := len(p.seen)
	if i+1 < len(p.calls) {
		end = p.calls[i+1]
	}
	marked := p.live.Marked(p.width())
	for _, e := range p.seen[p.calls[i]:end] {
		marked.Event(e)
	}
}

// source prints the lines around a place.
func (p *Presenter) source(at string) {
	file, number, _ := strings.Cut(at, ":")
	n, err := strconv.Atoi(number)
	if err != nil || p.beside.Source == nil {
		p.Say("No line of source belongs to this.")
		return
	}
	text, has := p.beside.Source(file)
	if !has {
		p.Say("The source of " + at + " is not at hand.")
		return
	}
	lines := strings.Split(text, "\n")
	fmt.Fprintln(p.out, "    "+at)
	for i := max(1, n-5); i <= min(len(lines), n+5); i++ {
		mark, spoken := " ", ""
		if i == n {
			mark, spoken = ">", ", here"
		}
		code := strings.ReplaceAll(lines[i-1], "\t", "    ")
		head := fmt.Sprintf("  %s %3d  ", mark, i)
		if p.text.Style().Accessible {
			code = strings.TrimSpace(code)
			head = fmt.Sprintf("    line %d%s: ", i, spoken)
		}
		p.text.Code(head, code)
	}
}
