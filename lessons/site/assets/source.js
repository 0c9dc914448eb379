// The lesson's source at a step. Lines that tell the answer of a question are
// folded until it has one. ptwalk site.
"use strict";

const linesBefore = 3, linesShown = 9;

const opened = new Set(); // keys of questions whose lines somebody wants to see without an answer

// folded are the pieces of a file that are hidden at step n: those of questions
// without an answer. Of one that was passed by, these go to where it is answered:
// what is behind, the run has told.
function folded(file, n) {
  return run.steps.flatMap((step, i) => (step.ask ?? [])
    .filter(question => question.fold && question.fold.file === file && !answered(question) && !opened.has(question.key))
    .map(({ fold, key }) => i + 1 < n ? { from: fold.from, to: fold.asked, passed: key } : fold));
}

// foldedLines stands in the place of lines that are hidden. Those of a question
// that was passed by can be opened.
function foldedLines(line, fold) {
  const lines = `Lines ${Math.max(line, fold.from)} to ${fold.to} `;
  const item = make("li", { class: "folded", value: line });
  if (!fold.passed) {
    item.append(lines + "tell the answer. They open when you have given one.");
    return item;
  }
  const open = make("button", { type: "button" }, "Show them");
  open.addEventListener("click", () => {
    opened.add(fold.passed);
    answerGiven();
    at("source").focus();
  });
  item.append(lines + "tell the answer of a question that was passed by. ", open);
  return item;
}

// sourcePanel shows the lines around the one that made the call of step n.
function sourcePanel(n) {
  const [file, word] = stepAt(n).at.split(":");
  const here = Number(word);
  const all = run.source[file] ?? [];
  const from = Math.max(1, Math.min(here - linesBefore, all.length - linesShown + 1));
  const folds = folded(file, n);
  const list = make("ol", { class: "lines" });
  let hidden = false;
  for (let line = from; line < from + linesShown && line <= all.length; line++) {
    const fold = folds.find(fold => fold.from <= line && line <= fold.to && line !== here);
    if (fold) {
      if (!hidden) list.append(foldedLines(line, fold));
      hidden = true;
      continue;
    }
    hidden = false;
    const item = make("li", line === here ? { class: "here", value: line } : { value: line });
    item.innerHTML = all[line - 1] || " "; // made by ptwalk from its own source
    list.append(item);
  }
  return make("section", { class: "panel new", id: "source", tabindex: -1 }, make("h3", {}, "The lesson, " + stepAt(n).at), list);
}
