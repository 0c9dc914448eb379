package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// players are the lessons that have a player: all of them.
func players(t *testing.T) (names []string) {
	t.Helper()
	for _, page := range pages(t) {
		if lesson, is := strings.CutSuffix(page, "/play.html"); is {
			names = append(names, lesson)
		}
	}
	return names
}

// TestOneViewport: at each step the player fits its window, and its controls stay
// where they are: on a wide screen, at 150 percent of it, and on a telephone,
// where the page may scroll.
func TestOneViewport(t *testing.T) {
	for _, window := range []struct {
		name          string
		width, height int64
		scrolls       bool
	}{
		{"1280 x 800", 1280, 800, false},
		{"150 percent", 853, 533, false},
		{"telephone", 390, 844, true},
	} {
		for _, lesson := range players(t) {
			ctx := open(t, lesson+"/play.html", chromedp.EmulateViewport(window.width, window.height))
			wrong := eval[[]string](t, ctx, fmt.Sprintf(`(() => {
				const wrong = [];
				const places = () => [...document.querySelectorAll(".controls button")].map(b => {
					const box = b.getBoundingClientRect();
					if (box.top < 0 || box.bottom > innerHeight) wrong.push("a control is out of sight");
					return [box.left, box.top, box.width].map(Math.round).join();
				}).join(" ");
				const first = places();
				for (let n = 1; n <= stepCount; n++) {
					go(n);
					scrollTo(0, document.body.scrollHeight);
					if (places() !== first) wrong.push("step " + n + ": the controls have moved");
					scrollTo(0, 0);
					const over = document.documentElement.scrollHeight - innerHeight;
					if (over > 0 && !%v) wrong.push("step " + n + " is " + over + " pixels too high");
					const bottom = Math.max(at("call").getBoundingClientRect().bottom, at("lanes").firstChild.getBoundingClientRect().bottom);
					if (bottom > innerHeight - 60) wrong.push("step " + n + ": the call is out of sight");
				}
				return wrong.slice(0, 5);
			})()`, window.scrolls))
			for _, w := range wrong {
				t.Errorf("%s, %s: %s", lesson, window.name, w)
			}
		}
	}
}

// TestRegistersAreSeen: on a window of 1280 x 800 the registers that a step brings
// are in it, without scrolling.
func TestRegistersAreSeen(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html", chromedp.EmulateViewport(1280, 800))
	if hidden := eval[[]int](t, ctx, `run.steps.map((step, i) => {
		if (!step.regs) return 0;
		go(i + 1);
		const changed = [...document.querySelectorAll(".of-regs.new li.changed")];
		return changed.every(li => li.getBoundingClientRect().bottom <= innerHeight) ? 0 : i + 1;
	}).filter(Boolean)`); len(hidden) > 0 {
		t.Errorf("changed registers are out of sight at the steps %v", hidden)
	}
}

// TestLanes: each lane says what the recording says, there is one for each thread,
// and one of them has the baton: the tracer, or a tracee that was let run.
func TestLanes(t *testing.T) {
	for _, lesson := range players(t) {
		most := map[string]int{"01-traceme": 1, "05-attach": 4}[lesson] // threads at once; 0 if it is not known here
		ctx := open(t, lesson+"/play.html")
		wrong := eval[[]string](t, ctx, fmt.Sprintf(`(() => {
			const wrong = [];
			let lanes = 0, passed = 0;
			let states = {}, section = -1;
			run.steps.forEach((step, i) => {
				if (step.section !== section) states = {};
				section = step.section;
				for (const state of step.states ?? []) states[state.tid] = state;
				go(i + 1);
				const shown = [...document.querySelectorAll(".lanes li")];
				lanes = Math.max(lanes, shown.length - 1);
				const tids = run.sections[section].lanes;
				tids.forEach((tid, j) => {
					const word = shown[j + 1].querySelector("strong").textContent;
					const is = !states[tid] ? "not yet there" : states[tid].is === "running" ? (states[tid].traced ? "runs" : "runs untraced") : states[tid].is;
					if (word !== is) wrong.push("step " + (i + 1) + ": " + tid + " " + word + ", want " + is);
				});
				const has = shown.map((li, j) => li.classList.contains("has") ? j : -1).filter(j => j >= 0);
				if (has.length !== 1) wrong.push("step " + (i + 1) + ": " + has.length + " batons");
				const runs = Object.values(states).some(s => s.traced && s.is === "running");
				if ((has[0] > 0) !== runs) wrong.push("step " + (i + 1) + ": the baton is in lane " + has[0]);
				if (runs) passed++;
			});
			const most = %d;
			if (most > 0 && lanes !== most || passed === 0) wrong.push(lanes + " lanes, and the baton was passed " + passed + " times");
			return wrong.slice(0, 5);
		})()`, most))
		for _, w := range wrong {
			t.Errorf("%s: %s", lesson, w)
		}
	}
}

