// The recorded run, and what is known at each of its steps. ptwalk site.
"use strict";

// run has sections, steps, the code of the traced programs and the source of
// the lesson. Steps count from 1, as in #step-42.
const run = JSON.parse(document.getElementById("recording").textContent);
const stepCount = run.steps.length;

function stepAt(n) { return run.steps[n - 1]; }

function sectionOf(n) { return run.sections[stepAt(n).section]; }

// nextSection is the first step of the section after that of step n, or the
// last step of the run.
function nextSection(n) {
  const next = run.sections[stepAt(n).section + 1];
  return next ? next.first : stepCount;
}

// knownAt gathers what is known after step n: the newest of each kind since the
// section began, with the step that told it. A new program makes all old.
function knownAt(n) {
  const known = { output: "", program: "" };
  for (let i = sectionOf(n).first; i <= n; i++) {
    const step = stepAt(i);
    if (step.program) Object.assign(known, { program: step.program, rip: null, regs: null, memory: null });
    for (const kind of ["stop", "regs", "memory", "rip"]) {
      if (step[kind]) known[kind] = { value: step[kind], step: i };
    }
    if (step.output) {
      known.output += step.output;
      known.outputStep = i;
    }
  }
  return known;
}
