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
// newest of each kind since the section began, with the step that told it. A new
// program makes all old.
function knownAt(n) {
  const known = { output: "", program: "" };
  for (let i = beginOf(n); i <= n; i++) {
    const step = stepAt(i);
    const same = step.tid === stepAt(n).tid;
    if (step.program) known.program = step.program;
    if (step.program && same) Object.assign(known, { rip: null, regs: null, memory: null });
    for (const kind of same ? ["stop", "regs", "memory", "rip"] : []) {
      if (step[kind]) known[kind] = { value: step[kind], step: i };
    }
    if (step.output) {
      known.output += step.output;
      known.outputStep = i;
    }
  }
  return known;
}