// TestRegistersAreOfTheirStep: a word that was read alone stands among the registers
// with its value, so that they agree with the code at rip; and registers of before
// the tracee ran are marked as old.
func TestRegistersAreOfTheirStep(t *testing.T) {
	words, olds := 0, 0
	for _, lesson := range players(t) {
		ctx := open(t, lesson+"/play.html", chromedp.EmulateViewport(1280, 800))
		seen := eval[struct {
			Words, Olds int
			Wrong       []string
		}](t, ctx, `(() => {
			const seen = {Words: 0, Olds: 0, Wrong: []};
			let read = 0, let_run = false, of = "";
			run.steps.forEach((step, i) => {
				const thread = step.section + " " + step.tid;
				if (thread !== of || step.program) [read, let_run, of] = [0, false, thread];
				if (step.regs) [read, let_run] = [i + 1, false];
				if ((step.states ?? []).some(s => s.tid === step.tid && s.is === "running")) let_run = true;
				go(i + 1);
				const panel = document.querySelector(".panel.of-regs");
				if (read > 0 && let_run) {
					seen.Olds++;
					if (!panel.classList.contains("old") || !panel.querySelector("h3").textContent.includes("old")) seen.Wrong.push("step " + (i + 1) + " does not say that the registers are old");
				}
				if (read === i + 1 && panel.classList.contains("old")) seen.Wrong.push("step " + (i + 1) + " calls registers old that it has read");
				if (!step.word) return;
				seen.Words++;
				const cell = [...panel.querySelectorAll("li")].find(li => li.firstChild.textContent === step.word.name);
				if (cell === undefined || BigInt(cell.querySelector("code").textContent) !== BigInt.asUintN(64, BigInt(step.result))) seen.Wrong.push("step " + (i + 1) + ": " + step.call + " = " + step.result + ", and the panel has " + cell?.textContent);
			});
			seen.Wrong.splice(5);
			return seen;
		})()`)
		for _, w := range seen.Wrong {
			t.Errorf("%s: %s", lesson, w)
		}
		words, olds = words+seen.Words, olds+seen.Olds
	}
	for _, theme := range []string{"light", "dark"} {
		ctx := open(t, "03-singlestep/play.html", scheme(theme))
		do(t, ctx, script(`go(run.steps.findIndex((step, i) => step.word && i > 0) + 1)`))
		if !eval[bool](t, ctx, `document.querySelector(".of-regs.old .word") !== null`) {
			t.Error("no step has a new word among old registers")
		}
		checkAxe(t, ctx, "with old registers, "+theme)
	}
	if words == 0 || olds == 0 {
		t.Errorf("%d words were read alone, and %d steps have old registers", words, olds)
	}
}

// TestLoop: a loop of one call is one bar of the strip, each of its steps keeps its
// number, and a link leads to the last of them.
func TestLoop(t *testing.T) {
	for lesson, want := range map[string]int{"02-peekuser": 116, "07-memory": 512} {
		ctx := open(t, lesson+"/play.html")
		loop := eval[struct{ Steps, Bars, First, Last int }](t, ctx, `(() => {
			const bars = document.querySelectorAll(".tape i").length;
			document.querySelector(".tape .loop").click();
			const {first, last} = loopOf(current);
			return {Steps: stepCount, Bars: bars, First: first, Last: last};
		})()`)
		turns := loop.Last - loop.First + 1
		if turns != want || loop.Bars != loop.Steps-turns+1 {
			t.Errorf("%s: %d steps are %d bars; %d of them are one, want %d", lesson, loop.Steps, loop.Bars, turns, want)
		}
		const purpose, isNow = `at("purpose").textContent`, `document.querySelector(".tape .now").title`
		if got := eval[string](t, ctx, hash); got != fmt.Sprintf("#step-%d", loop.First) {
			t.Errorf("%s: the bar leads to %s", lesson, got)
		}
		do(t, ctx, chromedp.Click("#purpose a"), chromedp.Poll[chromedp.Void](fmt.Sprintf(`current === %d`, loop.Last)))
		if got, want := eval[string](t, ctx, purpose), fmt.Sprintf("Call %d of %d that differ in the address alone.", turns, turns); !strings.Contains(got, want) {
			t.Errorf("%s: the last step of the loop says %q, want %q", lesson, got, want)
		}
		if got, want := eval[string](t, ctx, isNow), fmt.Sprintf("%d times", turns); got != want {
			t.Errorf("%s: the bar of the last step has the title %q, want %q", lesson, got, want)
		}
		do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft))
		if got := shown(t, ctx); got != loop.Last-1 {
			t.Errorf("%s: a step back leads to %d, want %d", lesson, got, loop.Last-1)
		}
	}
}

