// The player shows one step of a recorded run at a time: one request to the
// kernel, and what is known of the tracee after it.
"use strict";

const run = JSON.parse(document.getElementById("recording").textContent);
const answers = new Map(); // question -> index of the answer that was chosen
let current = 1;

const at = id => document.getElementById(id);

// make builds an element: its name, its attributes, and what is in it.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// state gathers what is known after step n: the newest of each kind since the
// section began.
function state(n) {
  const known = { output: "", program: "" };
  const section = run.steps[n - 1].section;
  for (let i = run.sections[section].first; i <= n; i++) {
    const step = run.steps[i - 1];
    if (step.program) Object.assign(known, { program: step.program, rip: null, regs: null, memory: null });
    for (const kind of ["stop", "regs", "memory"]) {
      if (step[kind]) known[kind] = { value: step[kind], step: i };
    }
    if (step.rip) known.rip = { value: step.rip, step: i };
    if (step.output) { known.output += step.output; known.outputStep = i; }
  }
  return known;
}

// panel is a box with a heading that says when its content was read.
function panel(title, step, ...content) {
  const when = step === current ? "new in this step" : "as of step " + step;
  return make("section", { class: step === current ? "panel new" : "panel" },
    make("h3", {}, title, make("small", {}, when)), ...content);
}

function stopPanel({ value: stop, step }) {
  const fields = stop.parts.map(part => make("li", {},
    make("span", { class: "range" }, part.range),
    make("code", { class: "bits" }, part.bits),
    make("span", { class: "says" }, part.says || "\u2013")));
  return panel("Wait status " + stop.status, step,
    make("p", {}, make("strong", {}, stop.name), stop.code ? ", " + stop.code : ""),
    make("ul", { class: "status" }, ...fields), make("p", { class: "small" }, stop.says));
}

function regsPanel({ value: regs, step }) {
  const cells = regs.names.map((name, i) => {
    const changed = regs.changed.includes(name);
    return make("li", changed ? { class: "changed" } : {},
      make("span", {}, name), make("code", {}, regs.values[i]), changed ? make("em", {}, "changed") : "");
  });
  return panel("Registers", step, make("ul", { class: "regs" }, ...cells));
}

function codePanel(program, { value: rip, step }) {
  const code = run.code[program] || [];
  const here = code.findIndex(line => line.addr === rip);
  if (here < 0) return null;
  const lines = code.slice(Math.max(0, here - 3), here + 5).map(line => make("tr",
    line.addr === rip ? { class: "here" } : {},
    make("td", {}, line.addr === rip ? "rip" : ""), make("td", {}, line.addr),
    make("td", { class: "label" }, line.label || ""), make("td", {}, line.text)));
  return panel("Instructions around rip, in " + program, step, make("table", { class: "code" }, make("tbody", {}, ...lines)));
}

function memoryPanel({ value: rows, step }) {
  return panel("Memory that was read", step, make("pre", { class: "wrap" },
    rows.map(row => `${row.addr}  ${row.bytes}  ${row.text}`).join("\n")));
}

// sourcePanel shows the lines of the lesson around the one that made the call.
function sourcePanel(step) {
  const [file, line] = step.at.split(":");
  const lines = run.source[file] || [];
  const from = Math.max(0, line - 4);
  const list = make("ol", { class: "lines", start: from + 1 });
  lines.slice(from, Number(line) + 3).forEach((html, i) => {
    const item = make("li", from + i + 1 === Number(line) ? { class: "here" } : {});
    item.innerHTML = html || " "; // made by ptwalk from its own source
    list.append(item);
  });
  return panel("The lesson, " + step.at, current, list);
}

function ask(question) {
  const box = make("section", { class: "ask" }, make("h3", {}, question.question));
  const said = make("p", { class: "verdict" });
  const show = () => {
    const chosen = answers.get(question);
    if (chosen === undefined) return;
    const right = question.right;
    said.replaceChildren(make("strong", {}, chosen === right ? "Right. " : "Not so. "), question.answers[chosen].why);
    if (right < 0) said.append(" In this run none of the answers fits.");
    else if (chosen !== right) said.append(` The run answers: ${question.answers[right].text}. ${question.answers[right].why}`);
    box.querySelectorAll("button").forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
  };
  question.answers.forEach((answer, i) => {
    const button = make("button", { type: "button", "aria-pressed": "false" }, "abcdefgh"[i] + ") " + answer.text);
    button.addEventListener("click", () => { answers.set(question, i); show(); });
    box.append(button);
  });
  box.append(said);
  show();
  return box;
}

function show(n) {
  current = Math.min(Math.max(1, n), run.steps.length);
  const step = run.steps[current - 1];
  const section = run.sections[step.section];
  at("section").textContent = `${section.number}. ${section.title}`;
  at("before").innerHTML = (step.before || []).join(""); // made by ptwalk
  at("by").textContent = step.by;
  at("call").textContent = `${step.call} = ${step.result}`;
  at("call").dataset.event = step.event;
  at("call").classList.toggle("failed", Boolean(step.failed));
  at("purpose").textContent = [step.folds, step.purpose, step.failed].filter(Boolean).join(" ");
  at("after").innerHTML = (step.ran ? `<p class="note"><code>${step.ran.text}</code> was executed. ${step.ran.meaning}</p>` : "")
    + (step.after || []).join("");
  at("ask").replaceChildren(...(step.ask || []).map(ask));
  const known = state(current);
  at("panels").replaceChildren(...[
    known.stop && stopPanel(known.stop),
    sourcePanel(step),
    known.rip && codePanel(known.program, known.rip),
    known.regs && regsPanel(known.regs),
    known.memory && memoryPanel(known.memory),
    known.output && panel("The tracee's output", known.outputStep, make("pre", { class: "wrap" }, known.output)),
  ].filter(Boolean));
  at("link").textContent = `Step ${current} of ${run.steps.length}`;
  at("link").href = "#step-" + current;
  for (const id of ["first", "previous"]) at(id).setAttribute("aria-disabled", String(current === 1));
  for (const id of ["next", "last"]) at(id).setAttribute("aria-disabled", String(current === run.steps.length));
  at("tape").querySelectorAll("i").forEach((cell, i) => cell.classList.toggle("now", i === current - 1));
  at("sections").querySelectorAll("a").forEach((a, i) =>
    i === step.section ? a.setAttribute("aria-current", "step") : a.removeAttribute("aria-current"));
}

// go shows a step and puts it into the address, so that it can be copied.
function go(n) {
  show(n);
  history.replaceState(null, "", "#step-" + current);
}

function fromAddress() {
  const match = /^#step-(\d+)$/.exec(location.hash);
  show(match ? Number(match[1]) : 1);
}

const moves = {
  first: () => go(1),
  previous: () => go(current - 1),
  next: () => go(current + 1),
  last: () => go(run.steps.length),
};
for (const [id, move] of Object.entries(moves)) at(id).addEventListener("click", move);

const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
document.addEventListener("keydown", event => {
  const move = keys[event.key];
  if (!move || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  moves[move]();
});

for (const section of run.sections) {
  at("sections").append(make("li", {}, make("a", { href: "#step-" + section.first }, `${section.number}. ${section.title}`)));
}
at("tape").append(...run.steps.map(step => make("i", { class: step.kind + (step.failed ? " failed" : "") })));
window.addEventListener("hashchange", fromAddress);
fromAddress();
