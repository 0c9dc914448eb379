package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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
		{"PageDown", chromedp.KeyEvent(kb.PageDown), 3},
		{"PageUp", chromedp.KeyEvent(kb.PageUp), 2},
		{"Last step", press("Last step"), last},
		{"behind the end", press("Next step"), last},
		{"a clicker behind the end", chromedp.KeyEvent(kb.PageDown), last},
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

// TestDeepLink: an address opens its step, also when it changes. One that names
// no step opens the nearest and says so.
func TestDeepLink(t *testing.T) {
	const notice = `document.getElementById("notice").textContent`
	ctx := open(t, "03-singlestep/play.html")
	last := eval[int](t, ctx, steps+".length")
	for address, want := range map[string]int{
		"": 1, "#step-1": 1, "#step-42": 42, "#step-0": 1, "#step-99999": last, "#step-x": 1, "#step--3": 1, "#step-": 1,
		"#step-1e2": 1, "#nonsense": 1,
	} {
		ctx := open(t, "03-singlestep/play.html"+address)
		if got := shown(t, ctx); got != want {
			t.Errorf("%q opens step %d, want %d", address, got, want)
		}
		wrong := strings.HasPrefix(address, "#step-") && address != fmt.Sprintf("#step-%d", want)
		if said := eval[string](t, ctx, notice); (said != "") != wrong {
			t.Errorf("%q: it says %q", address, said)
		}
		do(t, ctx, chromedp.KeyEvent(kb.Home))
		if said := eval[string](t, ctx, notice); said != "" {
			t.Errorf("%q: after the next key it still says %q", address, said)
		}
	}
	for _, address := range []struct {
		hash string
		want int
	}{{"#step-7", 7}, {"#step-3", 3}, {"#main", 3}} {
		do(t, ctx, script(fmt.Sprintf(`
			window.changed = false;
			window.addEventListener("hashchange", () => { window.changed = true; }, {once: true});
			location.hash = %q`, address.hash)), chromedp.Poll[chromedp.Void]("window.changed"))
		if got := shown(t, ctx); got != address.want {
			t.Errorf("%s leads to step %d, want %d", address.hash, got, address.want)
		}
	}
}

// shown is the step that is shown, by the event of its call.
func shown(t *testing.T, ctx context.Context) int {
	t.Helper()
	return eval[int](t, ctx, fmt.Sprintf("%s.findIndex(s => String(s.event) === %s) + 1", steps, event))
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
	do(t, ctx, script(`forgetAnswers()`))
	number := eval[int](t, ctx, steps+`.findIndex(s => s.ask) + 1`)
	do(t, ctx, script(fmt.Sprintf(`location.hash = "#step-%d"`, number)), chromedp.WaitVisible(".ask button"))
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

// TestNoSpoiler: what may tell the answer is seen only when there is an answer,
// and nobody has to guess.
func TestNoSpoiler(t *testing.T) {
	ctx := open(t, "01-traceme/play.html")
	do(t, ctx, script(`forgetAnswers()`))
	step := eval[int](t, ctx, steps+`.findIndex(s => s.then) + 1`)
	then := eval[string](t, ctx, fmt.Sprintf(`(() => {
		const inner = document.createElement("div");
		inner.innerHTML = %s[%d].then[0];
		return inner.textContent;
	})()`, steps, step-1))
	const text = `document.body.innerText`
	do(t, ctx, script(fmt.Sprintf(`go(%d)`, step)))
	if strings.Contains(eval[string](t, ctx, text), then) {
		t.Errorf("step %d tells %q before an answer", step, then)
	}
	do(t, ctx, press("Show the answer"))
	if !strings.Contains(eval[string](t, ctx, text), then) {
		t.Errorf("step %d does not tell %q after the answer", step, then)
	}
	if got := eval[string](t, ctx, `document.querySelector(".verdict").textContent`); !strings.Contains(got, "The run answers: ") || strings.Contains(got, "Not so") {
		t.Errorf("without a guess the verdict is %q", got)
	}
}

// TestLetters: the keys of ptwalk present.
func TestLetters(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html")
	first := func(section int) int {
		return eval[int](t, ctx, fmt.Sprintf(`run.sections[%d].first`, section))
	}
	for _, key := range []struct {
		key  string
		want int
	}{
		{kb.Enter, 2}, {"n", first(1)}, {kb.ArrowRight, first(1) + 1}, {"r", first(1)}, {"n", first(2)}, {"b", first(2) - 1},
	} {
		do(t, ctx, chromedp.KeyEvent(key.key))
		if got := shown(t, ctx); got != key.want {
			t.Errorf("%q leads to step %d, want %d", key.key, got, key.want)
		}
	}
	for key, id := range map[string]string{"l": "source", "?": "help-title"} {
		do(t, ctx, chromedp.KeyEvent(key))
		if got := eval[string](t, ctx, `document.activeElement.id`); got != id {
			t.Errorf("%q leads to %q, want %q", key, got, id)
		}
	}
	was := shown(t, ctx)
	do(t, ctx, chromedp.Click("#letters"), chromedp.KeyEvent("b"), chromedp.KeyEvent("n"))
	if got := shown(t, ctx); got != was {
		t.Errorf("letters that are no keys lead from step %d to %d", was, got)
	}
	do(t, ctx, chromedp.Click("#letters"))
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent("q"))); err != nil {
		t.Fatal(err)
	}
	if got := eval[string](t, ctx, `location.pathname`); !strings.HasSuffix(got, "/03-singlestep/index.html") {
		t.Errorf("q leads to %s", got)
	}
}

