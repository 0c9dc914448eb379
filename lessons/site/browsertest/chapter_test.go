package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// lit says what is lit: requests in the transcripts, and lines of the source.
const lit = `[document.querySelectorAll(".told.lit").length > 0, document.querySelectorAll(".files .line.lit").length > 0].join()`

// TestLight: a request in a transcript lights its line of the source, and the
// line lights the request, by keyboard and by pointing.
func TestLight(t *testing.T) {
	for _, from := range []string{".told-call a", ".told-instruction a", ".files a.no"} {
		ctx := open(t, "03-singlestep/index.html", chromedp.EmulateViewport(1500, 900))
		if got := eval[string](t, ctx, lit); got != "false,false" {
			t.Errorf("before pointing: %s", got)
		}
		do(t, ctx, chromedp.Focus(from))
		if got := eval[string](t, ctx, lit); got != "true,true" {
			t.Errorf("focus on %s: request and line lit: %s", from, got)
		}
		same := eval[bool](t, ctx, `(() => {
			const places = e => e.closest("[data-at]").dataset.at.split(" ");
			const wanted = places(document.activeElement);
			return [...document.querySelectorAll("[data-at].lit")].every(e => places(e).some(p => wanted.includes(p)));
		})()`)
		if !same {
			t.Errorf("focus on %s lights what is of another line", from)
		}

		ctx = open(t, "03-singlestep/index.html", chromedp.EmulateViewport(1500, 900))
		at := eval[string](t, ctx, fmt.Sprintf(`(() => {
			const e = document.querySelector(%q);
			e.scrollIntoView({block: "center"});
			const box = e.getBoundingClientRect();
			return [box.left + box.width / 2, box.top + box.height / 2].join(" ");
		})()`, from))
		var x, y float64
		if _, err := fmt.Sscan(at, &x, &y); err != nil {
			t.Fatal(err)
		}
		do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y),
			chromedp.Poll[chromedp.Void](fmt.Sprintf(`%s === "true,true"`, lit)))
	}
}

// TestLitIsSeen: on a wide window the source scrolls to the line that is lit.
func TestLitIsSeen(t *testing.T) {
	ctx := open(t, "05-attach/index.html", chromedp.EmulateViewport(1400, 700))
	links := eval[int](t, ctx, `document.querySelectorAll(".told-call a").length`)
	for i := 0; i < links; i += 7 {
		do(t, ctx, script(fmt.Sprintf(`document.querySelectorAll(".told-call a")[%d].focus()`, i)))
		seen := eval[bool](t, ctx, `(() => {
			const pane = document.querySelector(".files").getBoundingClientRect();
			const line = document.querySelector(".files .tab:not([hidden]) .lit").getBoundingClientRect();
			return line.top >= pane.top - 1 && line.bottom <= pane.bottom + 1;
		})()`)
		if !seen {
			t.Errorf("the line of request %d is lit out of sight", i)
		}
	}
	checkAxe(t, ctx, "with lines lit")
}

// TestFollow: the link of a request leads to its line, and the number of that
// line back to the requests.
func TestFollow(t *testing.T) {
	ctx := open(t, "02-peekuser/index.html", chromedp.EmulateViewport(800, 600))
	do(t, ctx, chromedp.Click(".told-call a"))
	line := eval[string](t, ctx, `decodeURIComponent(location.hash.slice(1))`)
	if !strings.HasPrefix(line, "peekuser.go-") {
		t.Fatalf("the request leads to %q", line)
	}
	do(t, ctx, chromedp.Click(fmt.Sprintf(`//*[@id=%q]/a`, line)))
	if back := eval[string](t, ctx, `decodeURIComponent(location.hash.slice(1))`); back != "at-"+line {
		t.Errorf("the line leads back to %q", back)
	}
}

// TestType: the lines of a transcript are set in one size.
func TestType(t *testing.T) {
	ctx := open(t, "03-singlestep/index.html")
	if sizes := eval[int](t, ctx, `new Set([...document.querySelectorAll(".run .told")].map(e => getComputedStyle(e).fontSize)).size`); sizes != 1 {
		t.Errorf("the lines of the transcripts have %d sizes of type", sizes)
	}
}
