// The player shows one step of a recorded run at a time: one request to the
// kernel, and what is known of the tracee after it. ptwalk site.
"use strict";

let current = 1;

// show puts step n on the page.
function show(n) {
  current = Math.min(Math.max(1, n), stepCount);
  const step = stepAt(current);
  const section = run.sections[step.section];
  at("section").textContent = `${section.number}. ${section.title}`;
  at("told").href = section.chapter;
  at("by").textContent = step.by;
  at("call").textContent = `${step.call} = ${step.result}`;
  at("call").dataset.event = step.event;
  at("call").classList.toggle("failed", Boolean(step.failed));
  at("lanes").replaceChildren(...lanesAt(current));
  at("before").innerHTML = (step.before || []).join(""); // made by ptwalk
  at("purpose").textContent = [step.folds, purposeOf(step), step.failed].filter(Boolean).join(" ");
  at("purpose").append(...turnOf(current));
  at("after").innerHTML = (step.after || []).join("");
  at("after").prepend(...broughtBy(step));
  at("ask").replaceChildren(...(step.ask || []).map(question => ask(question, answerGiven)));
  at("then").innerHTML = (step.then || []).join("");
  answerGiven();
  showPlace();
}

// broughtBy is what a request has told beside its result.
function broughtBy(step) {
  const notes = (step.brought ?? []).map(line => make("p", { class: "note" }, line));
  if (step.ran) notes.unshift(make("p", { class: "note" }, make("code", {}, step.ran.text), " was executed. " + step.ran.meaning));
  return notes;
}

// answerGiven keeps back what follows the questions of this step until each has
// an answer, because it may tell it; so may the lines of the source.
function answerGiven() {
  at("then").hidden = openQuestion(stepAt(current)) !== null;
  at("panels").replaceChildren(...panelsOf(current));
}

// showPlace says where in the run this is: in words, on the strip, among the
// sections and on the buttons.
function showPlace() {
  const place = `Step ${current} of ${stepCount}`;
  at("link").textContent = place;
  at("link").href = "#step-" + current;
  at("tape").setAttribute("aria-label", `${place}, section ${stepAt(current).section + 1} of ${run.sections.length}`);
  at("tape").querySelectorAll("i").forEach((cell, i) => cell.classList.toggle("now", loops[i] === loopOf(current)));
  at("sections").querySelectorAll("a").forEach((a, i) => {
    if (i === stepAt(current).section) a.setAttribute("aria-current", "step");
    else a.removeAttribute("aria-current");
  });
  for (const id of ["first", "previous"]) at(id).setAttribute("aria-disabled", String(current === 1));
  for (const id of ["next", "last"]) at(id).setAttribute("aria-disabled", String(current === stepCount));
}

// go shows a step and puts it into the address, so that it can be copied.
function go(n) {
  show(n);
  at("notice").textContent = "";
  document.querySelector(".step").scrollTop = 0;
  history.replaceState(null, "", "#step-" + current);
}

// fromAddress shows the step that the address names. One that is not there gets
// the nearest and a sentence; other places of the page are none of its business.
function fromAddress() {
  const [, word] = /^#step-(.*)$/.exec(location.hash) || [];
  if (word === undefined) return;
  const wanted = /^\d+$/.test(word) ? Number(word) : 1;
  go(wanted);
  if (String(current) === word) return;
  at("notice").textContent = `The address names step ${word}. This run has steps 1 to ${stepCount}; this is step ${current}.`;
}

for (const section of run.sections) {
  at("sections").append(make("li", {}, make("a", { href: "#step-" + section.first }, `${section.number}. ${section.title}`)));
}

for (const { first, last } of loops) {
  const step = stepAt(first);
  const begins = first > 1 && stepAt(first - 1).section !== step.section;
  const cell = make("i", { class: [step.kind, step.failed && "failed", begins && "begins", last > first && "loop"].filter(Boolean).join(" ") });
  if (last > first) cell.title = `${last - first + 1} times`;
  cell.addEventListener("click", () => go(first));
  at("tape").append(cell);
}

at("forget").addEventListener("click", () => {
  forgetAnswers();
  show(current);
});
window.addEventListener("hashchange", fromAddress);
at("player").hidden = false;
show(1);
fromAddress();
