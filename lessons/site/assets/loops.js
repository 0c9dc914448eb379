// Loops of one call: steps that differ in their address alone are one bar of the
// strip. Each keeps its number. ptwalk site.
"use strict";

const shortest = 16; // fewer are shown one by one

const nameOf = step => /^(?:ptrace\()?(\w+)/.exec(step.call)[1];

// again says whether step b makes the call of step a once more, from the same line,
// and neither says anything of its own between them.
function again(a, b) {
  return ["section", "tid", "at", "by", "failed"].every(key => a[key] === b[key]) && nameOf(a) === nameOf(b) &&
    !["after", "ask", "then", "stop", "regs", "output"].some(key => a[key]) &&
    !["before", "stop", "regs", "output"].some(key => b[key]);
}

// loops are the bars of the strip: the first and the last step of each, from 1.
const loops = [];
for (let first = 1; first <= stepCount;) {
  let last = first;
  while (last < stepCount && again(stepAt(last), stepAt(last + 1))) last++;
  if (last - first + 1 < shortest) last = first;
  loops.push({ first, last });
  first = last + 1;
}

function loopOf(n) { return loops.find(({ first, last }) => first <= n && n <= last); }

// turnOf says which turn of a loop a step is, and leads to the last one.
function turnOf(n) {
  const { first, last } = loopOf(n);
  if (first === last) return [];
  const turn = ` Call ${n - first + 1} of ${last - first + 1} that differ in the address alone. `;
  return n === last ? [turn] : [turn, make("a", { href: "#step-" + last }, "To the last of them")];
}
