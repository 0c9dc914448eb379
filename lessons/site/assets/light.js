// A line of a run and the lines of code that made it are lit together. Those of
// the lesson share a place in data-at: "singlestep.go:41"; those of the programs
// alone make the same call, in data-makes: "PTRACE_CONT". ptwalk site.
"use strict";

const byWord = new Map();
for (const element of document.querySelectorAll("[data-at], [data-makes]")) {
  for (const word of words(element)) {
    if (!byWord.has(word)) byWord.set(word, []);
    byWord.get(word).push(element);
  }
}

function words(element) {
  return [element.dataset.at, element.dataset.makes].filter(Boolean).join(" ").split(" ");
}

// partners are the elements to light with one. Two lines of runs that make the
// same call at different places have nothing to do with each other, nor have two
// programs.
function partners(element) {
  const places = (element.dataset.at ?? "").split(" ");
  const found = places.flatMap(place => byWord.get(place) ?? []);
  const alone = other => other.closest(".tab") && !other.dataset.at;
  if (alone(element)) {
    for (const call of element.dataset.makes.split(" ")) {
      found.push(...byWord.get(call).filter(other => !alone(other)));
    }
    return [element, ...found];
  }
  const makers = [element, ...found].filter(other => other.dataset.makes && !alone(other));
  for (const call of new Set(makers.flatMap(other => other.dataset.makes.split(" ")))) {
    found.push(...byWord.get(call).filter(alone));
  }
  return found;
}

let lit = [];
const pane = document.querySelector(".files");

function light(element) {
  for (const other of lit) other.classList.remove("lit");
  lit = element ? partners(element) : [];
  for (const other of lit) other.classList.add("lit");
}

// reveal scrolls the code, where it scrolls by itself, to the first lit line.
function reveal(element) {
  const line = lit.find(other => pane.contains(other) && !other.closest("[hidden]"));
  if (!line || pane.contains(element) || pane.scrollHeight <= pane.clientHeight) return;
  pane.scrollTop += line.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}

let pointedAt = -Infinity; // when somebody last pointed at a line

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, event => {
    const element = event.target.closest("[data-at], [data-makes]");
    if (!element) return;
    pointedAt = performance.now();
    light(element);
    reveal(element);
  });
}
