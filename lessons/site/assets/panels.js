// The panels of a step: each draws one thing that is known, at a place of its
// own. ptwalk site.
"use strict";

// panel is a box with a heading that says how old its content is: of which step,
// and whether the tracee has run since.
function panel(kind, title, { step, old }, now, ...content) {
  const age = step === now ? "new in this step" : (old ? "old: it has run since step " : "as of step ") + step;
  return make("section", { class: `panel ${kind}` + (step === now ? " new" : "") + (old ? " old" : "") },
    make("h3", {}, title, " ", make("small", {}, age)), ...content);
}

// emptyPanel keeps the place of one that has nothing to show yet.
function emptyPanel(kind, title) {
  return make("section", { class: `panel ${kind} empty` }, make("h3", {}, title, " ", make("small", {}, "not known yet")));
}

// stopPanel draws the wait status bit by bit, cut into its fields.
function stopPanel({ value: stop, step }, now) {
  const fields = stop.parts.map(part => make("li", {},
    make("span", { class: "range" }, part.range),
    make("code", { class: "bits" }, ...[...part.bits].map(bit => make("i", bit === "1" ? { class: "one" } : {}, bit))),
    make("span", { class: "says" }, part.says || "\u2013")));
  return panel("of-status", "Wait status " + stop.status, { step }, now,
    make("p", {}, make("strong", {}, stop.name), stop.code ? ", " + stop.code : "", " ", make("span", { class: "small" }, stop.says)),
    make("ul", { class: "status" }, ...fields));
}

// register is one of them; one that differs from when it was read before says so,
// and one that was read alone since then has that value and its step.
function register(regs, i, word) {
  const name = regs.names[i];
  const cell = make("li", {}, make("span", {}, name), make("code", {}, word ? word.value : regs.values[i]));
  if (word) {
    cell.className = word.old ? "word" : "word changed";
    cell.append(make("em", {}, "of step " + word.step));
    return cell;
  }
  if (regs.changed.includes(name)) {
    const was = regs.was[name];
    cell.className = "changed";
    cell.append(make("em", {}, was ? "was " + was : "changed"));
  }
  return cell;
}

const always = ["rip", "rsp", "rax", "orig_rax", "rdi", "rsi", "rdx"]; // the ones that most is about

// regsPanel shows what has changed and what the text is about, and all others
// behind them.
function regsPanel(known, words, now) {
  const regs = known.value;
  const first = name => name in words || regs.changed.includes(name) || (regs.show ?? []).includes(name);
  const cell = i => register(regs, i, words[regs.names[i]]);
  const order = regs.names.map((name, i) => i);
  const front = order.filter(i => first(regs.names[i]) || always.includes(regs.names[i]));
  front.sort((a, b) => first(regs.names[b]) - first(regs.names[a]));
  const rest = order.filter(i => !front.includes(i));
  const all = make("details", {}, make("summary", {}, `${rest.length} more`),
    make("ul", { class: "regs" }, ...rest.map(cell)));
  all.open = regsOpen;
  all.addEventListener("toggle", () => { regsOpen = all.open; });
  return panel("of-regs", "Registers", known, now, make("ul", { class: "regs" }, ...front.map(cell)), rest.length > 0 ? all : "");
}

let regsOpen = false; // the others are shown

// codePanel shows the instructions around rip, or nothing where the file of the
// program is not one of ours.
function codePanel(program, known, now) {
  const rip = known.value;
  const code = run.code[program] || [];
  const here = code.findIndex(line => line.addr === rip);
  if (here < 0) return null;
  const waits = openQuestion(stepAt(now)) !== null; // and what comes next may answer it
  const rows = [];
  for (const line of code.slice(Math.max(0, here - 2), here + (waits ? 1 : 4))) {
    if (line.label) rows.push(make("tr", {}, make("td"), make("td", { colspan: 2 }, line.label + ":")));
    const isHere = line.addr === rip;
    rows.push(make("tr", isHere ? { class: "here" } : {},
      make("td", {}, isHere ? "rip" : ""), make("td", {}, line.addr), make("td", {}, line.text)));
  }
  return panel("of-code", "Code at rip, " + program, known, now, make("table", { class: "code" }, make("tbody", {}, ...rows)));
}

// memoryRows cuts bytes into words: the address, the bytes, and those that are
// letters.
function memoryRows({ addr, bytes }) {
  return (bytes.match(/.{1,16}/g) ?? []).map((word, i) => {
    const pairs = word.match(/../g);
    const text = pairs.map(pair => String.fromCharCode(parseInt(pair, 16))).join("").replace(/[^ -~]/g, ".");
    return `0x${(BigInt(addr) + 8n * BigInt(i)).toString(16)}  ${pairs.join(" ").padEnd(23)}  ${text}`;
  });
}

function memoryPanel(known, now) {
  return panel("of-memory", "Memory that was read", known, now, make("pre", { class: "wrap", tabindex: 0, role: "group", "aria-label": "Bytes" }, known.value.flatMap(memoryRows).join("\n")));
}

function outputPanel(output, step, now) {
  return panel("of-output", "The tracee's output", { step }, now, make("pre", { class: "wrap", tabindex: 0, role: "group", "aria-label": "Output" }, output));
}

// panelsOf is all panels of step n, always in the same order.
function panelsOf(n) {
  const known = knownAt(n);
  return [
    sourcePanel(n),
    known.stop ? stopPanel(known.stop, n) : emptyPanel("of-status", "Wait status"),
    known.regs ? regsPanel(known.regs, known.words, n) : emptyPanel("of-regs", "Registers"),
    known.rip && codePanel(known.program, known.rip, n) || emptyPanel("of-code", "Code at rip"),
    known.memory ? memoryPanel(known.memory, n) : emptyPanel("of-memory", "Memory that was read"),
    known.output ? outputPanel(known.output, known.outputStep, n) : emptyPanel("of-output", "The tracee's output"),
  ];
}
