package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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
	if len(names) < 21 {
		t.Fatalf("only %d pages: %v", len(names), names)
	}
	return names
}

// checkAxe fails if axe-core finds anything in the page as it is now.
func checkAxe(t *testing.T, ctx context.Context, when string) {
	t.Helper()
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v; `npm ci` in lessons/site/browsertest installs it", err)
	}
	if !eval[bool](t, ctx, `"axe" in window`) {
		do(t, ctx, script(string(axe)))
	}
	// preload would read the style sheet again, and a page from a file may not.
	found := eval[string](t, ctx, `axe.run({preload: false}).then(r => JSON.stringify(
		r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 150))])))`)
	if found != "[]" {
		t.Errorf("axe-core, %s: %s", when, found)
	}
}

// TestEveryPage: no error and no foreign request; on a telephone, on a window of
// 1280 pixels at 200 percent, and on a wide window nothing is wider than the
// window, and axe-core finds nothing, light and dark.
func TestEveryPage(t *testing.T) {
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			ctx := open(t, page)
			for _, window := range []struct {
				name   string
				width  int64
				scheme string
			}{
				{"telephone", 360, "light"},
				{"200 percent", 640, "dark"},
				{"wide", 1440, "light"},
			} {
				when := window.name + ", " + window.scheme
				do(t, ctx, chromedp.EmulateViewport(window.width, 740), scheme(window.scheme))
				if over := eval[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s: the page is %d pixels wider than the window", when, over)
				}
				checkAxe(t, ctx, when)
			}
		})
	}
}

// TestTab: Tab reaches every control, and each shows that it has the focus.
func TestTab(t *testing.T) {
	for _, name := range []string{"index.html", "01-traceme/index.html", "01-traceme/play.html#step-3", "01-traceme/handout.html"} {
		ctx := open(t, name)
		controls := eval[int](t, ctx, `(() => {
			window.missed = new Set([...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
				.filter(e => e.checkVisibility()));
			window.plain = [];
			document.addEventListener("focusin", event => {
				missed.delete(event.target);
				if (getComputedStyle(event.target).outlineStyle === "none") plain.push(event.target.outerHTML);
			});
			return missed.size;
		})()`)
		for range controls {
			do(t, ctx, chromedp.KeyEvent(kb.Tab))
		}
		if left := eval[[]string](t, ctx, `[...missed].map(e => e.outerHTML.slice(0, 80))`); len(left) > 0 || controls < 5 {
			t.Errorf("%s: of %d controls Tab does not reach %q", name, controls, left)
		}
		if plain := eval[[]string](t, ctx, `plain.map(html => html.slice(0, 80))`); len(plain) > 0 {
			t.Errorf("%s: no sign of the focus on %q", name, plain)
		}
	}
}

// TestSettings: what the system is set to is followed: a dark ground, and no
// movement.
func TestSettings(t *testing.T) {
	for _, name := range []string{"03-singlestep/index.html", "03-singlestep/play.html"} {
		ctx := open(t, name, scheme("light"))
		const ground = `getComputedStyle(document.body).backgroundColor`
		light := eval[string](t, ctx, ground)
		do(t, ctx, scheme("dark"))
		if dark := eval[string](t, ctx, ground); dark == light {
			t.Errorf("%s: both grounds are %s", name, dark)
		}
		const moving = `[...document.querySelectorAll("*")].filter(e => {
			const style = getComputedStyle(e);
			return style.scrollBehavior === "smooth" || style.animationName !== "none" ||
				style.transitionDuration.split(",").some(d => parseFloat(d) > 0);
		}).length`
		do(t, ctx, media("prefers-reduced-motion", "reduce"), script(`document.querySelector("[data-at]")?.classList.add("lit")`))
		if n := eval[int](t, ctx, moving); n != 0 {
			t.Errorf("%s: %d elements move", name, n)
		}
	}
}

// noScript switches JavaScript off in the page. The inspector still evaluates.
func noScript(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}

// TestWithoutScript: a chapter can be read, and the player lists its steps, each
// with its own place.
func TestWithoutScript(t *testing.T) {
	const text = `document.body.innerText`
	ctx := open(t, "03-singlestep/index.html", noScript)
	for _, want := range []string{"trap flag", "PTRACE_SINGLESTEP", "func oneStep"} {
		if !strings.Contains(eval[string](t, ctx, text), want) {
			t.Errorf("the chapter has no %q", want)
		}
	}
	ctx = open(t, "03-singlestep/play.html#step-33", noScript)
	if got := eval[string](t, ctx, text); !strings.Contains(got, "needs JavaScript") || strings.Contains(got, "Next step") {
		t.Errorf("the player says %.200q", got)
	}
	all := eval[int](t, ctx, steps+".length")
	listed := eval[int](t, ctx, `document.querySelectorAll("noscript li[id^=step-] code").length`)
	if all != listed {
		t.Errorf("%d of %d steps are listed", listed, all)
	}
	want := eval[string](t, ctx, steps+`.map(s => s.call + " = " + s.result)[32]`)
	if got := eval[string](t, ctx, `document.querySelector("#step-33 code").textContent`); got != want {
		t.Errorf("step 33 is %q, want %q", got, want)
	}
}

// TestPrint: paper has the text alone: no source beside it, no buttons.
func TestPrint(t *testing.T) {
	for name, gone := range map[string]string{
		"03-singlestep/index.html": ".source",
		"03-singlestep/play.html":  ".controls",
	} {
		ctx := open(t, name)
		if n := sides(t, ctx, 8.27, 11.69); n < 1 {
			t.Errorf("%s is printed on %d sheets", name, n)
		}
		do(t, ctx, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			return chromedp.Void{}, err
		})
		shown := `getComputedStyle(document.querySelector("` + gone + `")).display`
		if got := eval[string](t, ctx, shown); got != "none" {
			t.Errorf("%s: %s is printed", name, gone)
		}
		if got := eval[string](t, ctx, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
			t.Errorf("%s: the paper is %s", name, got)
		}
	}
}

// sides is how many sides of paper the page needs, of a size in inches.
func sides(t *testing.T, ctx context.Context, width, height float64) int {
	t.Helper()
	pdf, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (page.PrintToPDFResult, error) {
		return chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: width, PaperHeight: height})
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf.Data, -1))
}

// TestHandouts: a handout and its solutions are one sheet each, on both sides at most,
// on paper of either size, and the sheet has cells to fill in.
func TestHandouts(t *testing.T) {
	for _, name := range pages(t) {
		if base := filepath.Base(name); base != "handout.html" && base != "solutions.html" {
			continue
		}
		ctx := open(t, name)
		for size, inches := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
			if n := sides(t, ctx, inches[0], inches[1]); n > 2 {
				t.Errorf("%s needs %d sides of %s, and a sheet has 2", name, n, size)
			}
		}
		empty := eval[int](t, ctx, `document.querySelectorAll("td:empty").length`)
		if strings.HasSuffix(name, "handout.html") && empty < 6 {
			t.Errorf("%s has %d cells to fill in", name, empty)
		}
	}
}
