// Package browsertest opens the site in a real headless Chromium. It is a module
// of its own, so that the tests of ptwalk need no browser. `make browsertest`
// installs axe-core from npm and runs it.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const deadline = 60 * time.Second

var (
	site    string          // the folder of the site
	browser context.Context // one Chromium for all tests
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run writes the site with ptwalk and starts the browser.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "ptwalk-site")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	site = filepath.Join(dir, "site")
	write := exec.Command("go", "run", "./cmd/ptwalk", "site", site)
	write.Dir = "../../.."
	if out, err := write.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "the site was not written: %v\n%s", err, out)
		return 1
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(deadline))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		fmt.Fprintln(os.Stderr, "chromium does not start:", err)
		return 1
	}
	browser = ctx
	return m.Run()
}

// action is a step in a page that returns nothing.
type action = chromedp.Action[chromedp.Void]

// watch is what a page has done that it must not do.
type watch struct {
	mu    sync.Mutex
	wrong []string
}

func (w *watch) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// open opens a page in a tab of its own. At the end of the test the page must
// have made no request beyond its own files, and no error.
func open(t *testing.T, page string, actions ...action) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	ctx, stop := context.WithTimeout(ctx, deadline)
	w := &watch{}
	requests := 0
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			requests++
			if !strings.HasPrefix(e.Request.URL, "file://"+site+"/") {
				w.note("a request for %s", e.Request.URL)
			}
		case *runtime.EventExceptionThrown:
			w.note("an exception: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			w.note("the console: %s", e.Type)
		case *log.EventEntryAdded:
			w.note("the log: %s", e.Entry.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.wrong) > 0 || requests == 0 {
			t.Errorf("%s, %d requests: %s", page, requests, strings.Join(w.wrong, "; "))
		}
	})
	actions = append(actions, chromedp.Navigate("file://"+site+"/"+page))
	do(t, ctx, actions...)
	return ctx
}

func do(t *testing.T, ctx context.Context, actions ...action) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func dark(on bool) action {
	scheme := "light"
	if on {
		scheme = "dark"
	}
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return chromedp.Void{}, err
	}
}