// TestSourceIsFolded: the source beside a question does not tell why an answer is
// right or wrong until one is given.
func TestSourceIsFolded(t *testing.T) {
	asked := 0
	for _, lesson := range players(t) {
		ctx := open(t, lesson+"/play.html")
		asked += eval[int](t, ctx, `(forgetAnswers(), run.steps.filter(step => step.ask).length)`)
		told := eval[[]int](t, ctx, `run.steps.map((step, i) => {
			if (!step.ask) return 0;
			go(i + 1);
			const text = at("source").innerText;
			return /Why:|\.Is\(/.test(text) ? i + 1 : 0;
		}).filter(Boolean)`)
		if len(told) > 0 {
			t.Errorf("%s: the source tells at the steps %v", lesson, told)
		}
		opened := eval[int](t, ctx, `run.steps.filter((step, i) => {
			if (!step.ask) return false;
			go(i + 1);
			const folded = document.querySelectorAll(".folded").length;
			document.querySelectorAll(".ask .show").forEach(button => button.click());
			return folded > document.querySelectorAll(".folded").length;
		}).length`)
		if opened == 0 {
			t.Errorf("%s: no answer opens a piece of the source", lesson)
		}
		if told := eval[[]int](t, ctx, `(forgetAnswers(), run.steps.map((_, i) => {
			go(i + 1);
			const lines = [...document.querySelectorAll("#source li:not(.here)")];
			return lines.some(li => li.textContent.includes("Why:")) ? i + 1 : 0;
		}).filter(Boolean))`); len(told) > 0 {
			t.Errorf("%s: without an answer the source tells at the steps %v", lesson, told)
		}
		if !eval[bool](t, ctx, `run.steps.some((_, i) => {
			go(i + 1);
			document.querySelector(".folded button")?.click();
			return document.activeElement.id === "source" && at("source").textContent.includes("Why:");
		})`) {
			t.Errorf("%s: no piece of the source opens without an answer", lesson)
		}
	}
	if asked == 0 {
		t.Error("nothing is asked")
	}
}

// TestAnswersAreKept over a reload, until somebody wants them forgotten.
func TestAnswersAreKept(t *testing.T) {
	const pressed = `document.querySelectorAll(".ask [aria-pressed=true]").length`
	ctx := open(t, "02-peekuser/play.html")
	step := eval[int](t, ctx, `(forgetAnswers(), run.steps.findIndex(s => s.ask) + 1)`)
	reload := func() {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, script(`location.reload()`))); err != nil {
			t.Fatal(err)
		}
	}
	do(t, ctx, script(fmt.Sprintf(`go(%d)`, step)), chromedp.Click(".ask button"))
	reload()
	if got := eval[int](t, ctx, pressed); got != 1 || shown(t, ctx) != step {
		t.Errorf("after a reload step %d has %d answers", shown(t, ctx), got)
	}
	do(t, ctx, script(`at("help").open = true`), chromedp.Click("#forget"))
	reload()
	if got := eval[int](t, ctx, pressed); got != 0 {
		t.Errorf("forgotten, and %d answers are there", got)
	}
}

// TestNextPlayer: the player of the next lesson is one link away.
func TestNextPlayer(t *testing.T) {
	ctx := open(t, "01-traceme/play.html")
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Click(".bar a[rel=next]"))); err != nil {
		t.Fatal(err)
	}
	if got := eval[string](t, ctx, `location.pathname`); !strings.HasSuffix(got, "/02-peekuser/play.html") {
		t.Errorf("the link leads to %s", got)
	}
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	if got := shown(t, ctx); got != 2 {
		t.Errorf("the next player shows step %d", got)
	}
}
