// The buttons and the keys of the player. ptwalk site.
"use strict";

const moves = {
  first: () => go(1),
  previous: () => go(current - 1),
  next: () => go(current + 1),
  last: () => go(stepCount),
  section: () => go(nextSection(current)),
  again: () => go(sectionOf(current).first),
  source: () => at("source").focus(),
  help: () => {
    at("help").open = true;
    at("help-title").focus();
  },
  quit: () => { location.href = at("told").href; },
};

const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
const clicker = { PageUp: "previous", PageDown: "next" }; // what a remote control for slides sends
const letters = { b: "previous", n: "section", r: "again", l: "source", q: "quit", "?": "help" };

// moveOf is what a key does. Enter goes on where it presses nothing. Letters are
// those of ptwalk present: a, b, c answer a question that waits.
function moveOf(key) {
  if (key === "Enter") return document.activeElement.closest("a, button, input, summary") ? null : moves.next;
  if (key in keys) return moves[keys[key]];
  if (key in clicker) return moves[clicker[key]];
  if (!at("letters").checked) return null;
  const waits = openQuestion(stepAt(current));
  const answer = waits && [...waits.querySelectorAll("[aria-pressed]")].find((_, i) => letter(i) === key);
  if (answer) return () => answer.click();
  return moves[letters[key]];
}

// scrolls says whether a key is wanted by something wider than its place.
function scrolls(element, key) {
  if (key in clicker) return false;
  const box = element.closest(".scroll");
  return box !== null && box.scrollWidth > box.clientWidth;
}

document.addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey || scrolls(event.target, event.key)) return;
  const move = moveOf(event.key);
  if (!move) return;
  event.preventDefault();
  move();
});

for (const id of ["first", "previous", "next", "last"]) at(id).addEventListener("click", moves[id]);
