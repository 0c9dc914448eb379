// The recorded run, and what is known at each of its steps. ptwalk site.
"use strict";

// run has sections, steps, the code of the traced programs and the source of
// the lesson. Steps count from 1, as in #step-42.
const run = JSON.parse(document.getElementById("recording").textContent);
const stepCount = run.steps.length;

function stepAt(n) { return run.steps[n - 1]; }

function sectionOf(n) { return run.sections[stepAt(n).section]; }

// purposeOf is what the call of a step is for: the same for all calls of its name.
function purposeOf(step) {
  const [, name] = /^(?:ptrace\()?(\w+)/.exec(step.call);
  return run.purposes[name] ?? "";
}

// nextSection is the first step of the section after that of step n, or the
// last step of the run.
function nextSection(n) {
  const next = run.sections[stepAt(n).section + 1];
  return next ? next.first : stepCount;
}

// beginOf is the first step of the section of step n. Sections without a call
// share the step of the next one.
function beginOf(n) {
  let first = n;
  while (first > 1 && stepAt(first - 1).section === stepAt(n).section) first--;
  return first;
}

// knownAt gathers what is known after step n of the thread that it speaks of: the
// newest of each kind since the section began, with the step that told it, and
// whether it is old: the thread has run since. Words are the registers that were
// read alone since all were read. A new program makes all unknown.
function knownAt(n) {
  const known = { output: "", program: "", words: {} };
  let ran = 0;
  for (let i = beginOf(n); i <= n; i++) {
    const step = stepAt(i);
    const same = step.tid === stepAt(n).tid;
    if (step.program) known.program = step.program;
    if (step.program && same) Object.assign(known, { rip: null, regs: null, memory: null, words: {} });
    if (same && step.regs) known.words = {};
    if (same && step.word) known.words[step.word.name] = { value: step.word.value, step: i };
    if ((step.states ?? []).some(state => state.tid === stepAt(n).tid && state.is !== "stopped")) ran = i;
    for (const kind of same ? ["stop", "regs", "memory", "rip"] : []) {
      if (step[kind]) known[kind] = { value: step[kind], step: i };
    }
    if (step.output) {
      known.output += step.output;
      known.outputStep = i;
    }
  }
  const words = Object.values(known.words);
  if (!known.regs && words.length > 0) known.regs = alone(known.words);
  for (const told of [known.regs, known.rip, known.memory, ...words]) {
    if (told) told.old = told.step < ran;
  }
  return known;
}

// alone is registers of which these words are all that is known.
function alone(words) {
  const values = Object.values(words);
  return {
    value: { names: Object.keys(words), values: values.map(word => word.value), changed: [], was: {} },
    step: Math.max(...values.map(word => word.step)),
  };
}
