// The player shows one step of a recorded run at a time: one request to the
// kernel, and what is known of the tracee after it. ptwalk site.
"use strict";

const at = id => document.getElementById(id);
let current = 1;

// show puts step n on the page.
function show(n) {
  current = Math.min(Math.max(1, n), stepCount);
  const step = stepAt(current);
  const section = sectionOf(current);
  at("section").textContent = `${section.number}. ${section.title}`;
  at("before").innerHTML = (step.before || []).join(""); // made by ptwalk
  at("by").textContent = step.by;
  at("call").textContent = `${step.call} = ${step.result}`;
  at("call").dataset.event = step.event;
  at("call").classList.toggle("failed", Boolean(step.failed));
  at("purpose").textContent = [step.folds, step.purpose, step.failed].filter(Boolean).join(" ");
  at("after").innerHTML = (step.after || []).join("");
  for (const line of step.brought ?? []) at("after").prepend(make("p", { class: "note" }, line));
  if (step.ran) {
    at("after").prepend(make("p", { class: "note" }, make("code", {}, step.ran.text), " was executed. " + step.ran.meaning));
  }
  at("ask").replaceChildren(...(step.ask || []).map(question => ask(question, showThen)));
  at("then").innerHTML = (step.then || []).join("");
  showThen();
  at("panels").replaceChildren(...panelsOf(current));
  showPlace();
}

// showThen keeps back what follows the questions of this step until each has an
// answer: it may tell the answer.
function showThen() {
  at("then").hidden = openQuestion(stepAt(current)) !== null;
}

// showPlace says where in the run this is: in words, on the strip, among the
// sections and on the buttons.
function showPlace() {
  const place = `Step ${current} of ${stepCount}`;
  at("link").textContent = place;
  at("link").href = "#step-" + current;
  at("tape").setAttribute("aria-label", `${place}, section ${stepAt(current).section + 1} of ${run.sections.length}`);
  at("tape").querySelectorAll("i").forEach((cell, i) => cell.classList.toggle("now", i === current - 1));
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

const moves = {
  first: () => go(1),
  previous: () => go(current - 1),
  next: () => go(current + 1),
  last: () => go(stepCount),
  section: () => go(nextSection(current)),
  again: () => go(sectionOf(current).first),
  source: () => at("source").focus(),
  help: () => at("help").focus(),
  quit: () => { location.href = "index.html"; },
};

const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
const letters = { b: "previous", n: "section", r: "again", l: "source", q: "quit", "?": "help" };

// moveOf is what a key does. Enter goes on where it presses nothing. Letters are
// those of ptwalk present: a, b, c answer a question that waits.
function moveOf(key) {
  if (key === "Enter") return document.activeElement.closest("a, button, input") ? null : moves.next;
  if (key in keys) return moves[keys[key]];
  if (!at("letters").checked) return null;
  const waits = openQuestion(stepAt(current));
  const answer = waits && [...waits.querySelectorAll("[aria-pressed]")].find((_, i) => letter(i) === key);
  if (answer) return () => answer.click();
  return moves[letters[key]];
}

// scrolls says whether the arrow keys are wanted by something wider than its place.
function scrolls(element) {
  const box = element.closest(".scroll");
  return box !== null && box.scrollWidth > box.clientWidth;
}

document.addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey || scrolls(event.target)) return;
  const move = moveOf(event.key);
  if (!move) return;
  event.preventDefault();
  move();
});

for (const id of ["first", "previous", "next", "last"]) at(id).addEventListener("click", moves[id]);

for (const section of run.sections) {
  at("sections").append(make("li", {}, make("a", { href: "#step-" + section.first }, `${section.number}. ${section.title}`)));
}

run.steps.forEach((step, i) => {
  const begins = run.sections[step.section].first === i + 1;
  const cell = make("i", { class: [step.kind, step.failed && "failed", begins && "begins"].filter(Boolean).join(" ") });
  cell.addEventListener("click", () => go(i + 1));
  at("tape").append(cell);
});

window.addEventListener("hashchange", fromAddress);
at("player").hidden = false;
show(1);
fromAddress();
