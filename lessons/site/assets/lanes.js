// The lanes: who runs now. There is one for the tracer and one for each thread of
// the section, and the baton is with the one who can move. ptwalk site.
"use strict";

const shownSteps = 24; // columns of a lane

// statesAt is the state of each thread of the section after step n, by its tid.
function statesAt(n) {
  const states = new Map();
  for (let i = beginOf(n); i <= n; i++) {
    for (const state of stepAt(i).states ?? []) states.set(state.tid, state);
  }
  return states;
}

// batonAt is the tid of the one who can move after step n: a tracee that was let
// run, while its tracer waits, or else the tracer. A process that has no tracer
// runs beside us, and takes no baton.
function batonAt(n) {
  const states = statesAt(n);
  for (let i = n; i >= beginOf(n); i--) {
    for (const state of (stepAt(i).states ?? []).toReversed()) {
      const now = states.get(state.tid);
      if (now.traced && now.is === "running") return now.tid;
    }
  }
  return run.tracer;
}

// lane is one lane: a name, a bar for each step, and a word for what it does now.
function lane(name, tid, from, n, does) {
  const bars = [];
  for (let i = from; i < from + shownSteps; i++) {
    const baton = i <= n && batonAt(i) === tid;
    const state = i > n ? "none" : tid === run.tracer ? (baton ? "running" : "stopped") : statesAt(i).get(tid)?.is ?? "none";
    bars.push(make("i", { class: [state, baton && "baton", i === n && "current"].filter(Boolean).join(" ") }));
  }
  const has = batonAt(n) === tid;
  return make("li", has ? { class: "has" } : {}, make("span", { class: "who" }, name),
    make("span", { class: "track", "aria-hidden": "true" }, ...bars),
    make("span", { class: "does" }, make("strong", {}, does.word), does.why ? ": " + does.why : ""));
}

// doing is what a thread does, in words.
function doing(state) {
  if (!state) return { word: "not yet there" };
  if (state.is !== "running") return { word: state.is, why: state.why };
  return { word: state.traced ? "runs" : "runs untraced", why: state.why };
}

// lanesAt is all lanes at step n. Threads that come later in the section have
// lanes from its beginning, so that nothing moves.
function lanesAt(n) {
  const from = Math.max(beginOf(n), n - shownSteps + 1);
  const states = statesAt(n);
  const tids = sectionOf(n).lanes;
  const waits = batonAt(n) !== run.tracer;
  const name = tid => tids.length > 1 ? String(tid) : "tracee";
  return [
    lane("tracer", run.tracer, from, n, waits ? { word: "waits", why: `until ${name(batonAt(n))} stops or ends` } : { word: "can ask" }),
    ...tids.map(tid => lane(name(tid), tid, from, n, doing(states.get(tid)))),
  ];
}
