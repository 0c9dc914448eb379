// The panels under a step: each draws one thing that is known. ptwalk site.
"use strict";

// make builds an element: its name, its attributes, and what is in it.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// panel is a box with a heading that says how old its content is.
function panel(title, told, now, ...content) {
  const age = told === now ? "new in this step" : "as of step " + told;
  return make("section", { class: told === now ? "panel new" : "panel" },
    make("h3", {}, title, " ", make("small", {}, age)), ...content);
}

// stopPanel draws the wait status bit by bit, cut into its fields.
function stopPanel({ value: stop, step }, now) {
  const fields = stop.parts.map(part => make("li", {},
    make("span", { class: "range" }, part.range),
    make("code", { class: "bits" }, ...[...part.bits].map(bit => make("i", bit === "1" ? { class: "one" } : {}, bit))),
    make("span", { class: "says" }, part.says || "\u2013")));
  return panel("Wait status " + stop.status, step, now,
    make("p", {}, make("strong", {}, stop.name), stop.code ? ", " + stop.code : ""),
    make("ul", { class: "status" }, ...fields),
    make("p", { class: "small" }, stop.says));
}

// regsPanel marks each register that differs from when it was read before.
function regsPanel({ value: regs, step }, now) {
  const cells = regs.names.map((name, i) => {
    const cell = make("li", {}, make("span", {}, name), make("code", {}, regs.values[i]));
    if (regs.changed.includes(name)) {
      const was = regs.was[name];
      cell.className = "changed";
      cell.append(make("em", {}, was ? "changed, was " + was : "changed"));
    }
    return cell;
  });
  return panel("Registers", step, now, make("ul", { class: "regs" }, ...cells));
}

// codePanel shows the instructions around rip, or nothing where the file of the
// program is not one of ours.
function codePanel(program, { value: rip, step }, now) {
  const code = run.code[program] || [];
  const here = code.findIndex(line => line.addr === rip);
  if (here < 0) return null;
  const rows = [];
  for (const line of code.slice(Math.max(0, here - 3), here + 5)) {
    if (line.label) rows.push(make("tr", {}, make("td"), make("td", { colspan: 2 }, line.label + ":")));
    const isHere = line.addr === rip;
    rows.push(make("tr", isHere ? { class: "here" } : {},
      make("td", {}, isHere ? "rip" : ""), make("td", {}, line.addr), make("td", {}, line.text)));
  }
  return panel("Instructions around rip, in " + program, step, now,
    make("table", { class: "code" }, make("tbody", {}, ...rows)));
}

function memoryPanel({ value: rows, step }, now) {
  const lines = rows.map(row => `${row.addr}  ${row.bytes}  ${row.text}`);
  return panel("Memory that was read", step, now, make("pre", { class: "wrap" }, lines.join("\n")));
}

function outputPanel(output, step, now) {
  return panel("The tracee's output", step, now, make("pre", { class: "wrap" }, output));
}

// sourcePanel shows the lines of the lesson around the one that made the call.
function sourcePanel(step) {
  const [file, line] = step.at.split(":");
  const from = Math.max(0, line - 4);
  const list = make("ol", { class: "lines", start: from + 1 });
  (run.source[file] || []).slice(from, Number(line) + 3).forEach((html, i) => {
    const item = make("li", from + i + 1 === Number(line) ? { class: "here" } : {});
    item.innerHTML = html || " "; // made by ptwalk from its own source
    list.append(item);
  });
  return make("section", { class: "panel new", id: "source", tabindex: -1 }, make("h3", {}, "The lesson, " + step.at), list);
}

// panelsOf is all panels of step n.
function panelsOf(n) {
  const known = knownAt(n);
  return [
    known.stop && stopPanel(known.stop, n),
    sourcePanel(stepAt(n)),
    known.rip && codePanel(known.program, known.rip, n),
    known.regs && regsPanel(known.regs, n),
    known.memory && memoryPanel(known.memory, n),
    known.output && outputPanel(known.output, known.outputStep, n),
  ].filter(Boolean);
}
