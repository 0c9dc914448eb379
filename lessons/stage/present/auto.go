package present

import (
	"errors"
	"time"
)

// Auto is the flag --auto: alone, or with a time for each request.
type Auto struct {
	On      bool
	reading bool
	each    time.Duration
}

// String is the default: off.
func (a *Auto) String() string { return "" }

// Set takes a duration, or ReadingSpeed.
func (a *Auto) Set(text string) error {
	if text == ReadingSpeed {
		*a = Auto{On: true, reading: true}
		return nil
	}
	each, err := time.ParseDuration(text)
	if err != nil || each < 0 {
		return errors.New("the time is a duration, as 2s or 500ms")
	}
	*a = Auto{On: true, each: each}
	return nil
}

// ReadingSpeed is the value of --auto where none is given.
const ReadingSpeed = "reading"

// longRow is how many requests from one place of a lesson are enough to see what
// the others will be.
const longRow = 4

// delay is how long --auto waits: as it says, or as long as a person reads.
func (p *Presenter) delay() time.Duration {
	if p.auto.each > 0 || !p.auto.reading {
		return p.auto.each
	}
	if p.inRow > longRow && p.words == 0 {
		return perWord // nobody reads all of them
	}
	if p.equal && !p.prose {
		return min(perWord+time.Duration(p.words)*perWord/5, 2*time.Second) // it was read before
	}
	return min(1200*time.Millisecond+time.Duration(p.words)*perWord, 20*time.Second)
}

// perWord is the time for a word at reading speed: 200 words a minute.
const perWord = 300 * time.Millisecond
