// Pointing at a request lights the line that made it, and the other way round.
// Elements that belong together share a place in data-at: "singlestep.go:41".
// ptwalk site.
"use strict";

const byPlace = new Map();
for (const element of document.querySelectorAll("[data-at]")) {
  for (const place of element.dataset.at.split(" ")) {
    if (!byPlace.has(place)) byPlace.set(place, []);
    byPlace.get(place).push(element);
  }
}

let lit = [];

function light(element) {
  for (const other of lit) other.classList.remove("lit");
  lit = element ? element.dataset.at.split(" ").flatMap(place => byPlace.get(place)) : [];
  for (const other of lit) other.classList.add("lit");
}

// On a wide window the source scrolls by itself: bring the lit line into it.
function reveal(element) {
  const pane = document.querySelector(".files");
  const line = lit.find(other => pane.contains(other));
  if (!line || pane.contains(element) || pane.scrollHeight <= pane.clientHeight) return;
  pane.scrollTop += line.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, event => {
    const element = event.target.closest("[data-at]");
    if (!element) return;
    light(element);
    reveal(element);
  });
}
