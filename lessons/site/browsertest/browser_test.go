// Package browsertest opens the site in a real headless Chromium. It is a module
// of its own, so that the tests of ptwalk need no browser. `make browsertest`
// installs axe-core from npm and runs it.
package browsertest

import (
	"context"
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
)

// deadline is for one page, on a slow machine as well.
const deadline = 3 * time.Minute

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
	mu       sync.Mutex
	wrong    []string
	requests int
}

func (w *watch) request() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
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
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			w.request()
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
		if len(w.wrong) > 0 || w.requests == 0 {
			t.Errorf("%s, %d requests: %s", page, w.requests, strings.Join(w.wrong, "; "))
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

// media makes the page see a feature of the system's settings.
func media(feature, value string) action {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
		return chromedp.Void{}, err
	}
}

func scheme(name string) action { return media("prefers-color-scheme", name) }

// script executes JavaScript for what it does.
func script(text string) action { return chromedp.Evaluate[chromedp.Void](text) }