// pages are all pages of the site.
func pages(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*.html", "*/*.html"} {
		found, err := filepath.Glob(filepath.Join(site, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			name, _ := filepath.Rel(site, f)
			names = append(names, filepath.ToSlash(name))
		}
	}
	if len(names) < 11 {
		t.Fatalf("only %d pages: %v", len(names), names)
	}
	return names
}

// TestEveryPage: no error, no foreign request, no sideways scrolling at 360
// pixels and at 200 percent, and axe-core finds nothing, light and dark.
func TestEveryPage(t *testing.T) {
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v; `npm ci` in lessons/site/browsertest installs it", err)
	}
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			for _, width := range []int64{360, 640, 1440} {
				ctx := open(t, page, chromedp.EmulateViewport(width, 900), dark(width == 640))
				if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("at %d pixels the page is %d wider than the window", width, over)
				}
				do(t, ctx, chromedp.Evaluate[chromedp.Void](string(axe)))
				// preload would read the style sheet again, and a page from a file may not.
				found := eval[string](t, ctx, `axe.run({preload: false}).then(r => JSON.stringify(
					r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 150))])))`)
				if found != "[]" {
					t.Errorf("axe-core at %d pixels: %s", width, found)
				}
			}
		})
	}
}

const (
	call  = `document.querySelector('[data-testid="call"]').textContent`
	event = `document.querySelector('[data-testid="call"]').dataset.event`
	hash  = `location.hash`
	steps = `JSON.parse(document.getElementById("recording").textContent).steps`
)

// TestStepping: buttons and keys go forward and back, and the address follows.
func TestStepping(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html")
	last := eval[int](t, ctx, steps+`.length`)
	at := func(want int) {
		t.Helper()
		if got, want := eval[string](t, ctx, event), eval[string](t, ctx, fmt.Sprintf("String(%s[%d].event)", steps, want-1)); got != want {
			t.Errorf("event %s is shown, want %s", got, want)
		}
	}
	at(1)
	first := eval[string](t, ctx, call)
	for _, move := range []struct {
		name string
		do   action
		want int
	}{
		{"Next step", press("Next step"), 2},
		{"ArrowRight", chromedp.KeyEvent(kb.ArrowRight), 3},
		{"ArrowLeft", chromedp.KeyEvent(kb.ArrowLeft), 2},
		{"Last step", press("Last step"), last},
		{"behind the end", press("Next step"), last},
		{"Home", chromedp.KeyEvent(kb.Home), 1},
		{"before the beginning", chromedp.KeyEvent(kb.ArrowLeft), 1},
		{"End", chromedp.KeyEvent(kb.End), last},
		{"Previous step", press("Previous step"), last - 1},
		{"First step", press("First step"), 1},
	} {
		t.Log(move.name)
		do(t, ctx, move.do)
		at(move.want)
		if got := eval[string](t, ctx, hash); got != fmt.Sprintf("#step-%d", move.want) {
			t.Errorf("%s: the address ends in %q", move.name, got)
		}
	}
	if got := eval[string](t, ctx, call); got != first {
		t.Errorf("there and back again shows %q, not %q", got, first)
	}
}

// press clicks the button of a name.
func press(name string) action {
	return chromedp.Click(fmt.Sprintf(`//button[normalize-space()=%q]`, name))
}

// TestDeepLink: an address opens its step, also when it changes; one that names
// no step opens the nearest.
func TestDeepLink(t *testing.T) {
	for address, want := range map[string]int{"#step-42": 42, "#step-0": 1, "#step-99999": -1, "#nonsense": 1} {
		ctx := open(t, "03-singlestep/play.html"+address)
		got := eval[int](t, ctx, fmt.Sprintf("%s.findIndex(s => String(s.event) === %s) + 1", steps, event))
		if want < 0 {
			want = eval[int](t, ctx, steps+".length")
		}
		if got != want {
			t.Errorf("%s opens step %d, want %d", address, got, want)
		}
	}
	ctx := open(t, "03-singlestep/play.html#step-3")
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = "#step-7"`),
		chromedp.Poll[chromedp.Void](fmt.Sprintf("%s === String(%s[6].event)", event, steps)))
}

// TestKeyboard: Tab reaches every control, and Enter and Space press it.
func TestKeyboard(t *testing.T) {
	ctx := open(t, "01-traceme/play.html")
	reach := func(name string) {
		t.Helper()
		for range 40 {
			do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if eval[string](t, ctx, `document.activeElement.textContent.trim()`) == name {
				return
			}
		}
		t.Fatalf("Tab does not reach %q", name)
	}
	reach("Next step")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(" "))
	if got := eval[string](t, ctx, hash); got != "#step-3" {
		t.Errorf("Enter and Space lead to %q", got)
	}
	reach("Last step")
}

// TestPrediction: each answer gets its own sentence, and only after it is given.
func TestPrediction(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html")
	number := eval[int](t, ctx, steps+`.findIndex(s => s.ask) + 1`)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`location.hash = "#step-%d"`, number)), chromedp.WaitVisible(".ask button"))
	var question struct {
		Right   int
		Answers []struct{ Text, Why string }
	}
	if err := json.Unmarshal([]byte(eval[string](t, ctx, fmt.Sprintf(`JSON.stringify(%s[%d].ask[0])`, steps, number-1))), &question); err != nil {
		t.Fatal(err)
	}
	const verdict = `document.querySelector(".verdict").textContent`
	if got := eval[string](t, ctx, verdict); got != "" {
		t.Errorf("before an answer it says %q", got)
	}
	for i, answer := range question.Answers {
		do(t, ctx, press(string(rune('a'+i))+") "+answer.Text))
		got := eval[string](t, ctx, verdict)
		if !strings.Contains(got, answer.Why) || strings.HasPrefix(got, "Right.") != (i == question.Right) {
			t.Errorf("answer %d gets %q", i, got)
		}
	}
}

// TestDark: the ground is light or dark as the system asks.
func TestDark(t *testing.T) {
	ground := map[bool]string{}
	for _, on := range []bool{false, true} {
		ctx := open(t, "03-singlestep/play.html", dark(on))
		ground[on] = eval[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
	}
	if ground[false] == ground[true] {
		t.Errorf("both grounds are %s", ground[true])
	}
}

// TestLight: a request in the transcript lights its line of the source, and the
// line lights the request.
func TestLight(t *testing.T) {
	ctx := open(t, "03-singlestep/index.html", chromedp.EmulateViewport(1500, 900))
	if sizes := eval[int](t, ctx, `new Set([...document.querySelectorAll(".run .told")].map(e => getComputedStyle(e).fontSize)).size`); sizes != 1 {
		t.Errorf("the lines of the transcripts have %d sizes of type", sizes)
	}
	both := `[document.querySelectorAll(".told.lit").length > 0, document.querySelectorAll(".files .line.lit").length > 0].join()`
	if got := eval[string](t, ctx, both); got != "false,false" {
		t.Errorf("before pointing: %s", got)
	}
	for _, from := range []string{".told-call a", ".files a.no"} {
		do(t, ctx, chromedp.Focus(from))
		if got := eval[string](t, ctx, both); got != "true,true" {
			t.Errorf("from %s: request and line lit: %s", from, got)
		}
	}
}
