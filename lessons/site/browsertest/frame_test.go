package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const ground = `getComputedStyle(document.body).backgroundColor`

// TestTheme: the switch goes from the system's theme to light, to dark and back,
// and the choice is kept for the next page.
func TestTheme(t *testing.T) {
	ctx := open(t, "index.html", scheme("light"))
	light := eval[string](t, ctx, ground)
	at := func(word string, dark bool) {
		t.Helper()
		if got := eval[string](t, ctx, `document.querySelector(".theme").textContent`); got != "Theme: "+word {
			t.Errorf("the switch says %q, want %s", got, word)
		}
		if got := eval[string](t, ctx, ground); (got != light) != dark {
			t.Errorf("theme %s: the ground is %s", word, got)
		}
	}
	at("system", false)
	do(t, ctx, chromedp.Click(".theme"))
	at("light", false)
	do(t, ctx, chromedp.Click(".theme"))
	at("dark", true)
	do(t, ctx, chromedp.Navigate("file://"+site+"/03-singlestep/play.html"))
	at("dark", true)
	checkAxe(t, ctx, "dark by choice")
	do(t, ctx, chromedp.Click(".theme"))
	at("system", false)
}

// TestSearch: a word is found where it stands, the glossary first, and what is
// found can be opened.
func TestSearch(t *testing.T) {
	ctx := open(t, "search.html")
	const first = `document.querySelector("#places a")?.getAttribute("href") ?? ""`
	for word, want := range map[string]string{
		"zombie":       "glossary.html#zombie",
		"group-stop":   "glossary.html#group-stop",
		"tracesysgood": "", // stands in several places
		"0x057f":       "",
	} {
		do(t, ctx, script(`document.getElementById("words").value = ""`), chromedp.Focus("#words"))
		do(t, ctx, chromedp.SendKeys("#words", word))
		got := eval[string](t, ctx, first)
		if got == "" || want != "" && got != want {
			t.Errorf("%q: first is %q, want %q", word, got, want)
		}
	}
	checkAxe(t, ctx, "with places found")
	do(t, ctx, script(`document.getElementById("words").value = ""`), chromedp.SendKeys("#words", "qqqq"))
	if got := eval[string](t, ctx, `document.getElementById("found").textContent`); got != "No page has this word." {
		t.Errorf("of a word that is nowhere it says %q", got)
	}
	ctx = open(t, "search.html#q=zombie")
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click("#places a"))); err != nil {
		t.Fatal(err)
	}
	if got := eval[string](t, ctx, `document.querySelector(":target strong").textContent`); got != "zombie" {
		t.Errorf("the first place is %q", got)
	}
}

// TestCopy: the button of a piece of code copies it, and only it.
func TestCopy(t *testing.T) {
	ctx := open(t, "01-traceme/index.html")
	do(t, ctx, script(`window.copied = ""; Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { copied = text; }}})`))
	do(t, ctx, chromedp.Click(".copy"), chromedp.Poll[chromedp.Void](`copied !== ""`))
	if got := eval[string](t, ctx, `copied`); got != "go run ./cmd/ptwalk 1\n" {
		t.Errorf("copied: %q", got)
	}
}

// TestMenu: the menu of lessons closes by Escape, and by what is done elsewhere.
func TestMenu(t *testing.T) {
	ctx := open(t, "01-traceme/index.html")
	const isOpen = `document.querySelector(".top .menu").open`
	for _, close := range []action{chromedp.KeyEvent(kb.Escape), chromedp.Click("h1")} {
		do(t, ctx, chromedp.Click(".top summary"))
		if !eval[bool](t, ctx, isOpen) {
			t.Fatal("the menu does not open")
		}
		checkAxe(t, ctx, "with the menu")
		do(t, ctx, close)
		if eval[bool](t, ctx, isOpen) {
			t.Error("the menu stays open")
		}
	}
}

// TestScroll: on a wide window the code follows what is read, and the C is a tab
// away.
func TestScroll(t *testing.T) {
	ctx := open(t, "03-singlestep/index.html", chromedp.EmulateViewport(1500, 900))
	seen := map[string]bool{}
	figures := eval[int](t, ctx, `document.querySelectorAll(".run").length`)
	for i := range figures {
		do(t, ctx, script(fmt.Sprintf(`pointedAt = -Infinity; document.querySelectorAll(".run")[%d].scrollIntoView({block: "start"})`, i)))
		eval[bool](t, ctx, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
		line := eval[string](t, ctx, `(() => {
			const pane = document.querySelector(".files").getBoundingClientRect();
			const line = document.querySelector(".files .tab:not([hidden]) .lit");
			const box = line?.getBoundingClientRect();
			return box && box.top >= pane.top && box.bottom <= pane.bottom ? line.id : "";
		})()`)
		if line == "" {
			t.Errorf("at transcript %d no line in sight is lit", i)
		}
		seen[line] = true
	}
	if len(seen) < figures/2 {
		t.Errorf("%d transcripts light the lines %v", figures, seen)
	}
	do(t, ctx, press("Alone, in C"))
	do(t, ctx, chromedp.Focus(`//*[contains(@class, "told-call")]/a[contains(., "PTRACE_SINGLESTEP")]`))
	if got := eval[string](t, ctx, `document.querySelector("#tab-c .lit").textContent`); !strings.Contains(got, "PTRACE_SINGLESTEP") {
		t.Errorf("PTRACE_SINGLESTEP lights %q in the C", got)
	}
	checkAxe(t, ctx, "with the C beside it")
	do(t, ctx, press("The lesson, in Go"))
}
