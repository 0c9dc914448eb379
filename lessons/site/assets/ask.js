// Predictions: a question is asked, and each answer has a sentence of its own
// for the one who chose it. ptwalk site.
"use strict";

const answers = new Map(); // question -> index of the answer that was chosen, or none
const none = -1; // somebody wants to see the answer without a guess

// verdict is what is said about an answer.
function verdict(question, chosen) {
  const right = question.answers[question.right];
  const said = [];
  if (chosen !== none) said.push(make("strong", {}, chosen === question.right ? "Right. " : "Not so. "), question.answers[chosen].why);
  if (!right) said.push(" In this run none of the answers fits.");
  else if (chosen !== question.right) said.push(` The run answers: ${right.text}. ${right.why}`);
  return said;
}

// ask makes the box of a question, and calls answered when it has an answer. It
// remembers an earlier one.
function ask(question, answered) {
  const said = make("p", { class: "verdict", role: "status" });
  const buttons = question.answers.map((answer, i) =>
    make("button", { type: "button", "aria-pressed": "false" }, letter(i) + ") " + answer.text));
  const choose = chosen => {
    answers.set(question, chosen);
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
    said.replaceChildren(...verdict(question, chosen));
    answered();
  };
  const show = make("button", { type: "button", class: "show" }, "Show the answer");
  show.addEventListener("click", () => choose(none));
  buttons.forEach((button, i) => button.addEventListener("click", () => choose(i)));
  if (answers.has(question)) choose(answers.get(question));
  return make("section", { class: "ask" }, make("h3", {}, question.question), ...buttons, show, said);
}

function letter(i) { return "abcdefgh"[i]; }

// openQuestion is the box of the first question of the step that has no answer.
function openQuestion(step) {
  const i = (step.ask || []).findIndex(question => !answers.has(question));
  return i < 0 ? null : document.querySelectorAll(".ask")[i];
}
