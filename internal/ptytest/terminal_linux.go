// Package ptytest has pseudo-terminals for tests: a program on a terminal, what is
// typed there, and what is shown.
package ptytest

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Limit is how long a test waits for anything. It is longer than anything takes on
// a machine that has other things to do.
const Limit = time.Minute

// open makes a terminal of 80 columns and 24 rows: the end of who sits there, and
// the end of the programs.
func open() (master, slave *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("there is no pseudo-terminal: %w", err)
	}
	master = os.NewFile(uintptr(fd), "ptmx")
	if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	if err = resize(master, 80); err != nil {
		return nil, nil, err
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	return master, slave, err
}

func resize(master *os.File, columns int) error {
	return unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)})
}

// Terminal is a terminal of a test, with all that was shown on it.
type Terminal struct {
	Master *os.File // the end of who sits there
	Slave  *os.File // the end of the programs

	t      testing.TB
	before unix.Termios

	mu    sync.Mutex
	shown strings.Builder // without carriage returns
	more  chan struct{}   // has a word when something was shown
	seen  int             // how much of it was waited for
}

// Open makes a terminal of 80 columns and 24 rows, which is closed at the end of
// the test.
func Open(t testing.TB) *Terminal {
	t.Helper()
	p := &Terminal{t: t, more: make(chan struct{}, 1)}
	var err error
	p.Master, p.Slave, err = open()
	p.must(err)
	p.before = p.settings()
	go p.watch()
	t.Cleanup(func() { p.Slave.Close(); p.Master.Close() })
	return p
}

// watch keeps what is shown.
func (p *Terminal) watch() {
	buf := make([]byte, 4096)
	for {
		n, err := p.Master.Read(buf)
		p.mu.Lock()
		p.shown.WriteString(strings.ReplaceAll(string(buf[:n]), "\r", ""))
		p.mu.Unlock()
		select {
		case p.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *Terminal) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v\nshown:\n%s", err, p.Shown())
	}
}

// Resize changes the number of columns.
func (p *Terminal) Resize(columns int) {
	p.t.Helper()
	p.must(resize(p.Master, columns))
}

// settings are those that stty shows.
func (p *Terminal) settings() unix.Termios {
	p.t.Helper()
	s, err := unix.IoctlGetTermios(int(p.Slave.Fd()), unix.TCGETS)
	p.must(err)
	return *s
}

// Restore gives the terminal the settings that it had, as a shell does.
func (p *Terminal) Restore() {
	p.t.Helper()
	p.must(unix.IoctlSetTermios(int(p.Slave.Fd()), unix.TCSETS, &p.before))
}

// Unchanged checks that the terminal has the settings that it had.
func (p *Terminal) Unchanged() {
	p.t.Helper()
	if now := p.settings(); now != p.before {
		p.t.Errorf("the terminal's settings were\n%+v and are\n%+v", p.before, now)
	}
}

// Changed says whether the terminal has other settings than it had.
func (p *Terminal) Changed() bool {
	p.t.Helper()
	return p.settings() != p.before
}

// Shown is all that was shown until now, without carriage returns.
func (p *Terminal) Shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown.String()
}

// Sees waits until all of texts were shown since the last call, in this order,
// and returns what was shown up to there.
func (p *Terminal) Sees(texts ...string) string {
	p.t.Helper()
	begin := p.seen
	over := time.After(Limit)
	for _, text := range texts {
		for {
			if i := strings.Index(p.Shown()[p.seen:], text); i >= 0 {
				p.seen += i + len(text)
				break
			}
			select {
			case <-p.more:
			case <-over:
				p.t.Fatalf("%q is not shown; shown:\n%s", text, p.Shown())
			}
		}
	}
	return p.Shown()[begin:p.seen]
}

// Press types keys, and waits for what they show.
func (p *Terminal) Press(keys string, texts ...string) string {
	p.t.Helper()
	_, err := p.Master.WriteString(keys)
	p.must(err)
	return p.Sees(texts...)
}

// Rest is what was shown and not waited for, up to now: all that a program has
// written that has ended.
func (p *Terminal) Rest() string {
	p.t.Helper()
	const mark = "\x00\x00" // nobody else writes it
	_, err := p.Slave.WriteString(mark)
	p.must(err)
	return strings.TrimSuffix(p.Sees(mark), mark)
}