// TestLettersAnswer: a letter answers the question that waits, and only that.
func TestLettersAnswer(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html")
	do(t, ctx, script(`forgetAnswers()`))
	asks := eval[int](t, ctx, steps+`.findIndex(s => s.ask) + 1`)
	do(t, ctx, script(fmt.Sprintf(`go(%d)`, asks)), chromedp.KeyEvent("b"))
	if got := shown(t, ctx); got != asks {
		t.Errorf("b answers at step %d, and leads to %d", asks, got)
	}
	const pressed = `[...document.querySelectorAll(".ask button")].map(b => b.getAttribute("aria-pressed")).indexOf("true")`
	if got := eval[int](t, ctx, pressed); got != 1 {
		t.Errorf("b chooses answer %d", got)
	}
	checkAxe(t, ctx, "with an answer")
	do(t, ctx, chromedp.KeyEvent("b"))
	if got := shown(t, ctx); got != asks-1 {
		t.Errorf("after the answer, b leads from %d to %d", asks, got)
	}
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	if got := eval[int](t, ctx, pressed); got != 1 {
		t.Errorf("back at the question, answer %d is chosen", got)
	}
}

// TestEveryStep: each step of each run shows the call that its data-event names
// in the recording, and no call is left out.
func TestEveryStep(t *testing.T) {
	for _, name := range players(t) {
		replay := exec.CommandContext(t.Context(), "go", "run", "./cmd/ptwalk", "replay", name, "--json")
		replay.Dir = "../../.."
		out, err := replay.Output()
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			var e struct{ Kind, C string }
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			if e.Kind == "call" {
				want[fmt.Sprint(i+1)] = e.C
			}
		}
		ctx := open(t, name+"/play.html")
		got := eval[map[string]string](t, ctx, fmt.Sprintf(`(() => {
			const all = {};
			for (let i = 0; i < %s.length; i++) {
				all[%s] = %s;
				document.getElementById("next").click();
			}
			return all;
		})()`, steps, event, call))
		if len(want) == 0 || len(got) != len(want) {
			t.Errorf("%s: %d calls are shown, the recording has %d", name, len(got), len(want))
		}
		for line, c := range want {
			if got[line] != c {
				t.Errorf("%s, line %s: %q is shown, recorded is %q", name, line, got[line], c)
			}
		}
	}
}

// TestPanels: what is drawn is what the recording says: the bits of the status,
// the registers that changed, the instruction at rip, the output.
func TestPanels(t *testing.T) {
	ctx := open(t, "03-singlestep/play.html")
	wrong := eval[[]string](t, ctx, `(() => {
		const wrong = [];
		const seen = { stop: 0, regs: 0, rip: 0, output: 0, memory: 0 };
		const texts = selector => [...document.querySelectorAll("#panels " + selector)].map(e => e.textContent);
		run.steps.forEach((step, i) => {
			go(i + 1);
			const check = (what, got, want) => { if (got !== want) wrong.push("step " + (i + 1) + ", " + what + ": " + got + ", want " + want); };
			if (step.stop) {
				seen.stop++;
				check("bits", texts(".bits").join(""), Number(step.stop.status).toString(2).padStart(32, "0"));
			}
			if (step.regs) {
				seen.regs++;
				check("registers", texts(".regs li").length, step.regs.names.length);
				check("changed", texts(".regs .changed span").sort().join(), [...step.regs.changed].sort().join());
			}
			if (step.rip && texts(".code .here").length > 0) {
				seen.rip++;
				check("rip", texts(".code .here td")[1], step.rip);
			}
			if (step.output) {
				seen.output++;
				check("output", texts("pre").some(text => text.endsWith(step.output)), true);
			}
			if (step.memory) {
				seen.memory++;
				const rows = texts(".of-memory pre").join().split("\n").map(row => row.split("  ")[1].replaceAll(" ", ""));
				check("memory", rows.join(""), step.memory.map(read => read.bytes).join(""));
				check("address", texts(".of-memory pre").join().split("  ")[0], step.memory[0].addr);
			}
			check("source", document.querySelectorAll("#source .here").length, 1);
		});
		for (const [what, times] of Object.entries(seen)) if (times === 0) wrong.push("no " + what);
		return wrong;
	})()`)
	for _, w := range wrong {
		t.Error(w)
	}
}

// TestFailed: a call that failed says so in words.
func TestFailed(t *testing.T) {
	ctx := open(t, "05-attach/play.html")
	step := eval[int](t, ctx, steps+`.findIndex(s => s.failed) + 1`)
	do(t, ctx, script(fmt.Sprintf(`go(%d)`, step)))
	if got := eval[string](t, ctx, call); !strings.Contains(got, "= -1 E") {
		t.Errorf("step %d shows %q", step, got)
	}
	if says := eval[string](t, ctx, `document.getElementById("purpose").textContent`); len(says) < 20 {
		t.Errorf("step %d says %q", step, says)
	}
	for _, name := range []string{"light", "dark"} {
		do(t, ctx, scheme(name))
		checkAxe(t, ctx, "a failed call, "+name)
	}
}
