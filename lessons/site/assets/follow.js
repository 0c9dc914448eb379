// On a wide window the code beside a chapter follows the text: what stands at a
// third of its height is lit. ptwalk site.
"use strict";

const rest = 400; // milliseconds for which pointing comes before scrolling

const wide = matchMedia("(min-width: 80rem)");
const marks = [...document.querySelectorAll("main [data-at]")];

// here is what is being read: the last mark above a third of the window.
function here() {
  const line = innerHeight / 3;
  let found = null;
  for (const mark of marks) {
    const box = mark.getBoundingClientRect();
    if (box.top > line) break;
    found = box.bottom > 0 ? mark : null;
  }
  return found;
}

let waits = false;

function follow() {
  waits = false;
  const mark = wide.matches && performance.now() - pointedAt > rest ? here() : null;
  if (!mark) return;
  light(mark);
  reveal(mark);
}

function followSoon() {
  if (waits) return;
  waits = true;
  requestAnimationFrame(follow);
}

document.addEventListener("tab", followSoon);
document.addEventListener("scroll", followSoon, { passive: true });
